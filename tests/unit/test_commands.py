"""The `doorstep` command as an operator meets it: plain lines, exit codes, and no traceback."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.cli.main import main
from content import SHIPPED

CLEAN = {
    key: value for key, value in os.environ.items() if not key.startswith(("SLACK_", "DOORSTEP_", "DATABASE_", "PORT", "HOST"))
}


def doorstep(*arguments: str, folder: Path, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "adapters.cli.main", *arguments]
    environment = {**CLEAN, "PYTHONPATH": str(Path(__file__).parents[2]), **settings}
    return subprocess.run(
        command, cwd=folder, env=environment, input=given, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    "arguments", [[], ["nonsense"], ["content"], ["chat", "--as", "king"], ["manifest", "slack"], ["db", "sideways"]]
)
def test_wrong_use_is_one_plain_line_and_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    said = capsys.readouterr().err
    assert end.value.code == 2
    assert len(said.strip().splitlines()) == 1
    assert "--help" in said


def test_chat_answers_what_is_typed(tmp_path: Path) -> None:
    done = doorstep(
        "chat", folder=tmp_path, given="what does the standard say about shoe covers\nmore\nsmell gas in the hallway\n"
    )
    assert done.returncode == 0, done.stderr
    assert "RR2 · Treat the home like it matters" in done.stdout
    assert "Don't: Take cash or gifts." in done.stdout
    assert "Then ring 0800 111 999 from outside." in done.stdout
    assert (tmp_path / ".doorstep" / "doorstep.db").exists()


def test_a_trainer_sees_what_an_operative_asked_and_an_operative_doesnt(tmp_path: Path) -> None:
    doorstep("chat", folder=tmp_path, given="who won the match\nask a trainer\n")
    seen = doorstep("chat", "--as", "trainer", folder=tmp_path, given="questions\n").stdout
    assert "who won the match" in seen
    refused = doorstep("chat", folder=tmp_path, given="questions\n").stdout
    assert "That's for a trainer or an admin" in refused
    assert "who won the match" not in refused


def test_content_check(tmp_path: Path) -> None:
    assert "The pack is in order." in doorstep("content", "check", folder=tmp_path).stdout
    wrong = doorstep("content", "check", str(tmp_path), folder=tmp_path)
    assert wrong.returncode == 1
    assert "There is no pack in" in wrong.stdout


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"PORT": "door"}, "PORT"),
        ({"DATABASE_URL": "mysql://h/d"}, "DATABASE_URL names mysql, but Doorstep runs on SQLite and PostgreSQL"),
        ({"SLACK_API_URL": "slack"}, "SLACK_API_URL is not an address"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET is missing"),
        ({"SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN is missing"),
        ({"DOORSTEP_PACK": "/nowhere"}, "There is no pack in /nowhere"),
        ({"DATABASE_URL": "postgresql://u@127.0.0.1:1/d"}, "doorstep: "),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(tmp_path: Path, settings: dict[str, str], said: str) -> None:
    done = doorstep("run", folder=tmp_path, **settings)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_web_and_worker_ask_for_the_release_step_first(tmp_path: Path) -> None:
    for command in ("web", "worker"):
        done = doorstep(command, folder=tmp_path)
        assert done.returncode == 1
        assert "run doorstep db upgrade" in done.stderr
    assert doorstep("db", "upgrade", folder=tmp_path).returncode == 0
    assert "✓ Database" in doorstep("doctor", folder=tmp_path).stdout


def test_a_taken_port_is_one_plain_line(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = doorstep("run", folder=tmp_path, PORT=str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "address already in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_says_what_is_wrong(tmp_path: Path) -> None:
    done = doorstep("doctor", folder=tmp_path, SLACK_BOT_TOKEN="xoxb-1")
    assert done.returncode == 1
    assert "✗ Settings: SLACK_BOT_TOKEN is set but SLACK_SIGNING_SECRET is missing" in done.stdout
    assert "✗ Database" in doorstep("doctor", folder=tmp_path).stdout


def test_manifest_is_json_and_wants_https(tmp_path: Path) -> None:
    made = doorstep("manifest", "slack", "--url", "https://doorstep.example.com", folder=tmp_path)
    assert json.loads(made.stdout)["settings"]["event_subscriptions"]["request_url"].endswith("/slack/events")
    assert doorstep("manifest", "slack", "--url", "http://x", folder=tmp_path).returncode == 2


def test_letters(tmp_path: Path) -> None:
    doorstep("db", "upgrade", folder=tmp_path)
    assert "0 unanswered, 0 unsent." in doorstep("letters", folder=tmp_path).stdout
    assert "0 put back" in doorstep("letters", "--retry", "all", folder=tmp_path).stdout
    assert doorstep("letters", "--retry", "7", folder=tmp_path).returncode == 1
    assert doorstep("letters", "--retry", "x", folder=tmp_path).returncode == 2


def test_help_needs_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", out := io.StringIO())
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    assert "doorstep" in out.getvalue()


def test_people_and_contracts_by_file(tmp_path: Path) -> None:
    doorstep("db", "upgrade", folder=tmp_path)
    (tmp_path / "contracts.yaml").write_text(
        "tenant: slack:T1\ncontracts:\n- name: North\n  adult_age: 16\n  teams: [{name: Gas}, {name: Roofs, channel: C1}]\n"
    )
    assert "1 contracts and 2 teams" in doorstep("contracts", "apply", "contracts.yaml", folder=tmp_path).stdout
    people = "platform,tenant,person,contract,team,roles\nslack,T1,U1,North,Gas,operative supervisor\nslack,T1,U2,,,\n"
    (tmp_path / "people.csv").write_text(people)
    assert "2 people brought in" in doorstep("people", "import", "people.csv", folder=tmp_path).stdout
    listed = doorstep("people", "list", folder=tmp_path).stdout
    assert "P1\toperative, supervisor\tNorth\tGas" in listed
    assert doorstep("people", "grant", "P2", "admin", folder=tmp_path).stdout == "P2 is now admin.\n"
    again = doorstep("people", "export", "out.csv", folder=tmp_path)
    assert again.returncode == 0
    assert "slack,T1,U2,,,admin operative" in (tmp_path / "out.csv").read_text()
    assert doorstep("people", "import", "out.csv", folder=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("file", "content", "complaint"),
    [
        ("people.csv", "a,b\n", "the first line lacks platform"),
        ("people.csv", "platform,tenant,person,contract,team,roles\nslack,T1,U1,,,king\n", "line 2: no such role: king"),
        ("people.csv", "platform,tenant,person,contract,team,roles\nslack,T1,U1,X,Y,\n", "line 2: no team Y"),
        ("contracts.yaml", "tenant: slack:T1\ncontracts: [{name: N, adult_age: 3}]\n", "contracts.0.adult_age"),
        ("contracts.yaml", "tenant: nowhere\ncontracts: []\n", "tenant"),
        ("contracts.yaml", "{", "not YAML"),
    ],
)
def test_a_bad_file_changes_nothing_and_says_where(tmp_path: Path, file: str, content: str, complaint: str) -> None:
    doorstep("db", "upgrade", folder=tmp_path)
    (tmp_path / file).write_text(content)
    command = ("people", "import") if file == "people.csv" else ("contracts", "apply")
    made = doorstep(*command, file, folder=tmp_path)
    assert made.returncode == 1
    assert complaint in made.stderr
    assert made.stderr.count("\n") == 1
    assert "U1" not in doorstep("people", "export", folder=tmp_path).stdout


def test_understand_says_one_line_for_each(tmp_path: Path) -> None:
    lines = [
        "what does the standard say about shoe covers",
        "smell gas in the hallway",
        "RR4",
        "who won the match",
        "help",
        "",
        "mrs blank at flat 3 says thanks, ring 07700 900123",
        "leak 14b kitchen bad",
        "undo",
        "cheers",
    ]
    made = doorstep("understand", "--json", folder=tmp_path, given="\n".join(lines) + "\n")
    assert made.returncode == 0, made.stderr
    found = [json.loads(line) for line in made.stdout.splitlines()]
    assert len(found) == len(lines)
    keys = {"text", "intent", "card", "caution", "decision", "standards", "issue"}
    assert all(set(one) == keys for one in found)
    assert (found[0]["intent"], found[0]["decision"], found[0]["standards"][0]["id"]) == ("ask", "answer", "RR2")
    assert (found[1]["card"], found[1]["caution"], found[1]["decision"]) == ("GAS", None, "card")
    assert (found[2]["decision"], found[2]["standards"][0]) == ("answer", {"id": "RR4", "score": 1.0})
    assert (found[3]["intent"], found[3]["decision"]) == (
        "other",
        "refuse",
    )  # what is nothing of ours is refused like a question
    assert [one["intent"] for one in found[4:6]] == ["help", "other"]
    assert found[6]["text"] == "[name] at flat 3 says thanks, ring [phone number]"
    assert [one["intent"] for one in found[8:]] == ["undo", "smalltalk"]
    assert all(one["decision"] == "do" for one in found if one["intent"] not in ("ask", "emergency", "other"))


def test_what_was_taught_becomes_lines_for_a_pack_and_is_added_once(tmp_path: Path) -> None:
    doorstep("chat", folder=tmp_path, given="ask a trainer: can we borrow the residents lawnmower for the verge\n")
    doorstep("chat", "--as", "trainer", folder=tmp_path, given="teach 1 RR2\n")
    tenant = "terminal:terminal"
    printed = doorstep("export", "taught", tenant, folder=tmp_path)
    assert printed.stdout == "RR2\tcan we borrow the residents lawnmower for the verge\n", printed.stderr
    pack = tmp_path / "pack"
    shutil.copytree(SHIPPED, pack)
    for added in ("1 lines added", "0 lines added"):
        assert added in doorstep("export", "taught", tenant, "--into", str(pack), folder=tmp_path).stdout
    assert (
        (pack / "examples/standards/RR2.txt")
        .read_text()
        .endswith("\n\n# taught\ncan we borrow the residents lawnmower for the verge\n")
    )
    assert doorstep("export", "taught", "slack:T9", folder=tmp_path).returncode == 1


def test_the_days_ahead_are_rehearsed_and_nothing_changes(tmp_path: Path) -> None:
    doorstep("chat", folder=tmp_path, given="hello\n")
    contracts = tmp_path / "contracts.yaml"
    contracts.write_text("tenant: terminal:terminal\ncontracts:\n  - name: North\n    teams: [{name: Gas}]\n")
    assert doorstep("contracts", "apply", str(contracts), folder=tmp_path).returncode == 0
    doorstep("chat", folder=tmp_path, given="team 1\npocket daily\n")
    before = (tmp_path / ".doorstep" / "doorstep.db").read_bytes()
    done = doorstep("rehearse", "--days", "5", folder=tmp_path)
    assert "For your pocket" in done.stdout, done.stderr
    assert "pocket packs" in done.stdout.splitlines()[-1]
    assert (tmp_path / ".doorstep" / "doorstep.db").read_bytes() == before
    assert "between 1 and 31" in doorstep("rehearse", "--days", "0", folder=tmp_path).stderr
