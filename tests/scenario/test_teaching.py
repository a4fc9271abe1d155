"""What the bot couldn't answer goes to trainers; one tap teaches it, the asker hears of it, and it can be taken back."""

from aiohttp import ClientSession

from adapters.wiring import House
from tests.talk import WebTalk

ASKED = "can we borrow the residents lawnmower for the site verge"


def _as(house: House, session: ClientSession, role: str) -> WebTalk:
    return WebTalk(house.page, house.address, session, lambda: None, role)  # type: ignore[attr-defined]


async def test_a_question_is_taught_in_one_tap_counts_at_once_and_is_taken_back(house: House, session: ClientSession) -> None:
    operative, trainer = _as(house, session, "operative"), _as(house, session, "trainer")
    await operative.say(f"ask a trainer: {ASKED}")
    heard = await trainer.say("questions")
    assert ASKED in heard.text
    heard = await trainer.tap("Question 1")
    assert "Which standard answers it?" in heard.text
    heard = await trainer.say("teach 1 RR2")
    assert "From now on RR2 answers it" in heard.text
    told = await operative.hear()
    assert told.title == "A trainer has answered"
    assert "RR2 covers this." in told.text
    heard = await operative.say("could we borrow a resident's lawnmower for the verge on site?")
    assert heard.title.startswith("RR2")
    assert ASKED not in (await trainer.say("questions")).text
    assert "Taken back" in (await trainer.say("unteach 1")).text
    assert ASKED in (await trainer.say("questions")).text


async def test_what_the_pack_answers_otherwise_is_not_taught(house: House, session: ClientSession) -> None:
    operative, trainer = _as(house, session, "operative"), _as(house, session, "trainer")
    await operative.say("ask a trainer: can i vape in the garden")
    heard = await trainer.say("teach 1 CE5")
    assert "itself gives that question to RR2" in heard.text


async def test_alike_questions_that_were_refused_stand_together_and_only_trainers_see_them(
    house: House, session: ClientSession
) -> None:
    operative, trainer = _as(house, session, "operative"), _as(house, session, "trainer")
    for line in ("who won the match last night", "who won last nights match", "what time is the bus to town"):
        await operative.say(line)
    assert "a trainer" in (await operative.say("teach 1 RR2")).text
    heard = await trainer.say("questions")
    assert heard.title.endswith("3")
    assert "(2x)" in heard.text
    assert "no standard covers it" in (await trainer.say("teach 1 none")).text


async def test_a_colleague_answers_in_their_own_words_and_the_question_becomes_an_example(
    house: House, session: ClientSession
) -> None:
    operative, trainer, rlo = (_as(house, session, role) for role in ("operative", "trainer", "rlo"))
    for one in (operative, trainer, rlo):
        await one.say("hello")
    code = (await rlo.say("who am i")).title.split()[-1]
    await operative.say(f"ask a trainer: {ASKED}")
    assert "a trainer" in (await rlo.say("answer 1 yes")).text
    await trainer.say("question 1")
    heard = await trainer.tap("Ask a colleague")
    assert f"{code} has been asked" in (await trainer.tap(f"{code}, rlo", heard)).text
    asked = await rlo.hear()
    assert asked.title == "A colleague asks you to answer this"
    assert ASKED in asked.text
    assert (
        "Sent to whoever asked"
        in (await rlo.say("answer 1 Only if the residents' group says so. Ask Sam on 07700 900123")).text
    )
    told = await operative.hear()
    assert "They say: Only if the residents' group says so." in told.text
    assert "07700" not in told.text
    assert "not the standard's words" in told.text
    assert ASKED not in (await trainer.say("questions")).text
    heard = await trainer.say("answer 1 yes, with the group's yes")
    assert "becomes an example" in heard.text
    assert "From now on RR2 answers it" in (await trainer.say("teach 1 RR2")).text
