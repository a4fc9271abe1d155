"""The reading half: issues as JSON and as Open311 service requests, for whoever holds a key of the contract.

A key opens one contract, and no restricted category unless it was made for them. Whatever isn't there to be seen is 404, so
that a key says nothing of what it doesn't open. Every refusal is JSON with `error`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from importlib.resources import files
from typing import Any

import yaml
from aiohttp import web

from adapters.exports import names_of, service_request
from bot.references import find_reference, number_of, reference
from content import Pack
from storage import issues, links, register
from storage.links import KeyRecord
from storage.register import Row, Wanted
from storage.store import Connection, Store

USUAL, MOST = 100, 500
STATES = (*issues.OPEN, "closed")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """A request that gets no answer, with its status and why in one line."""

    def __init__(self, status: int, error: str, **more: Any) -> None:
        super().__init__(error)
        self.status = status
        self.body = {"error": error, **more}


def said(handler: Handler) -> Handler:
    """A handler whose refusals become JSON."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refused as refusal:
            headers = {"WWW-Authenticate": "Bearer"} if refusal.status == 401 else {}
            return web.json_response(refusal.body, status=refusal.status, headers=headers)

    return answer


@dataclass(frozen=True)
class Feed:
    """The routes that read."""

    store: Store
    pack: Pack

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        for path, handler in (
            ("/api/v1/openapi.json", self.describe),
            ("/api/v1/issues", self.issues),
            ("/api/v1/issues/{reference}", self.issue),
            ("/open311/v2/services.json", self.services),
            ("/open311/v2/requests.json", self.requests),
            ("/open311/v2/requests/{reference}.json", self.request),
        ):
            app.router.add_get(path, said(handler))

    async def describe(self, _: web.Request) -> web.Response:
        """The OpenAPI document; it needs no key."""
        return web.json_response(_document())

    async def issues(self, request: web.Request) -> web.Response:
        """A page of issues, oldest first."""
        key = await self._key(request)
        asked = request.query
        limit, after = _number(asked, "limit", USUAL, MOST), _number(asked, "after", 0, 2**31 - 1)
        wanted = Wanted(
            **_scope(key),
            state=_one_of(asked, "state", STATES),
            category=asked.get("category"),
            changed_since=_moment(asked, "changed_since"),
        )
        rows = await self.store.run(partial(self._page, wanted=wanted, after=after, limit=limit))
        following = rows[-1]["cursor"] if len(rows) == limit else None
        return web.json_response({"issues": rows, "next": following})

    async def issue(self, request: web.Request) -> web.Response:
        """One issue."""
        key = await self._key(request)
        wanted = Wanted(**_scope(key), number=_reference(request))
        rows = await self.store.run(partial(self._page, wanted=wanted, after=0, limit=1))
        if not rows:
            raise Refused(404, "there is no such issue")
        return web.json_response(rows[0])

    async def services(self, request: web.Request) -> web.Response:
        """The categories, as Open311 services."""
        key = await self._key(request)
        shown = [one for one in self.pack.categories if key.restricted or not one.restricted]
        return web.json_response(
            [
                {
                    "service_code": one.code,
                    "service_name": one.name,
                    "description": one.name,
                    "metadata": False,
                    "type": "realtime",
                    "keywords": one.priority,
                    "group": one.code.split("-")[0],
                }
                for one in shown
            ]
        )

    async def requests(self, request: web.Request) -> web.Response:
        """A page of issues, as Open311 service requests."""
        key = await self._key(request)
        asked = request.query
        size, page = _number(asked, "page_size", USUAL, MOST), _number(asked, "page", 1, 10_000)
        status = _one_of(asked, "status", ("open", "closed"))
        wanted = Wanted(
            **_scope(key),
            closed=status == "closed" if status else None,
            category=asked.get("service_code"),
            since=_moment(asked, "start_date"),
            until=_moment(asked, "end_date"),
        )
        limit = size * max(page, 1)
        rows = await self.store.run(lambda c: register.rows(c, wanted, limit=limit))
        names = names_of(self.pack)
        return web.json_response([service_request(row, names) for row in rows[limit - size :]])

    async def request(self, request: web.Request) -> web.Response:
        """One issue, as a list of one service request, as Open311 wants it."""
        key = await self._key(request)
        wanted = Wanted(**_scope(key), number=_reference(request))
        rows = await self.store.run(lambda c: register.rows(c, wanted, limit=1))
        if not rows:
            raise Refused(404, "there is no such issue")
        return web.json_response([service_request(rows[0], names_of(self.pack))])

    async def _key(self, request: web.Request) -> KeyRecord:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        given = given.strip() if scheme.lower() == "bearer" else request.query.get("api_key", "")
        found = await self.store.run(lambda c: links.key(c, given)) if given else None
        if found is None:
            raise Refused(401, "send a key of this contract as a bearer token")
        return found

    def _page(self, connection: Connection, wanted: Wanted, after: int, limit: int) -> list[dict[str, Any]]:
        rows = register.rows(connection, wanted, after=after, limit=limit)
        running = issues.running(connection, [row.id for row in rows])
        names = names_of(self.pack)
        return [as_json(row, names, running.get(row.id, [])) for row in rows]


def as_json(row: Row, names: Mapping[str, str], running: list[tuple[str, datetime]]) -> dict[str, Any]:
    """An issue as the feed and the webhooks give it. People are codes; `cursor` is where the next page begins."""
    return {
        "reference": reference(row.number),
        "contract": row.contract,
        "category": row.category,
        "kind": names.get(row.category, row.category),
        "priority": row.priority,
        "state": row.state,
        "place": row.place or None,
        "postcode": row.postcode or None,
        "room": row.room or None,
        "seen": row.text,
        "complaint": row.complaint or None,
        "standard": row.standard or None,
        "reporter": row.reporter or None,
        "owner": row.owner or None,
        "logged_at": row.logged_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
        "due_at": row.due_at.isoformat() if row.due_at else None,
        "resident_told_at": row.told_at.isoformat() if row.told_at else None,
        "clocks": [{"clock": name, "due_at": due.isoformat()} for name, due in running],
        "cursor": row.id,
    }


def _scope(key: KeyRecord) -> dict[str, Any]:
    return {"tenant_id": key.tenant_id, "contract_id": key.contract_id, "restricted": key.restricted}


def _reference(request: web.Request) -> int:
    given = request.match_info["reference"]
    number = number_of(find_reference(given) or given.upper())
    if number is None:
        raise Refused(404, "there is no such issue")
    return number


def _number(asked: Mapping[str, str], name: str, usual: int, most: int) -> int:
    given = asked.get(name)
    if given is None:
        return usual
    if not (
        given.isascii() and given.isdigit() and len(given) <= 10 and int(given) <= most and (int(given) or name == "after")
    ):
        raise Refused(400, f"{name} is a whole number up to {most}")
    return int(given)


def _one_of(asked: Mapping[str, str], name: str, known: tuple[str, ...]) -> str | None:
    given = asked.get(name)
    if given is not None and given not in known:
        raise Refused(400, f"{name} is one of: {', '.join(known)}")
    return given


def _moment(asked: Mapping[str, str], name: str) -> datetime | None:
    given = asked.get(name)
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(given.replace(" ", "+"))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(400, f"{name} is a moment such as 2026-11-24T09:00:00Z") from None


@cache
def _document() -> Any:
    return yaml.safe_load(files("adapters.api").joinpath("openapi.yaml").read_text("utf-8"))
