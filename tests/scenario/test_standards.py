"""Conversations about standards, on every platform and both databases, through the one door."""

from tests.talk import Talk


async def test_a_question_is_answered_with_the_standards_own_words(talk: Talk) -> None:
    heard = await talk.say("what does the standard say about shoe covers")
    assert "RR2" in heard.title
    assert "leave it as clean as we found it or cleaner" in heard.text
    assert "version 1.0" in heard.text


async def test_an_id_a_title_and_a_theme_need_no_question(talk: Talk) -> None:
    assert "RR4 · Guard their privacy" in (await talk.say("RR4")).title
    assert "RR4" in (await talk.say("rr 4 pls")).title
    assert "EE1" in (await talk.say("Listen before you lift a tool")).title
    assert (await talk.say("wots responds to challange mean")).title == "Responds to Challenge"


async def test_browsing_by_taps_alone_edits_one_card_and_goes_back(card_talk: Talk) -> None:
    heard = await card_talk.say("themes")
    assert "26 standards under 5 themes" in heard.title
    assert not heard.edited
    heard = await card_talk.tap("Respects Residents")
    assert heard.edited
    assert heard.title == "Respects Residents"
    assert "RR2" in (await card_talk.tap("RR2")).title
    more = await card_talk.tap("More")
    assert "Don't: Take cash or gifts." in more.text
    assert "RR2" in (await card_talk.tap("Back")).title
    assert (await card_talk.tap("Theme")).title == "Respects Residents"


async def test_whatever_a_button_does_can_be_typed(talk: Talk) -> None:
    await talk.say("RR2")
    assert "Take cash or gifts" in (await talk.say("more")).text
    assert "as clean as we found it" in (await talk.say("back")).text
    assert "Say this" in (await talk.say("2")).title
    assert "Why RR2" in (await talk.say("why")).title
    assert "Sources" in (await talk.say("show me the source")).title
    assert "Bribery Act 2010" in (await talk.say("repeat")).text
    assert "Close to RR2" in (await talk.say("related")).title


async def test_what_isnt_covered_is_refused_and_can_go_to_a_trainer(talk: Talk) -> None:
    heard = await talk.say("who won the match")
    assert heard.title == "The standards don't cover that"
    assert len([label for label in heard.buttons if len(label) == 3]) == 3
    kept = await talk.tap("Ask a trainer")
    assert kept.title == "Kept for a trainer"
    assert "who won the match" in kept.text
    assert "Taken back" in (await talk.say("undo")).text


async def test_a_danger_interrupts_an_open_question_which_is_offered_again(talk: Talk) -> None:
    assert "What would you like to ask?" in (await talk.say("ask a trainer")).title
    card = await talk.say("smell gas in the hallway")
    assert card.title == "Gas: get everyone out"
    assert "0800 111 999" in card.text
    assert "What would you like to ask?" in (await talk.tap("Carry on")).title
    assert (await talk.say("can we paint her door green")).title == "Kept for a trainer"


async def test_a_danger_that_is_none_leads_to_what_was_asked(talk: Talk) -> None:
    await talk.say("smell gas, no sorry, grass, can I use their toilet and leave my boots on the carpet")
    heard = await talk.tap("Not this? Tell me")
    assert heard.title == "Good to hear"
    assert "If you asked what the standard says:" in heard.text
    first = next(label for label in heard.buttons if label[:2].isupper())
    assert (await talk.tap(first)).title.startswith(first)


async def test_cancel_leaves_an_open_question_and_keeps_nothing(talk: Talk) -> None:
    await talk.say("ask a trainer")
    assert "Nothing was kept" in (await talk.say("cancel")).text
    assert "RR4" in (await talk.say("RR4")).title


async def test_change_lets_a_question_be_asked_again(talk: Talk) -> None:
    await talk.say("ask a trainer")
    await talk.say("first try")
    assert "What would you like to ask?" in (await talk.say("change")).title
    assert "second try" in (await talk.say("second try")).text


async def test_a_safety_card_is_never_edited_away(card_talk: Talk) -> None:
    card = await card_talk.say("theres a fire in the kitchen")
    more = await card_talk.tap("What else, who to ring")
    assert not more.edited
    assert "999" in more.text
    again = await card_talk.tap("Not this? Tell me", on=card)
    assert not again.edited
    assert again.title == "Good to hear"


async def test_a_doubt_puts_one_line_of_the_card_over_the_normal_answer(talk: Talk) -> None:
    heard = await talk.say("is it ok to work near artex, what does the standard say")
    assert "⚠ Not sure if it's asbestos?" in heard.text
    assert "RR5" in heard.text
    assert (await talk.tap("What to do now")).title == "Could be asbestos: stop"


async def test_a_rule_is_answered_with_its_clock_and_its_standard(talk: Talk) -> None:
    heard = await talk.say("how long have we got to answer a stage 1")
    assert "10 working days from that acknowledgement" in heard.text
    assert "RC3" in heard.text
    assert "Not settled, check with your office: Stage 2" in (await talk.tap("More")).text


async def test_a_wording_of_the_past_is_told_with_its_date(talk: Talk) -> None:
    heard = await talk.say("what did RR2 say on 3 March 2026")
    assert "RR2 had no wording yet on 3 March 2026" in heard.text
    await talk.say("RR2")
    assert "still reads like this today" in (await talk.say("what did it say on 23/11/2026")).text


async def test_private_parts_never_reach_the_trainer(talk: Talk) -> None:
    await talk.say("ask a trainer")
    kept = await talk.say("do i ring mrs Blank on 07700 900123 about the key safe 4471")
    assert "07700" not in kept.text
    assert "4471" not in kept.text
    assert "[phone number]" in kept.text


async def test_hello_help_and_thanks(talk: Talk) -> None:
    assert "Doorstep" in (await talk.say("hello")).title
    assert "What you can type" in (await talk.say("help")).title
    assert "welcome" in (await talk.say("cheers")).title.lower()
    assert "not written, endorsed or accredited by tpas" in (await talk.say("about")).text.lower()
    assert "The thread" in (await talk.say("culture one")).title


async def test_asking_a_trainer_later_asks_for_a_new_question(talk: Talk) -> None:
    await talk.say("what does the standard say about shoe covers")
    await talk.say("themes")
    assert (await talk.say("ask a trainer")).title == "What would you like to ask?"
    assert "“can we park there”" in (await talk.say("can we park there")).text


async def test_a_question_to_a_trainer_in_one_line(talk: Talk) -> None:
    assert "“can we park in the bay”" in (await talk.say("ask a trainer: can we park in the bay")).text
