"""Opens Microsoft's Agents Playground on this Doorstep: a real Teams client, on this machine, without a tenant.

    python tools/try_teams.py PLAYGROUND_FOLDER [--screenshots FOLDER]

The playground signs nothing, so a small proxy stands between: it signs what the playground sends as the Bot Framework would,
and issues the bot's own token. With `--screenshots` a browser asks, taps and browses by itself and leaves pictures.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import aiohttp
from aiohttp import web

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.fakes.teams import FakeTeams, settings_for  # noqa: E402

PORT, PROXY, PLAYGROUND = 3978, 56151, 56150
SERVICE_URL = f"http://localhost:{PLAYGROUND}/_connector"


async def sign(request: web.Request) -> web.Response:
    """Pass an activity on with the token that the Bot Framework would give it."""
    teams: FakeTeams = request.app["teams"]
    activity = await request.json()
    tenant = {"id": "playground"}
    activity["conversation"] = {**activity.get("conversation", {}), "tenantId": tenant["id"]}
    activity["channelData"] = {**(activity.get("channelData") or {}), "tenant": tenant}
    activity["channelId"] = "msteams"
    headers = {"Authorization": teams.bearer(serviceurl=activity.get("serviceUrl"))}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"http://127.0.0.1:{PORT}/api/messages", json=activity, headers=headers) as answer,
    ):
        kind = answer.headers.get("Content-Type", "text/plain").split(";")[0]
        return web.Response(status=answer.status, body=await answer.read(), content_type=kind)


async def main(folder: Path, screenshots: Path | None) -> None:
    teams = FakeTeams()
    await teams.start()
    app = web.Application()
    app["teams"] = teams
    app.router.add_post("/api/messages", sign)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", PROXY).start()
    more = {name.upper(): value for name, value in settings_for(teams.address).items()}
    more |= {"TEAMS_SERVICE_URLS": f"http://localhost:{PLAYGROUND}", "TEAMS_ALLOWED_TENANTS": "playground", "PORT": str(PORT)}
    data = {"DOORSTEP_DATA": tempfile.mkdtemp(prefix="doorstep-")}
    bot = subprocess.Popen([sys.executable, "-m", "adapters.cli.main", "run"], cwd=ROOT, env={**os.environ, **more, **data})
    endpoint = f"http://127.0.0.1:{PROXY}/api/messages"
    cli = folder / "node_modules/@microsoft/m365agentsplayground/cli.js"
    options = ["-e", endpoint, "-c", "msteams", "-p", str(PLAYGROUND), "--disable-telemetry", "true"]
    client = subprocess.Popen(["node", str(cli), "start", *options], cwd=folder)
    try:
        if screenshots:
            await asyncio.sleep(8)
            await look(screenshots)
        else:
            print(f"Open http://localhost:{PLAYGROUND} and write to Doorstep. Ctrl-C ends it.", flush=True)
            while bot.poll() is None and client.poll() is None:
                await asyncio.sleep(1)
    finally:
        bot.terminate()
        client.terminate()
        await runner.cleanup()
        await teams.stop()


async def look(folder: Path) -> None:
    """Ask, tap and browse as a person would, and keep pictures."""
    from playwright.async_api import async_playwright

    folder.mkdir(parents=True, exist_ok=True)
    browser_path = (ROOT / ".venv/browser").read_text().strip()
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1100, "height": 900})
        await page.goto(f"http://localhost:{PLAYGROUND}")
        await page.wait_for_timeout(4000)
        await page.screenshot(path=folder / "0-start.png")
        box = page.get_by_role("textbox").first
        for number, (text, tap) in enumerate(STEPS, 1):
            if text:
                await box.click()
                await page.keyboard.type(text)
                await page.keyboard.press("Enter")
            else:
                await page.locator(".ac-adaptiveCard").get_by_role("button", name=tap, exact=True).last.click(timeout=4000)
            await page.wait_for_timeout(2500)
            await page.screenshot(path=folder / f"{number}-{(text or tap).replace(' ', '-')[:24]}.png")
        await browser.close()


STEPS = (
    ("what does the standard say about shoe covers", ""),
    ("", "More"),
    ("", "Back"),
    ("themes", ""),
    ("", "Respects Residents"),
    ("smell gas in the hallway", ""),
    ("visit 14 Elm Court", ""),
    ("", "Yes"),
    ("", "No"),
    ("", "Why?"),
    ("yyyyyy", ""),
    ("log damp bedroom wall flat 12 orchard court", ""),
    ("quiz RR2", ""),
    ("ask a trainer", ""),  # last: its box would be the first one to type into
)

if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--screenshots", type=Path)
    chosen = arguments.parse_args()
    asyncio.run(main(chosen.folder.resolve(), chosen.screenshots))
