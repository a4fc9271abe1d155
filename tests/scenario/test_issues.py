"""Logging what was seen and following it until the resident was told, on every platform."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from aiohttp import ClientSession

from adapters.exports import write_csv, write_open311, write_xlsx
from adapters.wiring import House
from content import Pack
from storage.register import Row, Wanted, every_issue
from storage.store import Store
from storage.tables import table
from storage.work_tables import Issue
from tests.conftest import Clock
from tests.talk import Heard, Talk, WebTalk


async def test_one_message_is_a_receipt_with_place_kind_and_due_time(talk: Talk) -> None:
    heard = await talk.say("log damp bedroom wall flat 12 orchard court big patch")
    assert heard.title == "Logged OAK-2 · Damp or mould"
    assert "Where: flat 12 orchard court · bedroom" in heard.text
    assert "P2, so due by" in heard.text
    assert "Not settled, check with your office: Awaab's Law investigation: by" in heard.text
    assert "The landlord decides." in heard.text


async def test_damp_is_urgent_where_breathing_a_baby_or_a_lot_of_it_is_told_of(talk: Talk) -> None:
    heard = await talk.say("log mould round the cot at 22 the ridings, baby coughing")
    assert "Damp or mould" in heard.title
    assert "P1, so due by" in heard.text
    assert "Put at P1: breathing, a small child" in heard.text
    assert "Where: 22 the ridings" in heard.text
    await talk.tap("Wrong kind")
    assert "P3, so due by" in (await talk.tap("New repair")).text
    assert "P1, so due by" in (await talk.say("no, it's damp")).text


async def test_it_is_put_right_in_words_and_by_tap(talk: Talk) -> None:
    await talk.say("leak 14b kitchen bad")
    heard = await talk.say("no, flat 12 not 21")
    assert "Where: flat 12 · kitchen" in heard.text
    assert "bathroom" in (await talk.say("it's the bathroom")).text
    await talk.tap("Wrong kind")
    heard = await talk.tap("Damp or mould")
    assert "Damp or mould" in heard.title
    assert "Awaab's Law investigation" in heard.text


async def test_what_is_missing_is_asked_for_and_it_is_logged_all_the_same(talk: Talk) -> None:
    heard = await talk.say("log bathroom fan dead")
    assert "Logged OAK-2" in heard.title
    assert "Where is it?" in heard.text
    assert "Where: 14 Elm Court · bathroom" in (await talk.say("14 Elm Court")).text


async def test_who_only_says_that_they_want_to_log_is_asked_what(talk: Talk) -> None:
    heard = await talk.say("i want to log something")
    assert "Logged" not in heard.title
    assert "Logged OAK-2" in (await talk.say("the hinge thing at number 4 again")).title
    await talk.say("new issue")
    assert "Logged" not in (await talk.say("RR2")).title
    assert "Logged" not in (await talk.say("can i use the loo?")).title  # the question in between closed it
    await talk.say("log a job")
    assert (await talk.say("cancel")).title == "Stopped"
    assert "Logged" not in (await talk.say("shoe covers in the hall")).title


async def test_a_line_that_denies_something_is_no_word_about_the_issue_on_screen(talk: Talk) -> None:
    await talk.say("log no access at 72 hill road")
    heard = await talk.say("shes not happy with the noise, flat 4 dee house")
    assert "Compliment" not in heard.title
    assert "Where: 72 hill road" not in heard.text
    await talk.say("log a job")
    assert "Logged" in (await talk.say("it's damp in the hall")).title


async def test_log_that_is_about_what_was_said_before(talk: Talk) -> None:
    await talk.say("shes fed up with the lads leaving the gate open, can i tell her sorry")
    heard = await talk.say("log that")
    assert "Logged OAK-2" in heard.title
    assert "gate open" in heard.text


async def test_what_may_have_been_a_question_is_a_tap_away_from_its_standard(talk: Talk) -> None:
    heard = await talk.say("lad in dirty boots on her carpet without shoe covers, put it down for me")
    assert heard.title.startswith("Logged OAK-2")
    says = next(label for label in heard.buttons if re.fullmatch(r"What \w+ says", label))
    assert (await talk.tap(says)).title.startswith(says.split()[1])


async def test_what_names_a_place_or_says_log_is_no_question(talk: Talk) -> None:
    for text in ("leak 14b kitchen bad", "log broken handrail and bits of glass all down the stairs"):
        heard = await talk.say(text)
        assert heard.title.startswith("Logged"), text
        assert not [label for label in heard.buttons if re.fullmatch(r"What \w+ says", label)]


async def test_undo_takes_it_out_and_my_issues_says_so(talk: Talk) -> None:
    await talk.say("log mould flat 3 Elm Court")
    assert "OAK-2: Damp or mould, flat 3 Elm Court, new" in (await talk.say("my issues")).text
    await talk.say("log no heating flat 4 Elm Court")
    assert (await talk.say("undo")).title == "Taken out"
    heard = await talk.say("my issues")
    assert heard.title == "Your open issues: 1"


async def test_forget_that_takes_the_last_issue_too_and_news_are_of_ones_own(talk: Talk) -> None:
    await talk.say("log mould flat 3 Elm Court")
    assert "OAK-2" in (await talk.say("any news on that mould")).text
    assert "Your last issue is gone." in (await talk.say("forget that")).text
    assert (await talk.say("my issues")).title == "Your open issues: 0"


async def test_an_unhappy_resident_is_given_the_choice_and_it_starts_the_clocks(talk: Talk) -> None:
    heard = await talk.say("log leak at 9 Mill Lane, lady fuming, third time nobody came")
    assert "put right, or pass it on as a complaint?" in heard.text
    heard = await talk.tap("Pass on as a complaint")
    assert "Complaint acknowledged: by" in heard.text
    heard = await talk.tap("What happened")
    assert "complaint complaint" in heard.text


async def test_two_things_in_one_message_become_two_issues(talk: Talk) -> None:
    heard = await talk.say("log mould in the bedroom flat 2 Oak Court; stairwell lights out block B")
    assert "Also logged: ZEBRA-2 Shared area" in heard.text


async def test_the_same_thing_again_is_noticed_and_merged_in_one_tap(talk: Talk) -> None:
    await talk.say("log damp flat 12 Orchard Court")
    heard = await talk.say("log mould flat 12 orchard crt")
    assert "This looks like OAK-2" in heard.text
    heard = await talk.tap("Same thing")
    assert heard.title.startswith("OAK-2")
    assert "ZEBRA-2 is the same thing" in heard.text
    assert (await talk.say("my issues")).title == "Your open issues: 1"
    assert (await talk.say("zebra 2")).title.startswith("OAK-2")


async def test_the_same_thing_that_a_colleague_logged_is_merged_without_showing_theirs(
    house: House, session: ClientSession, web_talk: WebTalk
) -> None:
    await web_talk.say("log damp flat 12 Orchard Court, big patch by the cot")
    colleague = _as(house, session, "trainer")
    heard = await colleague.say("log mould flat 12 orchard crt")
    assert "This looks like OAK-2" in heard.text
    heard = await colleague.tap("Same thing")
    assert "ZEBRA-2 is the same thing as OAK-2" in heard.text
    assert "cot" not in heard.text
    assert "isn't yours to see" in (await colleague.say("oak 2")).text
    assert (await colleague.say("zebra 2")).title.startswith("ZEBRA-2")
    assert (await web_talk.hear()).title == "OAK-2 is now new"
    assert "merge ZEBRA-2" in (await web_talk.say("story oak 2")).text


async def test_a_promise_is_kept_and_settled(talk: Talk) -> None:
    await talk.say("log gutter down 14 Elm Court")
    heard = await talk.say("told her back thursday 10")
    assert "Promised: back thursday 10, by 10:00 Thu" in heard.text
    assert "OAK-2: back thursday 10" in (await talk.say("my promises")).text
    assert (await talk.tap("Kept")).title == "Promises open: 0"


async def test_only_the_phone_reference_of_a_safeguarding_report_is_kept(house: House, talk: Talk) -> None:
    heard = await talk.say("log phoned DSL 10:42, ref 118, the boy at 3 Mill Lane has bruises")
    if "Logged" not in heard.title:  # the abuse card comes first, and rightly so
        assert "Carry on" not in heard.buttons
        heard = await talk.say("log phoned DSL 10:42, ref 118")
    assert "“Phoned 10:42 ref 118”" in heard.text
    rows = await _issues(house)
    assert [row["text"] for row in rows] == ["Phoned 10:42 ref 118"]
    assert rows[0]["place"] is None


async def test_no_access_never_closes_a_job(house: House, session: ClientSession, web_talk: WebTalk) -> None:
    admin = _as(house, session, "admin")
    await web_talk.say("log no access 14 Elm Court carded")
    heard = await admin.say("oak 2 fixed")
    assert "No access never closes a job" in heard.text
    assert "Fixed" not in heard.buttons
    await admin.say("oak 2 in progress")
    assert "OAK-2 · No access · fixed" in (await admin.say("oak 2 fixed")).title


async def test_it_is_followed_until_the_resident_was_told_and_the_reporter_hears_of_it_in_one_message(
    house: House, session: ClientSession, web_talk: WebTalk
) -> None:
    admin = _as(house, session, "admin")
    await web_talk.say("log gutter down 14 Elm Court")
    await admin.say("oak 2")
    await admin.tap("Acknowledge")
    first = await web_talk.hear()
    assert first.title == "OAK-2 is now acknowledged"
    await admin.tap("Fixed")
    second = await web_talk.hear()
    assert (second.title, second.message) == ("OAK-2 is now fixed", first.message)
    heard = await admin.say("oak 2")
    assert "Close it" not in heard.buttons
    await admin.tap("Resident told")
    heard = await admin.tap("Close it")
    assert heard.title == "OAK-2 · New repair · closed"


async def test_after_the_investigation_the_clocks_that_follow_start_and_closing_meets_them(
    house: House, session: ClientSession, web_talk: WebTalk
) -> None:
    admin = _as(house, session, "admin")
    await web_talk.say("log mould flat 12 Orchard Court")
    assert "Investigated" not in (await web_talk.say("oak 2")).buttons
    await admin.say("oak 2")
    heard = await admin.tap("Investigated")
    assert "Awaab's Law investigation" not in heard.text
    for name in ("Awaab's Law summary: by", "Awaab's Law make safe: by", "Awaab's Law further work: by"):
        assert name in heard.text
    for line in ("oak 2 fixed", "oak 2 told her"):
        await admin.say(line)
    heard = await admin.say("close oak 2")
    assert heard.title == "OAK-2 · Damp or mould · closed"
    assert "Awaab's Law" not in heard.text
    assert (await admin.say("reopen oak 2")).title.endswith("in progress")


async def test_of_two_supervisors_the_later_one_is_told_what_changed_under_them(
    house: House, session: ClientSession, web_talk: WebTalk
) -> None:
    admin, supervisor = _as(house, session, "admin"), _as(house, session, "supervisor")
    await supervisor.say("log gutter down 14 Elm Court")
    seen = await supervisor.say("oak 2")
    await admin.say("oak 2")
    await admin.tap("Acknowledge")
    heard = await supervisor.tap("Fixed", seen)
    while "changed meanwhile" not in heard.text:
        heard = await supervisor.hear()
    assert "set it to acknowledged" in heard.text
    assert "OAK-2 · New repair · acknowledged" in heard.title


async def test_somebody_elses_issue_is_not_shown_and_a_list_says_who_may_see_it(
    house: House, session: ClientSession, web_talk: WebTalk
) -> None:
    await _as(house, session, "admin").say("log racist comments by a labourer at 3 Mill Lane")
    assert "isn't yours to see" in (await web_talk.say("oak 2")).text
    assert "an RLO" in (await web_talk.say("open issues")).text or "rlo" in (await web_talk.say("open issues")).text
    assert "OAK-2" in (await _as(house, session, "admin").say("open issues")).text


@pytest.mark.parametrize("line", ["open damp over 3 days", "overdue issues", "unassigned issues today"])
async def test_a_list_is_narrowed_in_words(house: House, session: ClientSession, web_talk: WebTalk, line: str) -> None:
    admin = _as(house, session, "admin")
    await web_talk.say("log damp flat 12 Orchard Court")
    await web_talk.say("log gutter down 14 Elm Court")
    heard = await admin.say(line)
    assert heard.title == ("Issues: 2" if "unassigned" in line else "Issues: 0")


def _as(house: House, session: ClientSession, role: str) -> WebTalk:
    return WebTalk(house.page, house.address, session, lambda: None, role)  # type: ignore[attr-defined]


async def _issues(house: House) -> list[dict[str, object]]:
    issue = table(Issue)
    store: Store = house.store
    return await store.run(lambda connection: [dict(row) for row in connection.execute(issue.select()).mappings()])


async def test_issues_get_out_as_csv_xlsx_and_open311_without_what_is_restricted(
    house: House, web_talk: WebTalk, pack: Pack, tmp_path: Path
) -> None:
    await web_talk.say("log damp flat 12 Orchard Court E8 1AB")
    await web_talk.say("log racist comments by a labourer at 3 Mill Lane")
    await web_talk.say("log gutter down 14 Elm Court, =SUM(A1) written on it")
    rows = await house.store.run(lambda connection: list(every_issue(connection, Wanted())))
    assert [row.category for row in rows] == ["HZ-DAMP", "RP-NEW"]
    plain = io.StringIO()
    assert write_csv(rows, pack, plain) == 2
    table_ = list(csv.DictReader(io.StringIO(plain.getvalue())))
    assert (table_[0]["reference"], table_[0]["place"], table_[0]["postcode"]) == ("OAK-2", "flat 12 Orchard Court", "E8 1AB")
    assert write_xlsx(rows, pack, tmp_path / "issues.xlsx") == 2
    sheet = openpyxl.load_workbook(tmp_path / "issues.xlsx").active
    assert [cell.value for cell in sheet[2]][:4] == ["OAK-2", None, "HZ-DAMP", "Damp or mould"]
    requests = io.StringIO()
    assert write_open311(rows, pack, requests) == 2
    first = json.loads(requests.getvalue())[0]
    assert (first["service_request_id"], first["status"], first["service_code"]) == ("OAK-2", "open", "HZ-DAMP")


def test_a_cell_that_looks_like_a_formula_is_kept_as_text(pack: Pack) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    row = Row(1, "t", "", 0, "RP-NEW", "P3", "", "", "", "=1+1", "", "new", "", "P1", "", now, now, None, None)
    out = io.StringIO()
    write_csv([row], pack, out)
    assert "'=1+1" in out.getvalue()


async def test_time_is_added_stopped_and_given_back_with_its_reason(house: House, session: ClientSession, clock: Clock) -> None:
    web_talk = _as(house, session, "supervisor")
    ref = _ref(await web_talk.say("log gutter down at 14 Elm Court"))
    assert "working days more" in (await web_talk.say(f"extend {ref} 2 days awaiting parts")).text
    assert "Say how many working days" in (await web_talk.say(f"extend {ref} 2 days")).text
    assert "stands still" in (await web_talk.say(f"pause {ref} sample at the lab")).text
    assert "Paused since" in (await web_talk.say(f"status {ref}")).text
    await web_talk.silence()
    clock.move(days=3)
    assert "later by as long" in (await web_talk.say(f"resume {ref}")).text
    assert "Changed to P1" in (await web_talk.say(f"{ref} p1")).text
    assert "no priority P9" in (await web_talk.say(f"make {ref} P9")).text
    story = (await web_talk.say(f"history {ref}")).text
    for line in ("extend 2 working days: awaiting parts", "pause sample at the lab", "resume", "priority P3 to P1"):
        assert line in story


async def test_a_chase_asks_whose_turn_it_is(web_talk: WebTalk) -> None:
    ref = _ref(await web_talk.say("log gutter down at 14 Elm Court"))
    assert "nobody to chase" in (await web_talk.say(f"chase {ref}")).text


def _ref(heard: Heard) -> str:
    found = re.search(r"[A-Z]{3,9}-\d+", heard.text)
    assert found, heard.text
    return found[0]
