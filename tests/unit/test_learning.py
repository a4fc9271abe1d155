"""What is learned from a small pack: the same each time, kept in a file, and no answer where there is none."""

import json
from pathlib import Path

import numpy as np
import pytest

from adapters.cli.main import main
from adapters.learned import engine_of, head_of
from bench import public
from bot.errors import NoEncoder, NoHead
from bot.understanding.encoder import SHA256, Encoder
from bot.understanding.exam import Item, examine, read_items
from bot.understanding.head import Head
from bot.understanding.learning import Lesson, fingerprint, fit, learn
from bot.understanding.neighbours import Neighbours
from bot.understanding.reader import PlainReader
from content import Pack

FEW = 6


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture(scope="module")
def small(pack: Pack) -> Pack:
    """Six lines of everything."""
    return pack.model_copy(update={"examples": {label: lines[:FEW] for label, lines in pack.examples.items()}})


@pytest.fixture(scope="module")
def head(small: Pack, encoder: Encoder) -> Head:
    return learn(small, encoder, cuts={"refuse": 0.0, "answer": 0.3, "card": 1.0, "caution": 0.0})


def test_the_encoder_gives_two_layers_of_length_one_and_the_same_alone_as_in_company(encoder: Encoder) -> None:
    rows = encoder.encode(["shoe covers", "what about a very much longer message with many more words in it", ""])
    assert rows.shape == (3, 768)
    assert np.allclose(np.linalg.norm(rows[:, :384], axis=1), 1, atol=1e-4)
    assert np.allclose(np.linalg.norm(rows[:, 384:], axis=1), 1, atol=1e-4)
    assert np.dot(rows[0], encoder.encode(["shoe covers"])[0]) > 1.98


def test_an_encoder_that_is_not_the_known_one_is_refused(tmp_path: Path) -> None:
    for name in SHA256:
        (tmp_path / name).write_bytes(b"something else")
    with pytest.raises(NoEncoder, match="not the file"):
        Encoder(tmp_path)
    with pytest.raises(NoEncoder, match="can't be read"):
        Encoder(tmp_path / "nowhere")


def test_learning_twice_gives_the_same_figures(small: Pack, encoder: Encoder) -> None:
    lesson = Lesson.of(small, encoder)
    every = lesson.taught()
    once, again = fit(lesson, every), fit(lesson, every)
    for name in ("weights", "bias", "idf"):
        assert np.array_equal(getattr(once, name), getattr(again, name))
    assert np.array_equal(once.near.places, again.near.places)


def test_the_nearest_examples_vote_for_their_labels_and_a_file_keeps_them() -> None:
    sense = np.random.default_rng(26).normal(size=(60, 32)).astype(np.float32)
    sense[30:] += 2
    labels = np.array([[0, -1]] * 30 + [[1, 0]] * 30, np.int16)
    near = Neighbours.of(sense, labels, [np.ones(2, np.float32), np.ones(1, np.float32)])
    first, second = near.shares(sense[[0, 59]])
    assert first[0, 0] > 0.8
    assert first[1, 1] > 0.8
    assert second.tolist() == [[1.0], [1.0]], "whoever belongs to no class has no vote"
    kept = Neighbours.unpacked(near.packed(), 2)
    assert np.allclose(kept.shares(sense[[0, 59]])[0], first, atol=0.02)


def test_public_data_is_learned_from_its_training_lines_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = {"pay": "when do i get paid", "van": "my van will not start", "leave": "how much holiday is left"}
    lines = [[f"{words} {more}", label] for label, words in said.items() for more in ("please", "mate", "today", "again")]
    data = {"train": lines, "test": [["will i get paid", "pay"]], "oos_train": [["who won the cup", "oos"]] * 4}
    (tmp_path / "data_full.json").write_text(json.dumps({**data, "oos_test": [["who won", "oos"]]}))
    public.measure(*public.clinc(tmp_path / "data_full.json"))
    told = capsys.readouterr().out
    assert "16 lines learned, 2 asked, 4 labels" in told
    assert "in scope, right: 1.000" in told
    for part in ("train", "test"):
        (tmp_path / f"{part}.csv").write_text("text,category\nwhere is my card,card_arrival\n")
    assert public.banking(tmp_path) == ([("where is my card", "card_arrival")],) * 2
    for shop in public.SHOPS:
        for part, more in (("train", []), ("test", [["is my van starting", "van"], ["zzz", "NO_NODES_DETECTED"]])):
            (tmp_path / part).mkdir(exist_ok=True)
            rows = "\n".join(f"{text},{label}" for text, label in more or lines)
            (tmp_path / part / f"{shop}_{part}.csv").write_text(f"sentence,label\n{rows}\n")
    public.measure(*public.hint3(tmp_path, public.SHOPS[0]), public.LOW)
    told = capsys.readouterr().out
    assert "12 lines learned, 2 asked, 3 labels" in told
    assert "in scope, right: 1.000" in told
    spoken = [{"text": text, "intent": label, "training": True} for text, label in lines]
    asked = [{"text": "is there holiday left", "intent": "leave", "training": False}]
    for name in public.CORPORA:
        (tmp_path / f"{name}Corpus.json").write_text(json.dumps({"sentences": [*spoken, *asked]}))
    public.measure_corpora(tmp_path)
    assert "all three: 1.000" in capsys.readouterr().out


