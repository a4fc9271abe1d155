"""The check around a knock, by taps, by words and by both, on every platform."""

import pytest
from aiohttp import ClientSession

from adapters.wiring import House
from tests.conftest import Clock
from tests.talk import Talk, WebTalk


async def test_a_visit_takes_seven_taps_at_most_and_ends_with_the_sentence_for_the_doorstep(talk: Talk) -> None:
    await talk.say("checklists")
    heard = await talk.tap("Before you knock")
    taps = 1
    while "Ready" not in heard.title:
        heard = await talk.tap("Yes")
        taps += 1
        assert heard.edited
        assert {"Yes", "No", "Why?"} <= set(heard.buttons) or "Ready" in heard.title
    assert taps <= 8
    assert "Ready. 5 of 5. Say:" in heard.text
    assert "Is now still a good time?" in heard.text


async def test_the_whole_of_it_can_be_typed(talk: Talk) -> None:
    heard = await talk.say("start checklist")
    assert heard.title == "Before you knock · 1/5"
    assert "2/5" in (await talk.say("yes")).title
    heard = await talk.say("done done not got covers")
    assert "covers: Look in the van" in heard.text
    assert "job yes, parts yes, badge yes, covers no" in heard.text
    assert "4/5" not in heard.title
    heard = await talk.say("y")
    assert "Ready. 4 of 5" in heard.text
    assert "covers: Look in the van" in heard.text


async def test_one_line_is_a_whole_visit_with_its_place(talk: Talk) -> None:
    heard = await talk.say("visit 14 Elm Court yyyny")
    assert heard.title == "Before you knock · 14 Elm Court · Ready"
    assert "Ready. 4 of 5" in heard.text


async def test_same_as_last_time_and_all_but(talk: Talk) -> None:
    await talk.say("visit yyyyy")
    await talk.say("start checklist")
    assert "Ready. 5 of 5" in (await talk.say("same as last time")).text
    await talk.say("start checklist")
    heard = await talk.say("yes to all but sheets")
    assert "Ready. 4 of 5" in heard.text


async def test_an_item_that_says_stop_cannot_be_passed(talk: Talk) -> None:
    heard = await talk.say("checklist at the door")
    assert "adult" in heard.text.lower()
    heard = await talk.tap("No")
    assert heard.title == "Stop here: adult"
    assert "Don't go in." in heard.text
    assert "N/A" not in heard.buttons
    assert "Stop here" in (await talk.say("skip")).title
    assert "Stop here" in (await talk.say("visit")).title
    heard = await talk.tap("Sorted now")
    assert heard.title == "At the door · 2/5"


async def test_back_changes_the_last_answer_and_a_skip_keeps_its_reason(talk: Talk) -> None:
    await talk.say("start visit")
    await talk.tap("No")
    heard = await talk.tap("Back")
    assert "1/5" in heard.title
    await talk.tap("Yes")
    assert "job yes" in (await talk.say("skip no parts needed")).text
    heard = await talk.say("back")
    assert "2/5" in heard.title
    heard = await talk.say("change job")
    assert "1/5" in heard.title


async def test_a_question_in_the_middle_is_answered_and_the_visit_offered_again(talk: Talk) -> None:
    await talk.say("start visit")
    await talk.tap("Yes")
    heard = await talk.say("what does the standard say about parking")
    assert "LC1" in heard.text
    heard = await talk.tap("Back to the visit")
    assert heard.title == "Before you knock · 2/5"
    heard = await talk.tap("Why?")
    assert "Why CE1" in heard.title
    assert "2/5" in (await talk.say("resume")).title
    await talk.say("why")
    assert "2/5" in (await talk.tap("Back to the visit")).title


async def test_a_danger_in_an_answer_fires_its_card_and_keeps_the_visit(talk: Talk) -> None:
    await talk.say("start visit")
    await talk.tap("Yes")
    card = await talk.say("no covers and i can smell gas in here")
    assert card.title == "Gas: get everyone out"
    assert "2/5" in (await talk.tap("Carry on")).title


async def test_an_interrupted_visit_is_taken_up_again_and_one_that_is_too_old_says_what_was_kept(
    talk: Talk, clock: Clock
) -> None:
    first = await talk.say("visit 14 Elm Court")
    await talk.tap("Yes")
    await talk.say("themes")
    heard = await talk.say("visit")
    assert "14 Elm Court · 2/5" in heard.title
    clock.move(hours=9)
    heard = await talk.tap("Yes", heard)
    assert "Kept: 1 of 5 answered" in heard.text
    assert "1/5" in (await talk.say("start visit")).title
    assert first.title != heard.title


async def test_an_old_card_shows_the_visit_as_it_is_now_and_changes_nothing(card_talk: Talk) -> None:
    first = await card_talk.say("start visit")
    second = await card_talk.tap("Yes")
    heard = await card_talk.tap("No", first)
    assert "2/5" in heard.title
    assert second.title == heard.title


async def test_extra_items_come_with_their_words(talk: Talk) -> None:
    heard = await talk.say("visit 14 Elm Court key safe two man")
    assert "1/7" in heard.title


async def test_a_no_can_be_logged_at_the_visits_place(talk: Talk) -> None:
    await talk.say("visit leaving 14 Elm Court")
    await talk.tap("No")
    heard = await talk.tap("Log it")
    assert "Logged OAK-2 · Follow-on work" in heard.title
    assert "Where: 14 Elm Court" in heard.text
    assert "Before you leave · 14 Elm Court · 2/5" in (await talk.tap("Back to the visit")).title


async def test_the_place_may_come_later(talk: Talk) -> None:
    await talk.say("start visit")
    heard = await talk.say("14 Elm Court")
    assert heard.title == "Before you knock · 14 Elm Court · 1/5"
    await talk.say("yyyyy")
    await talk.say("visit yyyyy")
    assert "14 Elm Court" in (await talk.tap("14 Elm Court")).title


async def test_figures_are_for_supervisors_and_an_operative_is_told_who_can_see_them(slack_talk: Talk) -> None:
    heard = await slack_talk.say("who hasnt done the checklist")
    assert "a supervisor" in heard.text


async def test_figures_are_by_team_and_by_item(house: House, session: ClientSession, web_talk: WebTalk) -> None:
    await web_talk.say("visit yynyy")
    await web_talk.say("visit yyn")
    admin = WebTalk(house.page, house.address, session, lambda: None, "admin")  # type: ignore[attr-defined]
    heard = await admin.say("checks")
    assert "1 of 2 checks finished." in heard.text
    assert "badge: 2 no, 0 skipped" in heard.text
    assert "too fast to mean anything" in heard.text


@pytest.mark.parametrize("line", ["visit leaving 3 Mill Row", "wrapping up, the leaving check"])
async def test_the_leaving_list_is_chosen_by_its_words(talk: Talk, line: str) -> None:
    assert "Before you leave" in (await talk.say(line)).title
