"""One turn in one transaction: read the person, ask the engine, write state, cards and outbox, mark the inbound done."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from traceback import format_tb
from typing import Any

from adapters.metrics import TURNS
from adapters.photos import Photos
from adapters.telling import tell, view_of
from bot.desk import Desk
from bot.dialogue import Dialogue
from bot.engine import Engine, Screen
from bot.reply import Block, Card, Post, Reply
from bot.turn import Turn
from storage import cards, inbox, life, outbox, people, photos, roster
from storage.errors import StorageError
from storage.inbox import Kept
from storage.outbox import Later, Parcel, Postbox
from storage.people import Place
from storage.store import Connection, Store

log = logging.getLogger("doorstep.turns")


class TurnFailed(Exception):
    """The engine raised; the transaction is rolled back and the failure is noted in another."""

    def __init__(self, kept: Kept, cause: Exception) -> None:
        self.kept = kept
        self.reason = type(cause).__name__
        super().__init__(self.reason)

    def frames(self) -> str:
        """Where it happened. Not what it said: an error's words may hold the person's."""
        return "".join(format_tb(self.__cause__.__traceback__)) if self.__cause__ else ""


class PhotosWaiting(Exception):
    """The turn has photos that must be fetched first; the transaction is rolled back meanwhile."""

    def __init__(self, kept: Kept, turn: Turn) -> None:
        self.kept = kept
        self.turn = turn
        super().__init__()


@dataclass(frozen=True)
class Taken:
    """What a turn left to do: whether more wait behind it, what to send now, and other chats that were told something."""

    more: bool
    claimed: Parcel | Later | None = None
    told: tuple[int, ...] = ()


class TurnRoom:
    """Runs turns. Holds no state between them."""

    def __init__(
        self,
        store: Store,
        engine: Engine,
        postbox: Postbox,
        photos_: Photos,
        clock: Callable[[], datetime],
        at: Callable[[str], None],
    ) -> None:
        self.engine = engine
        self._store = store
        self._postbox = postbox
        self._photos = photos_
        self._clock = clock
        self._at = at

    async def take(self, conversation_id: int, *, wait: bool) -> Taken:
        """Run the conversation's next turn.

        Raises:
            StorageDown: nothing happened.
        """
        try:
            taken = await self._store.run(lambda connection: self._turn(connection, conversation_id, wait=wait))
        except PhotosWaiting as waiting:
            await self._bring_in(waiting.kept, waiting.turn)
            return Taken(True)
        except TurnFailed as error:
            failure = error
            log.error("turn %s failed: %s\n%s", failure.kept.id, failure.reason, failure.frames())
            claimed = await self._store.run(lambda connection: self._failed(connection, failure))
            return Taken(True, claimed)
        self._at("committed")
        return taken

    async def _bring_in(self, kept: Kept, turn: Turn) -> None:
        """Fetch a turn's photos and keep them. A crash in the middle leaves a file over and loses nothing."""
        whole, records = await self._photos.bring_in(turn)

        def note(connection: Connection) -> None:
            for record in records:
                photos.add(connection, kept.place, record, self._clock())
            inbox.rewrite(connection, kept.id, whole.to_json())

        await self._store.run(note)

    def _turn(self, connection: Connection, conversation_id: int, *, wait: bool) -> Taken:
        now = self._clock()
        if not inbox.lock(connection, conversation_id, wait=wait):
            return Taken(False)
        kept, more = inbox.next_in(connection, conversation_id, now)
        if kept is None:
            return Taken(False)
        self._at("taken")
        try:
            turn = Turn.from_json(kept.turn)
            if turn.attachments:
                raise PhotosWaiting(kept, turn)
            told = self._respond(connection, kept.place, turn, now)
        except (StorageError, PhotosWaiting):
            raise
        except Exception as error:  # the edge of a turn: whatever a skill raises must not stop the queue
            raise TurnFailed(kept, error) from error
        inbox.done(connection, kept.id, now)
        TURNS.labels(turn.platform, "done").inc()
        self._at("answered")
        return Taken(more, outbox.claim(connection, conversation_id, self._postbox, now), told)

    def _respond(self, connection: Connection, place: Place, turn: Turn, now: datetime) -> tuple[int, ...]:
        """Answer a turn; the other chats that were told something."""
        if turn.event == "removed":
            people.remove_tenant(connection, place.tenant_id, now)
            return ()
        if turn.event == "left":
            people.block(connection, place.conversation_id, "the person removed the app")
            return ()
        if turn.roles is not None:
            people.set_roles(connection, place, turn.roles)
        person, state = people.read(connection, place)
        if person.removed_at is not None:
            people.revive_tenant(connection, place.tenant_id, turn.received_at)
        if person.contract is None and not turn.direct and self._placed(connection, place, turn, now):
            person, state = people.read(connection, place)
        if person.blocked:
            people.unblock(connection, place.conversation_id)
        screen = self._screen(connection, place, turn)
        desk = Desk(
            self.engine.pack,
            self.engine.phrases,
            self.engine.reader,
            self.engine.reporter,
            turn,
            person,
            now,
            connection,
            Dialogue.from_json(state),
        )
        before = desk.dialogue
        reply = self.engine.respond(desk, screen)
        if desk.files_to_remove:
            self._photos.remove(desk.files_to_remove)
            life.forget_photos(connection, desk.files_to_remove)
        self._write(connection, place, turn, screen, reply, now)
        told = [tell(connection, place.tenant_id, notice, now) for notice in desk.notices]
        if state is None or desk.dialogue != before:
            people.write_dialogue(connection, place, desk.dialogue.to_json(), now, new=state is None)
        if person.welcomed_at is None and reply.posts:
            people.welcomed(connection, place, now)
        return tuple(one for one in told if one is not None)

    def _placed(self, connection: Connection, place: Place, turn: Turn, now: datetime) -> bool:
        """Whether the channel they wrote in belongs to a team, which they now are in."""
        channel = str(turn.address.get("channel") or turn.conversation)
        found = roster.team_of_channel(connection, place.tenant_id, channel)
        return found is not None and roster.join(connection, place.tenant_id, place.person_id, found.id, None, now)

    def _screen(self, connection: Connection, place: Place, turn: Turn) -> Screen | None:
        """The tapped card; one of another person can be read but not changed."""
        if turn.choice is None:
            return None
        card = cards.find(connection, place.tenant_id, turn.choice.card)
        if card is None:
            return None
        view = card.view
        return Screen(
            place=view["place"],
            trail=tuple(view["trail"]),
            options=tuple((label, says) for label, says in view["options"]),
            stale=card.revision != turn.choice.revision,
            revision=card.revision,
            edits=card.person_id == place.person_id and turn.editable and not view["urgent"] and card.revision > 0,
        )

    def _write(
        self, connection: Connection, place: Place, turn: Turn, screen: Screen | None, reply: Reply, now: datetime
    ) -> None:
        for post in reply.posts:
            if post.in_place and turn.choice and screen:
                self._edit(connection, place, turn, screen.revision + 1, post, now)
            else:
                self._post(connection, place, turn, post, now)
        if reply.home is not None:
            card_id = f"home-{place.person_id}"
            cards.put(connection, place, card_id, view_of(Post(reply.home)), now)
            outbox.put(connection, place, "home", card_id, turn.address, {"card": reply.home.to_json(), "revision": 0}, now)

    def _post(self, connection: Connection, place: Place, turn: Turn, post: Post, now: datetime) -> None:
        content: dict[str, Any] = {"card": post.card.to_json(), "revision": 0 if post.card.urgent else 1}
        card_id = self._postbox.new_id()
        cards.add(connection, place, card_id, content["revision"], view_of(post), now)
        outbox.put(connection, place, "send", card_id, turn.address, content, now)

    def _edit(self, connection: Connection, place: Place, turn: Turn, revision: int, post: Post, now: datetime) -> None:
        """The tapped card shows something else from now on."""
        card_id = turn.choice.card if turn.choice else ""
        cards.change(connection, card_id, revision, view_of(post))
        outbox.put(connection, place, "update", card_id, turn.address, {"card": post.card.to_json(), "revision": revision}, now)

    def _failed(self, connection: Connection, failure: TurnFailed) -> Parcel | Later | None:
        """Note the failure. A danger gets its card now; anybody else is told once it is given up."""
        now, kept = self._clock(), failure.kept
        inbox.lock(connection, kept.place.conversation_id, wait=True)
        turn = Turn.from_json(kept.turn)
        TURNS.labels(turn.platform, "failed").inc()
        if kept.attempts == 0 and turn.kind == "text" and (card := self.engine.reflex(turn)):
            self._post(connection, kept.place, turn, Post(card), now)
            inbox.done(connection, kept.id, now)
        elif inbox.failed(connection, kept.id, kept.attempts, failure.reason, now):
            phrases = self.engine.phrases
            card = Card(phrases("failed.title"), (Block("say", phrases("failed.text")),))
            self._post(connection, kept.place, turn, Post(card), now)
        return outbox.claim(connection, kept.place.conversation_id, self._postbox, now)