def test_a_head_comes_back_from_its_file_and_not_for_other_examples(
    tmp_path: Path, small: Pack, head: Head, encoder: Encoder
) -> None:
    path = tmp_path / "reader.npz"
    head.save(path)
    assert path.stat().st_size < 10e6
    back = Head.load(path, encoder, small.wordlist, fingerprint(small))
    text = "office will sort it thats my usual line, any good?"
    assert back.scores(text).topic == pytest.approx(head.scores(text).topic, abs=1e-3)
    with pytest.raises(NoHead, match="other examples"):
        Head.load(path, encoder, small.wordlist, "something else")
    path.write_bytes(b"not ours")
    with pytest.raises(NoHead):
        Head.load(path, encoder, small.wordlist, fingerprint(small))


def test_each_head_tells_its_own_examples_apart(small: Pack, head: Head) -> None:
    for label, wanted, group in (
        ("RR2", "RR2", "topic"),
        ("GAS", "GAS", "danger"),
        ("intents/undo", "undo", "intent"),
        ("issues/HZ-DAMP", "HZ-DAMP", "issue"),
    ):
        found = [getattr(head.scores(line), group) for line in small.lines(label)]
        assert sum(max(chances, key=chances.get) == wanted for chances in found) >= FEW - 2, label


def test_without_a_learned_file_the_bot_reads_by_plain_search_and_says_so(
    tmp_path: Path, small: Pack, caplog: pytest.LogCaptureFixture
) -> None:
    assert head_of(small, tmp_path, None, tmp_path, teach=False) is None
    assert "doorstep content build" in caplog.text


def test_without_the_encoder_the_bot_still_answers(tmp_path: Path, pack: Pack, caplog: pytest.LogCaptureFixture) -> None:
    from content import SHIPPED

    engine = engine_of(SHIPPED, tmp_path / "nowhere", tmp_path)
    assert isinstance(engine.reader, PlainReader)
    assert "plain search" in caplog.text
    assert engine.listen("smell of gas in the hallway")[0].card.id == "GAS"


def test_an_exam_counts_what_was_right_and_what_was_let_through(pack: Pack) -> None:
    items = [Item("shoe covers", ("RR2",)), Item("parking", ("RR5",)), Item("what is the pay for overtime this month", ())]
    result = examine(items, PlainReader(pack))
    assert (result.inside, result.outside, result.first) == (2, 1, 1)
    assert result.confused == {("RR5", "LC1"): 1}
    assert any("RR5 taken for LC1" in line for line in result.lines())


def test_a_file_of_questions_is_read_with_its_faults_named(tmp_path: Path, pack: Pack) -> None:
    file = tmp_path / "questions.csv"
    file.write_text('text,label\nshoe covers,rr2\n"who pays, and when",OOS\n', encoding="utf-8")
    assert read_items(file, pack) == [Item("shoe covers", ("RR2",)), Item("who pays, and when", ())]
    file.write_text("shoe covers,ZZ9\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no standard ZZ9"):
        read_items(file, pack)


@pytest.fixture(scope="session")
def learned() -> None:
    """The shipped pack's own file; `make` learns it before the tests."""
    assert main(["content", "build"]) == 0


def test_understand_reads_a_report_with_its_place_and_clock(
    learned: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    lines = (
        "log damp bedroom wall 14 Elm Court E8 1AB big patch\nwots the standard say about shoe covers\nsmell gas in the hall\n"
    )
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    capsys.readouterr()
    assert main(["understand", "--json"]) == 0
    damp, covers, gas = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert damp["intent"] == "log"
    assert damp["issue"] == {
        "category": "HZ-DAMP", "priority": "P2", "clocks": ["awaab-significant"], "awaab": True, "complaint_choice": False,
        "place": "14 Elm Court", "postcode": "E8 1AB",
    }  # fmt: skip
    assert (covers["intent"], covers["decision"], covers["standards"][0]["id"]) == ("ask", "answer", "RR2")
    assert (gas["intent"], gas["card"], gas["decision"]) == ("emergency", "GAS", "card")
