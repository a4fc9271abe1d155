"""Tips that trainers send, the question each carries, and quizzes that come back until they are known."""

from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession

from adapters.wiring import House
from bot.contract import ContractFile
from bot.quiz import next_question, questions_of
from content import Pack
from storage import people, roster
from storage.store import Connection
from tests.conftest import Clock
from tests.talk import Talk, WebTalk

TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ROLES = ("operative", "rlo", "trainer")


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.ahead = TUESDAY - datetime.now(UTC)
    return clock


@pytest.fixture
async def crew(house: House, session: ClientSession) -> dict[str, WebTalk]:
    """An operative, a liaison officer and a trainer on one contract."""
    crew = {role: WebTalk(house.page, house.address, session, lambda: None, role) for role in ROLES}  # type: ignore[attr-defined]
    for talk in crew.values():
        await talk.say("hello")

    def place(connection: Connection) -> None:
        now = house.clock()
        tenant = people.tenant_id(connection, "web", "playground", now)
        made = ContractFile(name="North")
        contract = roster.put_contract(connection, tenant, made.name, made.columns(), made.settings(), now)
        team = roster.put_team(connection, tenant, contract, "Gas", None)
        for member in roster.members(connection, tenant):
            roster.join(connection, tenant, member.id, team, None, now)

    await house.store.run(place)
    return crew


async def test_a_trainer_sees_it_as_others_will_and_how_many_get_it_then_it_lands(
    house: House, crew: dict[str, WebTalk]
) -> None:
    trainer, operative = crew["trainer"], crew["operative"]
    heard = await trainer.say("push a tip on shoe covers to operatives")
    assert heard.title == "Tip · RR2 · Treat the home like it matters"
    assert "To 1 people, now." in heard.text
    assert "On its way to 1 people" in (await trainer.tap("Send it")).text
    await house.worker.go_round()
    got = await operative.hear()
    assert "Tip · RR2" in got.title
    assert "Do, or don't?" in got.text
    await crew["rlo"].silence()
    heard = await operative.tap("Do")
    assert "Not quite. Here is RR2" in heard.text
    heard = await operative.tap("Don't")
    assert "Right. That is RR2." in heard.text
    assert "1 RR2: sent, reached 1, answered 1, right at once 0, not reached 0" in (await trainer.say("tips")).text
    await house.worker.go_round()
    await operative.silence()


async def test_a_time_and_quiet_hours_hold_and_what_nobody_got_in_two_days_counts_as_not_reached(
    house: House, clock: Clock, crew: dict[str, WebTalk]
) -> None:
    trainer, operative = crew["trainer"], crew["operative"]
    heard = await trainer.say("tip RR4 tomorrow 7.30")
    assert "Wed 25 Nov 07:30" in heard.text
    await trainer.tap("Send it")
    await operative.say("stop tips")
    await house.worker.go_round()
    await crew["rlo"].silence()
    clock.move(hours=11)  # quiet
    await house.worker.go_round()
    await crew["rlo"].silence()
    clock.move(hours=11)
    await house.worker.go_round()
    assert "Tip · RR4" in (await crew["rlo"].hear()).title
    await operative.silence()
    assert (await operative.say("start tips again")).text.startswith("Tips")


async def test_own_words_are_checked_and_what_speaks_of_danger_needs_a_second_trainer(crew: dict[str, WebTalk]) -> None:
    trainer = crew["trainer"]
    assert "Cut 20 characters" in (await trainer.say("tip say " + "a" * 300)).text
    bare = "tip say If you smell nothing odd, still test the gas alarm on every job."
    for unsourced in (bare, "tip say See to it that covers go on from the door: so says the law."):
        assert "where that comes from" in (await trainer.say(unsourced)).text, unsourced
    heard = await trainer.say(f"{bare} See RR5.")
    assert "a second trainer has to say yes" in heard.text
    heard = await trainer.tap("Ask a second trainer")
    assert "waits for another trainer" in heard.text
    assert "waits for another trainer" in (await trainer.say("tips")).text or "second" in (await trainer.say("tips")).text


