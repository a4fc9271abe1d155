"""A person talking to the bot, the same on every platform: say something, tap something, read what comes back."""

import asyncio
import io
from dataclasses import dataclass
from typing import Any, Protocol

from bot.turn import Turn


@dataclass(frozen=True)
class Heard:
    """What the person got: the whole text, the buttons by label, and whether an older message was changed for it."""

    text: str
    buttons: dict[str, str]
    edited: bool
    message: str = ""

    @property
    def title(self) -> str:
        return self.text.splitlines()[0]


class Talk(Protocol):
    """One person on one platform."""

    async def say(self, text: str) -> Heard: ...

    async def tap(self, label: str, on: Heard | None = None) -> Heard: ...

    async def silence(self) -> None:
        """Fails if anything comes within a moment."""


class SlackTalk:
    def __init__(self, slack: Any, client: Any, tick: Any, user: str = "U1") -> None:
        self.slack, self.client, self.user, self._tick = slack, client, user, tick
        self.last: Heard | None = None

    async def say(self, text: str) -> Heard:
        self._tick()
        assert await self.client.send_event(self.client.message(text, self.user)) == 200
        return await self.hear()

    async def hear(self) -> Heard:
        method, body = await self.slack.next(wanted=self._is_mine)
        buttons = {
            element["text"]["text"]: element["value"]
            for block in body.get("blocks", [])
            if block["type"] == "actions"
            for element in block["elements"]
        }
        self.last = Heard(body["text"], buttons, method == "chat.update", body.get("ts", ""))
        return self.last

    def _is_mine(self, call: Any) -> bool:
        """Not said in somebody else's own chat."""
        channel = str(call[1].get("channel") or call[1].get("user_id") or self.user)
        return channel in (self.user, f"D{self.user}") or channel[0] not in "DU"

    async def tap(self, label: str, on: Heard | None = None) -> Heard:
        self._tick()
        card = on or self.last
        assert card, "nothing to tap on"
        assert await self.client.interact(self.client.tap(card.buttons[label], card.message, self.user)) == 200
        return await self.hear()

    async def silence(self) -> None:
        before = len(self.slack.calls)
        await asyncio.sleep(0.4)
        assert len(self.slack.calls) == before


class TeamsTalk:
    def __init__(self, teams: Any, client: Any, tick: Any, user: str = "U1") -> None:
        self.teams, self.client, self.user, self._tick = teams, client, user, tick
        self.last: Heard | None = None

    async def say(self, text: str) -> Heard:
        self._tick()
        assert await self.client.post(self.client.message(text, self.user)) == 200
        return await self.hear()

    async def hear(self) -> Heard:
        from tests.fakes.teams import actions_of, card_of

        method, _, body = await self.teams.next(wanted=lambda call: call[1] == f"a:{self.user}" or not call[1].startswith("a:"))
        buttons = {title: data["doorstep"] for title, data in actions_of(card_of(body)).items()}
        self.last = Heard(body["summary"].split("\nType: ")[0], buttons, method == "PUT", body["id"])
        return self.last

    async def tap(self, label: str, on: Heard | None = None) -> Heard:
        self._tick()
        card = on or self.last
        assert card, "nothing to tap on"
        assert await self.client.post(self.client.tap({"doorstep": card.buttons[label]}, card.message, self.user)) == 200
        return await self.hear()

    async def silence(self) -> None:
        before = len(self.teams.calls)
        await asyncio.sleep(0.4)
        assert len(self.teams.calls) == before


class WebTalk:
    def __init__(self, platform: Any, address: str, session: Any, tick: Any, persona: str = "operative") -> None:
        self.persona, self._session, self._tick = persona, session, tick
        self._url = f"{address}/playground/chat/{persona}"
        _, self._page = platform.open(f"chat:{persona}")
        self.last: Heard | None = None

    async def _post(self, body: dict[str, Any]) -> None:
        self._tick()
        async with self._session.post(self._url, json=body) as answer:
            assert answer.status == 200, await answer.text()

    async def say(self, text: str) -> Heard:
        await self._post({"text": text})
        return await self.hear()

    async def hear(self) -> Heard:
        known = self.last.message if self.last else ""
        while True:
            message = await asyncio.wait_for(self._page.get(), 8)
            if message["who"] == "bot":
                break
        buttons = {button["label"]: button["value"] for button in message["card"]["buttons"]}
        text = message["plain"].split("\nType: ")[0]
        self.last = Heard(text, buttons, message["id"] == known or message["revision"] > 1, message["id"])
        return self.last

    async def tap(self, label: str, on: Heard | None = None) -> Heard:
        card = on or self.last
        assert card, "nothing to tap on"
        await self._post({"value": card.buttons[label]})
        return await self.hear()

    async def silence(self) -> None:
        await asyncio.sleep(0.4)
        assert all(self._page.get_nowait()["who"] == "you" for _ in range(self._page.qsize()))


class Screen(io.StringIO):
    """What a terminal shows: each card that is printed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: asyncio.Queue[str] = asyncio.Queue()

    def write(self, text: str) -> int:
        self.cards.put_nowait(text.strip())
        return len(text)


class TerminalTalk:
    """Somebody at a terminal: a tap is the button's number, and a card is always printed anew."""

    def __init__(self, gateway: Any, screen: Screen, clock: Any, tick: Any, role: str = "operative") -> None:
        self._gateway, self._screen, self._clock, self._tick, self.role = gateway, screen, clock, tick, role
        self.last: Heard | None = None
        self._turns = 0

    async def say(self, text: str) -> Heard:
        self._tick()
        self._turns += 1
        where = {"conversation": f"chat:{self.role}", "reach": {"chat": self.role}, "roles": (self.role,)}
        turn = Turn(
            "terminal", "terminal", self.role, event_id=f"t{self._turns}", received_at=self._clock(), text=text, **where
        )
        await self._gateway.receive(turn)
        return await self.hear()

    async def hear(self) -> Heard:
        shown = await asyncio.wait_for(self._screen.cards.get(), 8)
        text, _, options = shown.partition("\nType: ")
        buttons = {label: number for number, label in (one.split(" ", 1) for one in options.split(" · ") if " " in one)}
        self.last = Heard(text, buttons, edited=True)
        return self.last

    async def tap(self, label: str, on: Heard | None = None) -> Heard:
        card = on or self.last
        assert card, "nothing to tap on"
        return await self.say(card.buttons[label])

    async def silence(self) -> None:
        await asyncio.sleep(0.4)
        assert self._screen.cards.empty()
