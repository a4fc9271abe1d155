"""Lines that name a logged issue: what is done with it, and what only asks."""

import pytest

from bot.understanding.issue_words import read_issue_line


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("oak 7", "issue OAK-7"),
        ("mark oak 7 as fixed", "moveto OAK-7 fixed"),
        ("oak 7 has been fixed this morning", "moveto OAK-7 fixed"),
        ("oak7 all done thanks", "moveto OAK-7 fixed"),
        ("finished oak 7", "moveto OAK-7 fixed"),
        ("can you close oak 7?", "moveto OAK-7 closed"),
        ("reopen oak 7 its leaking again", "moveto OAK-7 in_progress"),
        ("i told her about elm 3", "moveto ELM-3 resident_told"),
        ("extend elm 3 by two days", "extend ELM-3 2"),
        ("please extend elm 3 2 days awaiting parts", "extend ELM-3 2 awaiting parts"),
        ("please chase oak 7", "chase OAK-7"),
        ("comment oak 7 is it done twice?", "comment OAK-7 is it done twice"),
    ],
)
def test_what_is_done_with_an_issue(line: str, command: str) -> None:
    found = read_issue_line(line)
    assert found
    assert " ".join((found[0], *found[1])) == command


@pytest.mark.parametrize(
    "line",
    ["is oak 7 done", "oak 7 done?", "close oak 7?", "has oak 7 been closed", "oak 7 isnt fixed", "oak 7 to be fixed",
     "did anyone chase oak 7", "has she been told about oak 7"],
)  # fmt: skip
def test_what_only_asks_or_denies_changes_nothing(line: str) -> None:
    assert read_issue_line(line) == ("issue", ("OAK-7",))
