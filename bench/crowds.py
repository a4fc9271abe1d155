"""Very many people on strict platforms that fail as the real ones do, for `bench.broadcast`.

Of 1,000 calls about 20 are told 429 (half of them with a Retry-After of a second), 10 get 502 or 503, 5 are accepted and then
answered 500; 1 in 50 people can't be written to any more. Whoever calls more often than the platform allows is told 429 and
counted in `exceeded`.
"""

import asyncio
import random
import time
from collections import Counter, deque
from typing import Any

from aiohttp import web

from tests.fakes.slack import SECRET, TOKEN, FakeSlack
from tests.fakes.teams import TENANT, FakeTeams

LIMITED, TOLD, DOWN, ACCEPTED = (
    0.02,
    0.01,
    0.03,
    0.035,
)  # draws below: 429, 429 with Retry-After, 502 or 503, taken and then 500
LATENCY = 0.03
RETRY_AFTER = 1.0


class Crowd:
    """What one platform saw: who got it how often, how fast the calls came, and for how long it told us to wait."""

    name: str
    ours: float
    """Sends a second that our sender allows itself over time."""
    allowed: int
    window: float
    """The platform's own limit: so many calls in so many seconds."""
    tenant: str

    def counting(self, blocked: set[str], *, calm: bool) -> None:
        """Begin."""
        self.blocked, self.calm = blocked, calm
        self.chance = random.Random(26)
        self.got: Counter[str] = Counter()
        self.told_500: set[str] = set()
        self.recent: deque[float] = deque()
        self.highest = self.exceeded = 0
        self.first = self.last = self.told_until = self.told = 0.0

    async def outcome(self, who: str) -> str:
        """What becomes of a call for this person: `blocked`, `over`, `told`, `limited`, `down`, `lost` or `taken`."""
        now = time.monotonic()
        self.recent.append(now)
        while self.recent[0] < now - self.window:
            self.recent.popleft()
        self.highest = max(self.highest, len(self.recent))
        draw = 1.0 if self.calm else self.chance.random()
        await asyncio.sleep(LATENCY)
        if len(self.recent) > self.allowed:
            self.exceeded += 1
            return "over"
        if who in self.blocked:
            return "blocked"
        if draw < TOLD:
            self.told += time.monotonic() + RETRY_AFTER - max(self.told_until, time.monotonic())
            self.told_until = time.monotonic() + RETRY_AFTER
            return "told"
        if draw < DOWN:
            return "limited" if draw < LIMITED else "down"
        self.first = self.first or now
        self.last = time.monotonic()
        self.got[who] += 1
        if draw < ACCEPTED:
            self.told_500.add(who)
            return "lost"
        return "taken"

    def reach(self, number: int) -> tuple[str, str, dict[str, Any]]:
        """A person's id, their chat as `outcome` names it, and the address that a message of theirs would have left."""
        raise NotImplementedError


class TeamsCrowd(Crowd, FakeTeams):
    """The connector of a tenant with very many chats."""

    name, ours, allowed, window, tenant = "teams", 30.0, 50, 1.0, TENANT

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return web.json_response({"error": {"code": "Unauthorized"}}, status=401)
        match await self.outcome(request.match_info.get("conversation", "")):
            case "blocked":
                return web.json_response({"error": {"code": "MessageWritesBlocked"}}, status=403)
            case "told" | "over":
                return web.json_response({"error": {"code": "TooManyRequests"}}, status=429, headers={"Retry-After": "1"})
            case "limited":
                return web.json_response({"error": {"code": "TooManyRequests"}}, status=429)
            case "down":
                return web.json_response({"error": {"code": "ServiceError"}}, status=502)
            case "lost":
                return web.json_response({"error": {"code": "ServiceError"}}, status=500)
        return web.json_response({"id": str(next(self._ids))})

    def reach(self, number: int) -> tuple[str, str, dict[str, Any]]:
        """See `Crowd.reach`."""
        address = {"conversation": f"a:{number}", "service_url": self.service_url, "bot": "28:bot", "tenant": TENANT}
        return f"29:{number}", f"a:{number}", address


class SlackCrowd(Crowd, FakeSlack):
    """The Web API of a workspace with very many people; its ceiling, "several hundred a minute", is taken for 300."""

    name, ours, allowed, window, tenant = "slack", 4.0, 300, 60.0, "T1"

    async def _api(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["method"] != "chat.postMessage":
            return await super()._api(request)
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        body = await request.json()
        if fault := self._wrong("chat.postMessage", body):
            raise ValueError(fault)
        match await self.outcome(body["channel"]):
            case "blocked":
                return web.json_response({"ok": False, "error": "user_disabled"})
            case "told" | "over":
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"})
            case "limited":
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429)
            case "down":
                return web.Response(status=503, text="oops")
            case "lost":
                return web.Response(status=500, text="oops")
        return web.json_response({"ok": True, "ts": f"1700000000.{next(self._ts):06d}", "channel": body["channel"]})

    def reach(self, number: int) -> tuple[str, str, dict[str, Any]]:
        """See `Crowd.reach`."""
        return f"U{number}", f"DU{number}", {"channel": f"DU{number}", "user": f"U{number}"}

    def settings(self) -> dict[str, Any]:
        """What Doorstep must be told to take this for Slack."""
        return {"slack_signing_secret": SECRET, "slack_bot_token": TOKEN, "slack_api_url": self.url}
