"""Places as people type them: where the name of a street ends, what is no place, and which number is an hour."""

import pytest

from bot.understanding.places import keys, where


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("garden fence blown down 17 newlands", "17 newlands"),
        ("no heating 14 beechwood", "14 beechwood"),
        ("leak at 22 the ridings", "22 the ridings"),
        ("temp repair on roof 3 mill fold, needs scaffold", "3 mill fold"),
        ("unit 4 the maltings leaking", "unit 4 the maltings"),
        ("41 dale street top floor flat mould", "41 dale street"),
        ("fire door on floor 2 block c wont close", "block c"),
        ("car park gate jammed open stanley point", "stanley point"),
        ("22 church hill road, no access", "22 church hill road"),
        ("damp in 2 rooms on the north side", None),
        ("rang the safeguarding lead at 4, ref 77", None),
        ("fix 3 broken fence side panels", None),
        ("boxed the pipes in plywood, 3 plywood sheets left", None),
        ("rang her at 14 oak lane", "14 oak lane"),
        ("asbestos sheet smashed outside garage 14", "garage 14"),
        ("garage a mess at 4 elm close", "4 elm close"),
        ("no access 72, dog in the garden", "72"),
        ("log no access 9.40 knocked rang card left", None),
        ("tried 3 times, no answer", None),
        ("neighbours complaining we start at 7", None),
        ("lads kicked off work at 6", None),
        ("they want us to start at 14 first", "14"),
    ],
)
def test_a_place_is_found_as_it_was_typed(text: str, place: str | None) -> None:
    assert keys(where(text).place) == keys(place)
