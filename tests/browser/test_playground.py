"""The playground in a real browser: ask, tap, go back, read the safety card; by mouse, by keyboard alone, on a phone's width.

Screenshots go to the folder in DOORSTEP_SCREENSHOTS, if that is set, to be looked at.
"""

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from adapters.wiring import House

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
from find_browser import find

QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--disable-quic"]  # fmt: skip
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture
def database(sqlite: str) -> str:
    """The playground belongs to `doorstep run`, which is SQLite."""
    return sqlite


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        path = find()
        assert path, "no browser: make test installs one"
        browser = await playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        await browser.close()


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
async def page(request: pytest.FixtureRequest, browser: Browser, house: House) -> AsyncIterator[Page]:
    page = await browser.new_page(viewport=request.param)
    page.set_default_timeout(8000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    await page.goto(house.address + "/")  # type: ignore[attr-defined]
    yield page
    await page.close()
    assert errors == []


async def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("DOORSTEP_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        assert page.viewport_size
        await page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png")


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Message").fill(text)
    await page.get_by_role("button", name="Send").click()


async def test_ask_tap_go_back_and_read_the_safety_card(page: Page) -> None:
    await say(page, "what does the standard say about shoe covers")
    card = page.get_by_role("article").last
    await expect(card.get_by_role("heading")).to_have_text("RR2 · Treat the home like it matters")
    await picture(page, "standard")
    await card.get_by_role("button", name="More").click()
    await expect(card).to_contain_text("Take cash or gifts")
    await picture(page, "more")
    await card.get_by_role("button", name="Back").click()
    await expect(card).to_contain_text("leave it as clean as we found it or cleaner")
    await say(page, "smell gas in the hallway")
    danger = page.get_by_role("article").last
    await expect(danger.get_by_role("heading")).to_have_text("Gas: get everyone out")
    await expect(danger).to_contain_text("0800 111 999")
    await picture(page, "danger")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing scrolls sideways"


async def test_the_whole_way_by_keyboard_alone(page: Page) -> None:
    await page.keyboard.type("themes")
    await page.keyboard.press("Enter")
    card = page.get_by_role("article").last
    await expect(card.get_by_role("heading")).to_contain_text("26 standards")
    await picture(page, "themes")
    button = card.get_by_role("button", name="Respects Residents")
    await button.focus()
    await page.keyboard.press("Enter")
    await expect(card.get_by_role("heading")).to_have_text("Respects Residents")
    assert await page.evaluate("document.activeElement.tagName") == "BUTTON", "focus stays on the changed card"
    await picture(page, "theme")


async def test_the_same_reply_as_block_kit_and_as_text(page: Page) -> None:
    await say(page, "RR4")
    await expect(page.get_by_role("article").last).to_be_visible()
    await page.get_by_label("Block Kit").check()
    await expect(page.locator("pre").last).to_contain_text('"type": "rich_text"')
    await picture(page, "blockkit")
    await page.get_by_label("Text").check()
    await expect(page.locator("pre").last).to_contain_text("Type: 1 More")


async def test_another_persona_has_a_chat_and_roles_of_its_own(page: Page) -> None:
    await say(page, "who won the match")
    await page.get_by_role("article").last.get_by_role("button", name="Ask a trainer").click()
    await expect(page.get_by_role("article").last.get_by_role("heading")).to_have_text("Kept for a trainer")
    await page.get_by_label("You are").select_option("trainer")
    await say(page, "questions")
    await expect(page.get_by_role("article").last).to_contain_text("who won the match")
    await picture(page, "trainer")


async def test_a_reload_shows_what_was_said(page: Page) -> None:
    await say(page, "RR4")
    await expect(page.get_by_role("article").last).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("article").last.get_by_role("heading")).to_have_text("RR4 · Guard their privacy")


async def test_screen_readers_get_names_and_news(page: Page) -> None:
    await say(page, "RR4")
    await expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    await expect(page.get_by_role("article").last.get_by_role("button", name="More: All of RR4")).to_be_visible()
    unnamed = await page.evaluate(
        "[...document.querySelectorAll('button,input,select')].filter(e => !(e.labels && e.labels.length)"
        " && !e.textContent.trim() && !e.getAttribute('aria-label')).length"
    )
    assert unnamed == 0
    small = await page.evaluate("[...document.querySelectorAll('button')].filter(e => e.offsetHeight < 44).length")
    assert small == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 200), ({"Host": "evil.example.com"}, 403), ({"Host": "evil.example.com:80"}, 403)],
)
async def test_only_this_machine_is_let_in(house: House, session: aiohttp.ClientSession, headers: dict, status: int) -> None:
    async with session.get(house.address + "/", headers=headers) as answer:  # type: ignore[attr-defined]
        assert answer.status == status


async def test_another_sites_page_cannot_talk_to_the_bot(house: House, session: aiohttp.ClientSession) -> None:
    url = house.address + "/playground/chat/operative"  # type: ignore[attr-defined]
    async with session.post(url, json={"text": "RR4"}, headers={"Origin": "https://evil.example.com"}) as answer:
        assert answer.status == 403
    for body in (b"{", b"[]", b'{"value": "x"}', b'{"value": 7}', b"{}"):
        async with session.post(url, data=body, headers={"Content-Type": "application/json"}) as answer:
            assert answer.status == 400
    async with session.post(url.replace("operative", "king"), json={"text": "x"}) as answer:
        assert answer.status == 404
