"""A contract's month and its evidence: what was done in chat comes out in files, and a changed file is found out."""

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from aiohttp import ClientSession

from adapters.monthly import as_html, write_pdf, write_xlsx
from adapters.sealed import fault, seal
from adapters.wiring import House
from bot.evidence import evidence_of
from bot.monthly import Month, month_of, span_of
from bot.phrases import Phrases
from content import Pack
from storage import people, roster
from storage.store import Connection
from tests.talk import WebTalk


@pytest.fixture
async def worked(house: House, session: ClientSession) -> int:
    """A supervisor and an operative on one contract, with a morning's work behind them; the contract."""
    talks = {role: WebTalk(house.page, house.address, session, lambda: None, role) for role in ("operative", "supervisor")}  # type: ignore[attr-defined]
    for talk in talks.values():
        await talk.say("hello")

    def place(connection: Connection) -> int:
        now = house.clock()
        tenant = people.tenant_id(connection, "web", "playground", now)
        contract = roster.put_contract(connection, tenant, "North", {"landlord": "North & Sons"}, {}, now)
        team = roster.put_team(connection, tenant, contract, "Gas", None)
        for member in roster.members(connection, tenant):
            roster.join(connection, tenant, member.id, team, None, now)
        return contract

    contract = await house.store.run(place)
    operative, supervisor = talks["operative"], talks["supervisor"]
    await operative.say("log damp bedroom wall flat 12 orchard court")
    gutter = (await operative.say("log gutter down at 14 Elm Court")).title.split()[1].strip(":·")
    for line in (
        f"{gutter} fixed",
        f"comment {gutter} new bracket <b>fitted</b>",
        f"{gutter} resident told",
        f"close {gutter}",
    ):
        await supervisor.say(line)
    heard = await operative.say("visit 14 Elm Court yyyny")
    while "Ready" not in heard.text:  # news of the gutter may come first
        heard = await operative.hear()
    return contract


@pytest.fixture
async def month(house: House, worked: int, pack: Pack) -> Month:
    now = house.clock()

    def work(connection: Connection) -> Month:
        tenant = people.tenant_id(connection, "web", "playground", now)
        own = people.contract(connection, tenant, worked)
        assert own
        return month_of(connection, pack, Phrases(pack.phrases), own, span_of(tenant, own, now.date()), now)

    return await house.store.run(work)


def test_a_month_says_what_was_done(month: Month) -> None:
    figures = {one.name: one.value for one in month.figures}
    assert figures["Issues logged"] == "2"
    assert figures["Fixed in time"] == "1 of 1 (100%)"
    assert figures["Residents told"] == "1 of 1 (100%)"
    assert figures["Damp or mould: new and open"] == "1 / 1"
    assert figures["Visit checks finished"] == "1 of 1 (100%)"
    assert month.said[0][2] == "new bracket <b>fitted</b>"
    assert ("Shoe covers and sheets in hand?", 0, 1) in month.items
    assert all(one.definition for one in month.figures)


def test_the_page_needs_nothing_else_and_takes_no_markup(month: Month, pack: Pack) -> None:
    page = as_html(month, Phrases(pack.phrases))
    assert "North &amp; Sons" in page
    assert "&lt;b&gt;fitted" in page
    assert page.count("<svg role") == 3
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "<script" not in page


def test_paper_and_workbook_hold_the_same(month: Month, pack: Pack, tmp_path: Path) -> None:
    write_pdf(month, Phrases(pack.phrases), tmp_path / "month.pdf")
    assert (tmp_path / "month.pdf").read_bytes().startswith(b"%PDF-")
    write_xlsx(month, Phrases(pack.phrases), tmp_path / "month.xlsx")
    book = openpyxl.load_workbook(tmp_path / "month.xlsx")
    cells = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    assert any(row[:2] == ("Issues logged", "2") for row in cells)


async def test_evidence_supports_and_never_accredits_and_a_change_is_found_out(house: House, worked: int, pack: Pack) -> None:
    now = house.clock()

    def work(connection: Connection) -> dict[str, object]:
        tenant = people.tenant_id(connection, "web", "playground", now)
        own = people.contract(connection, tenant, worked)
        assert own
        return evidence_of(connection, pack, own, span_of(tenant, own, now.date()), pack.themes[2], now)

    found = await house.store.run(work)
    sealed = json.loads(json.dumps(seal(found, ["secret"])))
    assert "supports self-assessment" in sealed["about"]
    assert {one["id"][:2] for one in sealed["standards"]} == {"RR"}
    assert sealed["visits"]["finished"] == 1
    assert fault(sealed, ["secret"]) is None
    assert fault(sealed, ["newer", "secret"]) is None
    assert fault(sealed, ["other"]) == "it was signed under another DOORSTEP_SECRET"
    changed: Callable[[dict[str, object]], dict[str, object]] = lambda one: {**one, "contract": "South"}  # noqa: E731
    assert fault(changed(sealed), ["secret"]) == "it was changed after it was made"
    assert fault(found, ["secret"]) == "it has no seal"
    assert fault(seal(found, []), ["secret"]) == "it isn't signed"
