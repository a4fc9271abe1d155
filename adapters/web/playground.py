"""The playground's routes. Only for this machine: the peer and the `Host` header must be loopback, and a post must come from
our own page, so that no other site in the same browser can talk to the bot."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from adapters.gateway import Gateway
from adapters.web.platform import WebPlatform
from bot.contract import ContractFile
from bot.turn import Choice, Turn
from storage import people, roster
from storage.errors import StorageDown
from storage.store import Connection

STATIC = Path(__file__).parent / "static"
PERSONAS: dict[str, tuple[str, ...]] = {
    "operative": ("operative",),
    "rlo": ("rlo",),
    "supervisor": ("supervisor",),
    "trainer": ("trainer",),
    "admin": ("admin",),
}
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
TENANT = "playground"
LONGEST = 4_000
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def furnish(connection: Connection, now: datetime) -> None:
    """A contract and a team for everybody here, so that a supervisor sees what an operative logs; only where there is none."""
    tenant = people.tenant_id(connection, "web", TENANT, now)
    if roster.every_team(connection, tenant):
        return
    numbers = {"emergency_phone": "01632 960 123", "safeguarding_phone": "01632 960 124"}
    made = ContractFile.model_validate({"name": "Example contract", "landlord": "Example Homes", **numbers})
    contract = roster.put_contract(connection, tenant, made.name, made.columns(), made.settings(), now)
    team = roster.put_team(connection, tenant, contract, "Example team", None)
    for persona in PERSONAS:
        place = people.place(connection, tenant, f"chat:{persona}", persona, now)
        roster.join(connection, tenant, place.person_id, team, None, now)


class Playground:
    """The page and what it talks to."""

    def __init__(
        self, platform: WebPlatform, gateway: Gateway, clock: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._platform = platform
        self._gateway = gateway
        self._clock = clock
        self._new_id = new_id

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/", self._page)
        app.router.add_get("/playground/{file}", self._file)
        app.router.add_get("/playground/chat/{persona}", self._stream)
        app.router.add_post("/playground/chat/{persona}", self._say)
        app.on_shutdown.append(self._hang_up)

    async def _hang_up(self, _: web.Application) -> None:
        self._platform.hang_up()

    async def _page(self, request: web.Request) -> web.StreamResponse:
        self._only_here(request)
        return web.FileResponse(STATIC / "index.html", headers=HEADERS)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        self._only_here(request)
        name = request.match_info["file"]
        if name not in ("playground.css", "playground.js", "icon.svg"):
            raise web.HTTPNotFound
        return web.FileResponse(STATIC / name, headers=HEADERS)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """What was said and what comes, as server-sent events."""
        self._only_here(request)
        chat = self._chat(request)
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        past, page = self._platform.open(chat)
        try:
            await response.write(_event({"past": past}))
            while True:
                try:
                    message = await asyncio.wait_for(page.get(), timeout=15)
                    if message is None:
                        return response
                    await response.write(_event({"message": message}))
                except TimeoutError:
                    await response.write(b": still here\n\n")
        except (ConnectionResetError, asyncio.CancelledError):
            return response
        finally:
            self._platform.shut(chat, page)

    async def _say(self, request: web.Request) -> web.Response:
        """A typed line or a tap."""
        self._only_here(request)
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden(text="The playground only answers its own page.\n")
        try:
            turn = self._turn(request, await request.json())
        except (ValueError, KeyError, TypeError) as error:
            raise web.HTTPBadRequest(text='Send {"text": …} or {"value": …}.\n') from error
        if turn.kind == "text":
            self._platform.heard(turn.conversation, turn.text)
        try:
            await self._gateway.receive(turn)
        except StorageDown:
            raise web.HTTPServiceUnavailable(text="I couldn't save that. Please send it again.\n") from None
        return web.json_response({"ok": True}, headers=HEADERS)

    def _turn(self, request: web.Request, data: Any) -> Turn:
        if not isinstance(data, dict):
            raise TypeError("not an object")
        persona = request.match_info["persona"]
        common: dict[str, Any] = {
            "platform": "web",
            "tenant": TENANT,
            "person": persona,
            "conversation": self._chat(request),
            "event_id": str(data.get("id") or self._new_id())[:80],
            "received_at": self._clock(),
            "roles": PERSONAS[persona],
            "reach": {"chat": persona},
        }
        if "value" in data:
            card, revision, option = str(data["value"]).split(".")
            label = f"tap:{card}:{revision}:{option}:{persona}" if revision != "0" else None
            fields = {str(name): str(value)[:LONGEST] for name, value in dict(data.get("fields") or {}).items()}
            choice = Choice(card, int(revision), int(option), fields)
            label = label if not fields else None
            return Turn(**common, kind="choice", choice=choice, editable=True, semantic_key=label)
        return Turn(**common, text=str(data["text"])[:LONGEST])

    def _chat(self, request: web.Request) -> str:
        persona = request.match_info["persona"]
        if persona not in PERSONAS:
            raise web.HTTPNotFound(text=f"There is no {persona} here.\n")
        return f"chat:{persona}"

    def _only_here(self, request: web.Request) -> None:
        host = urlsplit(f"//{request.host}").hostname
        if request.remote not in LOOPBACK or host not in LOOPBACK:
            raise web.HTTPForbidden(text="The playground is only for this machine.\n")


def _event(data: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()
