"""What people say that must not be kept: the bot says that it left it out, still answers, and nothing of it is stored."""

import logging
from pathlib import Path

import pytest

from adapters.wiring import House
from storage.tables import metadata
from tests.fakes.slack import FakeSlack, SlackClient
from tests.fakes.teams import FakeTeams, TeamsClient, actions_of, card_of
from tests.talk import Talk

PLANTED = (
    "Ambleforth", "07700 900123", "quillfeather@example.com", "C9183Y", "QQ123456C", "943 476 5919", "55779911",
    "dementia", "crackhead", "strangled", "12/03/1951", "Poppy",
)  # fmt: skip
SAID = (
    "Mrs Ambleforth in flat 3 wants a call about the bath",
    "ring 07700 900123 or quillfeather@example.com",
    "key safe is C9183Y round the side",
    "his ni is QQ123456C and nhs 943 476 5919",
    "refund to sort code 20-00-00 55779911",
    "lady at 22 has dementia, what do i do",
    "crackhead at number 4",
    "her boyfriend strangled her last week she said",
    "dob 12/03/1951",
    "daughter Poppy, 7, let me in",
)


async def test_the_bot_says_what_it_left_out_and_answers_all_the_same(talk: Talk) -> None:
    heard = await talk.say("lady at 22 has dementia so how do i talk to her, does the standard say")
    assert "Not kept: health. Private details stay off the record." in heard.text
    assert "RR3" in heard.text or "CE3" in heard.text


async def test_a_danger_is_heard_in_words_that_are_not_kept(talk: Talk) -> None:
    heard = await talk.say("her boyfriend strangled her last week she told me just now")
    assert "Someone is being hurt" in heard.text or "abuse" in heard.text.lower() or "RR6" in heard.text


async def test_nothing_planted_is_in_database_files_or_logs(
    house: House,
    slack: FakeSlack,
    client: SlackClient,
    teams: FakeTeams,
    teams_client: TeamsClient,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    for number, text in enumerate(SAID):
        await client.send_event(client.message(text, f"U{number}"))
        await slack.next()
        await client.send_event(client.message("ask a trainer", f"U{number}"))
        await teams_client.post(teams_client.message(f"ask a trainer: {text}", f"V{number}"))
        await teams.next()
        await teams_client.post(teams_client.message("cancel", f"V{number}"))
        await teams.next()
    await teams_client.post(teams_client.message("ask a trainer"))
    _, _, form = await teams.next()
    while "Send" not in actions_of(card_of(form)):
        _, _, form = await teams.next()
    send = actions_of(card_of(form))["Send"]
    await teams_client.post(teams_client.tap({**send, "question": " and ".join(SAID)}, form["id"]))
    await teams.next()
    rows = await house.store.run(
        lambda c: [str(row) for table in metadata.tables.values() for row in c.execute(table.select())]
    )
    stored = "\n".join(rows).encode() + b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert len(stored) > 10_000
    assert [secret for secret in PLANTED if secret.encode() in stored] == []
    assert [secret for secret in PLANTED if secret in logged] == []