async def test_an_operative_may_not_send_tips_but_has_the_one_of_the_week(crew: dict[str, WebTalk]) -> None:
    assert "a trainer" in (await crew["operative"].say("tip RR2")).text
    assert (await crew["operative"].say("tip of the week")).title.startswith("Tip · ")


async def test_a_quiz_shows_the_standard_when_wrong_and_only_the_person_sees_their_score(talk: Talk) -> None:
    heard = await talk.say("quiz RR2")
    assert heard.title == "Quick check · RR2"
    heard = await talk.tap("Do")
    heard = await talk.tap("Don't") if "Not quite" in heard.text else heard
    assert "Right. That is RR2." in heard.text
    assert "Quick check" in (await talk.tap("Next question")).title
    heard = await talk.say("quiz score")
    assert "Only you see this." in heard.text
    assert "a trainer" in (await talk.say("quiz results")).text


def test_a_question_got_wrong_comes_at_once_and_one_got_right_comes_back_later(pack: Pack) -> None:
    standards = list(pack.standards[:1])
    every = questions_of(standards[0])
    right = [(one.standard, one.item, True, TUESDAY) for one in every]
    wrong = next_question(standards, [*right[1:], (every[0].standard, every[0].item, False, TUESDAY)], TUESDAY)
    assert wrong == every[0]
    fresh = next_question(standards, right[1:], TUESDAY)
    assert fresh == every[0]
    later = next_question(standards, right, TUESDAY + timedelta(days=2))
    assert later in every
    known = [*right, *((one.standard, one.item, True, TUESDAY) for one in every[1:])]
    assert next_question(standards, known, TUESDAY + timedelta(days=2)) == every[0]


async def test_the_rotation_starts_pauses_and_goes_on_where_it_stopped(
    house: House, crew: dict[str, WebTalk], clock: Clock
) -> None:
    trainer = crew["trainer"]
    listed = await trainer.say("campaigns")
    assert "All 26 in half a year (rotation), 26 tips: not running" in listed.text
    assert "26 tips, the first Mon 30 Nov 07:30" in (await trainer.tap("Start rotation")).text
    assert "runs already" in (await trainer.say("start the rotation")).text
    clock.move(days=8)
    await house.worker.go_round()
    await trainer.silence()
    running = await trainer.say("campaigns")
    assert "26 tips: 25 to come, next Mon 07 Dec" in running.text
    assert "25 tips wait" in (await trainer.say("pause rotation campaign")).text
    assert ": 25 tips, the first Mon 07 Dec" in (await trainer.say("start campaign rotation")).text
    assert "That's for a trainer" in (await crew["rlo"].say("campaigns")).text


async def test_who_got_a_tip_and_who_is_missing(house: House, crew: dict[str, WebTalk]) -> None:
    trainer, operative = crew["trainer"], crew["operative"]
    await crew["rlo"].say("stop tips")
    await trainer.say("tip RR2")
    await trainer.tap("Send it")
    await house.worker.go_round()
    assert "Tip · RR2" in (await operative.hear()).text
    who = await trainer.say("who got tip 1")
    assert "Sent, not answered: 1" in who.text
    assert "Wants no tips: 1" in who.text
    assert "Once more to the 1" in (await trainer.tap("Ask those missing")).text
    await house.worker.go_round()
    again = await operative.hear()
    assert not again.edited, "a second message: an edit of the first would tell nobody"
    await operative.tap("Do", on=again)
    assert "Answered: 1" in (await trainer.say("who got tip 2")).text
    assert "Nobody is missing" in (await trainer.say("chase tip 2")).text


