"""The telling half: what happens to a contract's issues goes to its webhooks, and their states come back by the same link.

Out: each event once it is committed, in order, until the receiver says 2xx; after a refusal the next try waits longer, up to an
hour, and 410 ends the webhook. In: signed with the same secret, once per delivery id, by the moves that an RLO may make.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import aiohttp
from aiohttp import web

from adapters.api import signing
from adapters.api.feed import STATES, Refused, as_json, said
from adapters.exports import names_of
from adapters.telling import tell
from bot.desk import Desk
from bot.engine import Engine
from bot.permissions import sight
from bot.references import find_reference, number_of, reference
from bot.skills import following
from bot.skills.issue_card import NEXT, may_move
from bot.turn import Turn
from storage import issues, links, people, register
from storage.links import News, WebhookRecord
from storage.people import PersonRecord
from storage.secrets import SecretLost, Vault
from storage.store import Connection, Store

log = logging.getLogger("doorstep.webhooks")

AT_ONCE, SECONDS, NOTE_LONGEST = 20, 10, 240
FIRST_WAIT, LONGEST_WAIT, NEXT_LOOK = timedelta(seconds=10), timedelta(hours=1), timedelta(seconds=5)
GONE = 410


@dataclass
class Webhooks:
    """Both directions of every webhook. `vault` is None where DOORSTEP_SECRET isn't set; then there are none."""

    store: Store
    engine: Engine
    vault: Vault | None
    session: aiohttp.ClientSession
    clock: Callable[[], datetime]
    wake: Callable[[list[int]], None]

    async def go(self) -> None:
        """Tell every webhook whose turn it is what it hasn't heard yet."""
        if self.vault:
            due = await self.store.run(lambda c: links.claim(c, self.clock()))
            await asyncio.gather(*(self._tell(hook) for hook in due))

    async def _tell(self, hook: WebhookRecord) -> None:
        assert self.vault
        try:
            secret = self.vault.unlock(hook.secret)
        except SecretLost as lost:  # one webhook's trouble is no other's: it waits, and `webhooks list` says why
            reason = str(lost)
            await self.store.run(lambda c: links.rest(c, hook, self.clock() + LONGEST_WAIT, reason))
            return
        for event, body in await self.store.run(partial(self._news, hook=hook)):
            error = await self._post(hook, secret, event, body)
            if error:
                wait = min(FIRST_WAIT * 2 ** min(hook.attempts, 12), LONGEST_WAIT)
                log.warning("webhook %s wasn't taken, next try in %s s: %s", hook.id, int(wait.total_seconds()), error)
                await self.store.run(lambda c, e=error, w=wait: links.rest(c, hook, self.clock() + w, e))  # type: ignore[misc]
                return
            await self.store.run(partial(links.taken, hook=hook, event_id=event.event_id))
        await self.store.run(lambda c: links.rest(c, hook, self.clock() + NEXT_LOOK))

    def _news(self, connection: Connection, *, hook: WebhookRecord) -> list[tuple[News, bytes]]:
        found = links.news(connection, hook, self.clock(), AT_ONCE)
        names = names_of(self.engine.pack)
        told = []
        for event in found:
            wanted = register.Wanted(tenant_id=hook.tenant_id, contract_id=hook.contract_id)
            rows = register.rows(connection, wanted, after=event.issue_id - 1, limit=1)
            if rows and rows[0].id == event.issue_id:
                running = issues.running(connection, [event.issue_id]).get(event.issue_id, [])
                happened = {"kind": event.kind, "detail": event.detail, "at": event.at.isoformat()}
                data = {**as_json(rows[0], names, running), "happened": happened}
            else:  # it was merged or erased since: the receiver hears that, without its words
                data = {"happened": {"kind": event.kind, "at": event.at.isoformat()}}
            body = {"type": f"issue.{event.kind}", "timestamp": event.at.isoformat(), "data": data}
            told.append((event, json.dumps(body, ensure_ascii=False).encode()))
        return told

    async def _post(self, hook: WebhookRecord, secret: str, event: News, body: bytes) -> str:
        """Why it wasn't taken; empty when it was."""
        given = signing.headers(secret, f"doorstep-{hook.id}-{event.event_id}", self.clock(), body)
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with self.session.post(hook.url, data=body, headers=given, timeout=timeout, allow_redirects=False) as answer:
                if answer.status == GONE:
                    await self.store.run(lambda c: links.end_webhook(c, hook.id, self.clock()))
                return "" if 200 <= answer.status < 300 else f"HTTP {answer.status}"
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"{type(error).__name__}: {error}"

    def add_to(self, app: web.Application) -> None:
        """Add the route by which states come back."""
        app.router.add_post("/api/v1/webhooks/{number}", said(self.receive))

    async def receive(self, request: web.Request) -> web.Response:
        """A state that the landlord's system gives an issue."""
        given = request.match_info["number"]
        body = await request.read()
        known = given.isascii() and given.isdigit() and len(given) <= 9 and self.vault
        hook = await self.store.run(lambda c: links.webhook(c, int(given))) if known else None
        if hook is None or self.vault is None:
            raise Refused(404, "there is no such webhook")
        if not signing.is_genuine(self.vault.unlock(hook.secret), request.headers, self.clock(), body):
            raise Refused(401, "the signature is wrong, or older than five minutes")
        try:
            wanted = json.loads(body)
            ref, state = str(wanted["reference"]), str(wanted["state"]).replace("_", " ")
            note = str(wanted.get("note") or "")[:NOTE_LONGEST]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Refused(400, 'send {"reference": "OAK-27", "state": "in progress", "note": "…"}') from None
        if state not in STATES:
            raise Refused(400, f"state is one of: {', '.join(STATES)}")
        delivery = request.headers["webhook-id"][:120]
        answer, chats = await self.store.run(partial(self._take, hook=hook, delivery=delivery, ref=ref, state=state, note=note))
        self.wake(chats)
        return web.json_response(answer)

    def _take(
        self, connection: Connection, hook: WebhookRecord, delivery: str, ref: str, state: str, note: str
    ) -> tuple[dict[str, Any], list[int]]:
        now = self.clock()
        if not links.received(connection, hook, delivery, now):
            return {"reference": ref, "already": True}, []
        desk = self._desk(connection, hook, now)
        number = number_of(find_reference(ref) or ref.upper())
        issue = issues.find(connection, sight(desk.person), number, lock=True) if number is not None else None
        if issue is None:
            raise Refused(404, "there is no such issue")
        if state != issue.state:
            if state not in NEXT[issue.state] or not may_move(desk, issue, state):
                allowed = [one for one in NEXT[issue.state] if may_move(desk, issue, one)]
                raise Refused(409, f"it is {issue.state} and can't become {state}", state=issue.state, allowed=allowed)
            following.moveto(desk, (reference(issue.number), state.replace(" ", "_")))
        if note:
            following.comment(desk, (reference(issue.number), self.engine.guard.clean(note).text))
        chats = [tell(connection, hook.tenant_id, notice, now) for notice in desk.notices]
        found = issues.by_id(connection, sight(desk.person), issue.id)
        shown = found or replace(issue, state=state)
        answer = {"reference": reference(shown.number), "state": shown.state, "revision": shown.revision}
        return answer, [chat for chat in chats if chat is not None]

    def _desk(self, connection: Connection, hook: WebhookRecord, now: datetime) -> Desk:
        """The desk of the landlord's system: nobody, with an RLO's rights on this contract."""
        contract = people.contract(connection, hook.tenant_id, hook.contract_id)
        system = PersonRecord(0, hook.tenant_id, "Europe/London", now, ("rlo",), contract)
        engine, turn = self.engine, Turn("", "", "", "", "", now, kind="event")
        return Desk(engine.pack, engine.phrases, engine.reader, engine.reporter, turn, system, now, connection)
