"""botbuilder's part: an activity handler that turns what Teams says into turns, and an adapter for what it wants to send."""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any, TypeVar

from botbuilder.core import ActivityHandler, BotAdapter, InvokeResponse, TurnContext
from botbuilder.schema import Activity, ActivityTypes, ChannelAccount, ConversationReference, ResourceResponse

from adapters.gateway import Gateway
from adapters.metrics import TURNS
from adapters.teams import inbound
from adapters.teams.cards import adaptive
from adapters.teams.connector import Connector
from adapters.teams.inbound import Tap
from bot.phrases import Phrases
from bot.reply import Block, Card, Issued
from bot.turn import Turn
from storage.errors import StorageDown

log = logging.getLogger("doorstep.teams")

TENANT, INVOKE = "doorstep.tenant", "doorstep.invoke"
SECONDS = 1.4  # with the 1.4 s that keys may take at most, under the three seconds that Teams waits

T = TypeVar("T")
Body = dict[str, Any]


class Handler(ActivityHandler):  # type: ignore[misc]  # botbuilder has no types
    """One for the process; a turn's own things are in its context."""

    def __init__(self, gateway: Gateway, phrases: Phrases) -> None:
        self._gateway = gateway
        self._phrases = phrases

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """Words, photos, or a tap."""
        await self._take(inbound.message(turn_context.activity, turn_context.turn_state[TENANT]))

    async def on_members_added_activity(self, members_added: list[ChannelAccount], turn_context: TurnContext) -> None:
        """The bot itself was added to somebody's chat."""
        activity = turn_context.activity
        if any(member.id == activity.recipient.id for member in members_added):
            await self._take(inbound.event(activity, turn_context.turn_state[TENANT], "joined"))

    async def on_installation_update_add(self, turn_context: TurnContext) -> None:
        """The app was installed for a person."""
        await self._take(inbound.event(turn_context.activity, turn_context.turn_state[TENANT], "joined"))

    async def on_installation_update_remove(self, turn_context: TurnContext) -> None:
        """The app was removed by a person: nothing more is sent to that chat until they come back."""
        await self._take(inbound.event(turn_context.activity, turn_context.turn_state[TENANT], "left"))

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        """Answered within three seconds and never with 501: Teams would tell the person that the app can't be reached."""
        activity, tenant = turn_context.activity, turn_context.turn_state[TENANT]
        value = activity.value if isinstance(activity.value, dict) else {}
        body: Body | None = {}
        match activity.name:
            case "task/fetch":
                body = await self._open(activity, tenant, value.get("data"))
            case "task/submit":
                body = await self._submit(activity, tenant, value.get("data"))
            case "adaptiveCard/action":
                body = await self._execute(activity, tenant, value)
            case _:
                TURNS.labels("teams", "ignored").inc()
        return InvokeResponse(status=200, body=body)

    async def _open(self, activity: Activity, tenant: str, data: Any) -> Body:
        """The dialog that a button leads to."""
        form = await self._form(activity, tenant, data)
        tap = Tap.read(data)
        return _dialog(form, tap) if form and tap else self._says("dialog.gone")

    async def _submit(self, activity: Activity, tenant: str, data: Any) -> Body | None:
        """What was put into a dialog. With nothing in it the dialog stays open and says so."""
        tap = Tap.read(data)
        if tap is None:
            return self._says("dialog.gone")
        if not tap.choice.fields:
            form = await self._form(activity, tenant, data)
            return _dialog(form, tap, self._phrases("dialog.empty")) if form else self._says("dialog.gone")
        heard = await self._in_time(self._heard(inbound.tapped(activity, tenant, tap)))
        return None if heard else self._says("dialog.failed")

    async def _execute(self, activity: Activity, tenant: str, value: Body) -> Body:
        """A tap by `Action.Execute`. We send none, but a client may."""
        tap = Tap.read((value.get("action") or {}).get("data"))
        heard = tap is not None and await self._in_time(self._heard(inbound.tapped(activity, tenant, tap)))
        if heard:
            said = self._phrases("dialog.heard")
            return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": said}
        error = {"code": "NotKept", "message": self._phrases("dialog.failed")}
        return {"statusCode": 500, "type": "application/vnd.microsoft.error", "value": error}

    async def _form(self, activity: Activity, tenant: str, data: Any) -> Card | None:
        tap = Tap.read(data)
        return await self._in_time(self._gateway.form(inbound.tapped(activity, tenant, tap))) if tap else None

    async def _in_time(self, work: Awaitable[T]) -> T | None:
        """The result, or None when it isn't there in time; the work goes on."""
        task = asyncio.ensure_future(work)
        await asyncio.wait({task}, timeout=SECONDS)
        if not task.done():
            task.add_done_callback(lambda late: late.cancelled() or late.exception())
            return None
        try:
            return task.result()
        except StorageDown as error:
            log.error("storage is down: %s", error)
            return None

    async def _heard(self, turn: Turn) -> bool:
        await self._gateway.receive(turn)
        return True

    async def _take(self, turn: Turn | None) -> None:
        if turn is None:
            TURNS.labels("teams", "ignored").inc()
            return
        await self._gateway.receive(turn)

    def _says(self, phrase: str) -> Body:
        return {"task": {"type": "message", "value": self._phrases(phrase)}}


def _dialog(form: Card, tap: Tap, note: str = "") -> Body:
    blocks = (Block("caution", note), *form.blocks) if note else form.blocks
    card = Card(form.title, blocks, form.buttons, form.footer, fields=form.fields)
    content = adaptive(Issued(card), sends=tap.value)
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": content}
    return {
        "task": {"type": "continue", "value": {"title": form.title, "height": "medium", "width": "medium", "card": attachment}}
    }


class ConnectorAdapter(BotAdapter):  # type: ignore[misc]  # botbuilder has no types
    """botbuilder's way out, over our connector. What answers an invoke stays in the turn's context for the door."""

    def __init__(self, connector: Connector) -> None:
        super().__init__()
        self._connector = connector

    async def send_activities(self, context: TurnContext, activities: list[Activity]) -> list[ResourceResponse]:
        """Send each; raises DeliveryError."""
        return [await self._send(context, activity) for activity in activities]

    async def _send(self, context: TurnContext, activity: Activity) -> ResourceResponse:
        if activity.type == ActivityTypes.invoke_response:
            context.turn_state[INVOKE] = activity.value
            return ResourceResponse()
        body = activity.serialize()
        return ResourceResponse(id=await self._connector.send(activity.service_url, activity.conversation.id, body))

    async def update_activity(self, context: TurnContext, activity: Activity) -> None:
        """Change a message; raises DeliveryError."""
        body = activity.serialize()
        await self._connector.update(activity.service_url, activity.conversation.id, activity.id, body)

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        """Take a message back; raises DeliveryError."""
        await self._connector.delete(reference.service_url, reference.conversation.id, reference.activity_id)
