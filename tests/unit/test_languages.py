"""Other languages: told by their words, a danger fires its card in them, and English stays English."""

import pytest

from bot.engine import Engine
from content import Pack


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("czy mogę zdjąć buty w domu klient nie chce", "pl"),
        ("unde pot să las mașina vă rog", "ro"),
        ("pani nie mowi po angielsku", "pl"),
        ("spoznie sie pol godziny", "pl"),
        ("clienta nu vorbeste engleza", "ro"),
        ("mujhe kahan park karna hai", "ur"),
        ("kiracı ingilizce bilmiyor", "tr"),
        ("nem beszél angolul", "hu"),
        ("هل يمكنني استخدام الحمام", "ar"),
        ("আমি কি টয়লেট ব্যবহার করতে পারি", "bn"),
        ("क्या मैं जूते उतारूँ", "hi"),
        ("dove posso parcheggiare", "it"),
        ("klient nehovorí anglicky", "sk"),
        ("ar galiu ruketi kieme", "lt"),
        ("posso tirar fotos dentro da casa por favor", "pt"),
        ("къде мога да паркирам моля", "bg"),
        ("де можна паркувати, будь ласка", "uk"),
        ("ਘਰ ਕਿੱਥੇ ਹੈ", "pa"),
        ("گھر کہاں ہے", "ur"),
    ],
)
def test_a_language_is_told_by_its_words(engine: Engine, text: str, language: str) -> None:
    found = engine.ears.languages.of(text)
    assert found
    assert found.id == language


def test_no_example_in_english_is_taken_for_another_language(engine: Engine, pack: Pack) -> None:
    lines = [line for standard in pack.standards for line in pack.lines(standard.id)]
    wrong = [line for line in lines if engine.ears.languages.of(line)]
    assert len(wrong) <= len(lines) / 500, wrong[:5]


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("czuję gaz w kuchni", "GAS"),
        ("miroase a gaz in bucatarie", "GAS"),
        ("está a arder a cozinha", "FIRE"),
        ("no respira la señora", "COLLAPSE"),
        ("пахне газом на сходах", "GAS"),
        ("prad mnie kopnal w lazience", "ELECTRIC"),
        ("dziecko jest samo w domu", "CHILD"),
        ("curge apa din lampa", "WATERPOWER"),
        ("ghar mein gas ki boo hai", "GAS"),
        ("gaz kokusu var", "GAS"),
        ("رائحة غاز في المطبخ", "GAS"),
        ("ਗੈਸ ਦੀ ਬਦਬੂ ਆ ਰਹੀ ਹੈ", "GAS"),
        ("dujų kvapas koridoriuje", "GAS"),
    ],
)
def test_a_danger_is_heard_in_it(engine: Engine, text: str, card: str) -> None:
    heard = engine.listen(text)
    assert [(danger.card.id, danger.strength) for danger in heard] == [(card, "card")]


def test_no_look_alike_in_english_names_a_danger_in_another_language(engine: Engine, pack: Pack) -> None:
    every = [line for label in ("NONE", "not-covered") for line in pack.lines(label)]
    assert [line for line in every if engine.ears.languages.danger(line)] == []