async def test_a_trainer_is_told_what_a_tip_changed_and_which_comes_next(house: House, crew: dict[str, WebTalk]) -> None:
    trainer, operative = crew["trainer"], crew["operative"]
    assert "Nothing stands out" in (await trainer.say("which tip next")).text
    await operative.say("visit 14 Elm Court yynny")
    suggested = await trainer.say("which tip next")
    assert "RR1 Arrive as a guest: 1 times No or skipped" in suggested.text
    await trainer.tap("Tip on RR1")
    await trainer.tap("Send it")
    await house.worker.go_round()
    await operative.hear()
    assert "Too few to say about RR1" in (await trainer.say("did tip 1 work")).text
    assert "That's for a trainer" in (await operative.say("effect of tip 1")).text


async def test_a_tip_waits_while_enough_is_on_its_way(
    house: House, crew: dict[str, WebTalk], monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer, operative = crew["trainer"], crew["operative"]
    await trainer.say("tip RR2 to operatives")
    await trainer.tap("Send it")
    monkeypatch.setattr("adapters.rounds.AHEAD", 0)
    await house.worker.go_round()
    await operative.silence()
    monkeypatch.setattr("adapters.rounds.AHEAD", 1)
    await house.worker.go_round()
    assert "Tip · RR2" in (await operative.hear()).text


async def test_a_tip_goes_to_who_skipped_an_item_or_was_at_a_place(crew: dict[str, WebTalk]) -> None:
    trainer, operative, rlo = crew["trainer"], crew["operative"], crew["rlo"]
    heard = await trainer.say("tip RR2 to everyone who skipped shoe covers")
    assert "To 0 people" in heard.text, "nobody did, so nobody gets it"
    await operative.say("visit 14 Elm Court")
    await operative.say("no covers")
    await rlo.say("visit 3 Mill Lane yyyyy")
    assert "To 1 people" in (await trainer.say("tip RR2 to everyone who skipped shoe covers")).text
    assert "To 1 people" in (await trainer.say("tip on parking to those who worked at Mill Lane tomorrow 7.30")).text
    assert "To 0 people" in (await trainer.say("tip on parking to people at Orchard Court")).text
    assert "To 2 people" in (await trainer.say("tip say Covers on, every time, thanks to everyone who skipped none")).text


async def test_a_tip_goes_to_a_trade_as_their_checks_tell(crew: dict[str, WebTalk]) -> None:
    trainer = crew["trainer"]
    assert "To 0 people" in (await trainer.say("tip LC1 to the roofers")).text, "nobody did a roof, so nobody gets it"
    await crew["operative"].say("visit roof 14 Elm Court yyyyy")
    assert "To 1 people" in (await trainer.say("tip LC1 to the roofers")).text
    assert "To 0 people" in (await trainer.say("tip LC1 to surveyors")).text
    assert "To 2 people" in (await trainer.say("tip LC1")).text


async def test_a_tip_that_repeats_comes_again_by_the_clock_on_the_wall_until_it_is_cancelled(
    house: House, clock: Clock, crew: dict[str, WebTalk]
) -> None:
    trainer, operative = crew["trainer"], crew["operative"]
    clock.ahead = datetime(2026, 3, 20, 10, 0, tzinfo=UTC) - datetime.now(UTC)
    heard = await trainer.say("tip RR2 to operatives every monday 7.30")
    assert "Mon 23 Mar 07:30, and every 7 days after" in heard.text
    assert "Mon 23 Mar 07:30" in (await trainer.tap("Send it")).text
    for hour, day in ((7, 23), (6, 30)):  # the clocks go forward on the 29th
        clock.ahead = datetime(2026, 3, day, hour, 25, tzinfo=UTC) - datetime.now(UTC)
        await house.worker.go_round()
        await operative.silence()
        clock.move(minutes=6)
        await house.worker.go_round()
        assert "Tip · RR2" in (await operative.hear()).title
    assert "won't go out" in (await trainer.say("stop tip 3")).text
    for days in (7, 7):  # the first of these is Easter Monday
        clock.move(days=days)
        await house.worker.go_round()
        await operative.silence()
