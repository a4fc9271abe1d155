"""The documents keep their word: every setting, command, phrase and route they name is there, and none is missing."""

import argparse
import re
from pathlib import Path

from adapters.cli.main import parser
from adapters.settings import Settings
from content import SHIPPED, Pack
from storage.tables import metadata

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def test_every_setting_has_a_row_in_the_readme_and_every_row_is_a_setting() -> None:
    rows = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert rows == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        assert field.description, name


def commands() -> set[str]:
    found = set()
    for action in parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, sub in action.choices.items():
                deeper = [a for a in sub._actions if isinstance(a, argparse._SubParsersAction)]
                found |= {f"{name} {one}" for a in deeper for one in a.choices} or {name}
    return found


def test_every_command_is_in_the_readme() -> None:
    assert all(f"`doorstep {command}" in README for command in commands())


def test_every_command_has_help() -> None:
    for command in sorted(commands()):
        try:
            parser().parse_args([*command.split(), "--help"])
        except SystemExit as end:
            assert end.code == 0


def test_every_route_is_in_the_readme() -> None:
    for route in ("POST /slack/events", "POST /api/messages", "GET /healthz", "GET /readyz", "GET /metrics", "GET /"):
        assert route in README


def test_every_phrase_is_used_and_every_used_phrase_is_there(pack: Pack) -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "bot").rglob("*.py")) + (ROOT / "adapters/turns.py").read_text()
    code += (ROOT / "adapters/rounds.py").read_text() + (ROOT / "adapters/monthly.py").read_text()
    code += (ROOT / "adapters/delivery.py").read_text() + (ROOT / "adapters/teams/handler.py").read_text()
    used = set(re.findall(r'(?:say|phrases|_phrases)\(\s*["\']([a-z_0-9.]+)["\']', code))
    used |= {f"button.{name}" for name in re.findall(r'button\("([a-z_]+)"', code)}
    used |= set(
        re.findall(
            r'"((?:help|welcome|numbers|undo|cancel|wording|refuse|letters|stale|gone|late|photo|photos|button|dialog|role|issue|issues|visit|summary|tip|quiz)\.[a-z_0-9]+)"',
            code,
        )
    )
    used |= {
        name
        for name in pack.phrases
        if name.startswith(("contract.", "set.wrong_", "button.to_", "complaint.", "delivery.", "summary.awaab_"))
    }  # their names are put together
    assert used - set(pack.phrases) == set()
    assert set(pack.phrases) - used == set()


def test_every_table_is_in_the_data_map() -> None:
    text = (ROOT / "docs" / "data.md").read_text()
    assert [name for name in metadata.tables if f"`{name}`" not in text] == []


def test_the_pack_format_is_documented() -> None:
    text = (ROOT / "content" / "PACK.md").read_text()
    for path in sorted(SHIPPED.iterdir()):
        assert path.name.split(".")[0] in text, path.name


def test_the_changelog_names_this_version() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version
    assert f"## {version.group(1)}" in (ROOT / "CHANGELOG.md").read_text()
