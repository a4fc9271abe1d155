"""A strict Slack: checks every call's token, blocks and limits, and can be told to fail. Nothing here is lenient on purpose."""

import hashlib
import hmac
import itertools
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.fakes.accepted import Accepted

TOKEN = "xoxb-test-token"
SECRET = "test-signing-secret"


CLIENT = ("client-id", "client-secret")


def strict(blocks: list[dict[str, Any]], *, most: int = 50) -> list[str]:
    """Everything that Slack would refuse about blocks: slack_sdk's validators, and the limits that they miss."""
    faults = []
    if len(blocks) > most:
        faults.append(f"{len(blocks)} blocks")
    for block in blocks:
        try:
            parsed = Block.parse(block)
            again = parsed.to_dict() if parsed else None
        except Exception as error:
            faults.append(f"{block['type']}: {error}")
            continue
        if again is None or json.loads(json.dumps(again)) != block:
            faults.append(f"{block['type']}: slack_sdk reads it otherwise: {again}")
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        faults.append("a block_id twice")
    total = 0
    for part in _parts(blocks):
        if isinstance(part.get("text"), str):
            total += len(part["text"])
            if not part["text"]:
                faults.append("an empty text")
    if total > 13_200:
        faults.append(f"{total} characters of text over all blocks")
    for block in blocks:
        if block["type"] == "header" and (block["text"]["type"] != "plain_text" or len(block["text"]["text"]) > 150):
            faults.append("header")
        if block["type"] == "section" and len(block["text"]["text"]) > 3000:
            faults.append("section over 3000")
        if block["type"] == "actions":
            actions = [element["action_id"] for element in block["elements"]]
            if len(actions) != len(set(actions)) or len(actions) > 25:
                faults.append("actions")
            for element in block["elements"]:
                if len(element["text"]["text"]) > 75 or len(element.get("value", "")) > 2000:
                    faults.append("button too long")
                if len(element.get("accessibility_label", "")) > 75:
                    faults.append("accessibility_label too long")
    return faults


def _parts(value: Any) -> Any:
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from _parts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _parts(one)


class FakeSlack(Accepted):
    """The Web API at `url`; `calls` holds what was accepted, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []
        self.failures: dict[str, list[Any]] = {}
        self.messages: dict[tuple[str, str], dict[str, Any]] = {}
        self.faults: list[str] = []
        self.tokens = {TOKEN}
        self.used: list[str] = []
        self.files: dict[str, bytes] = {}
        self.uploads: dict[str, tuple[int, bytes | None]] = {}
        self.grants: dict[Any, dict[str, Any]] = {}
        self._ts = itertools.count(1)
        self._runner: web.AppRunner | None = None
        self.url = ""
        self.private_url = ""

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/api/{method}", self._api)
        app.router.add_post("/private/{link}", self._link)
        app.router.add_get("/files/{name}", self._file)
        app.router.add_post("/upload/{name}", self._upload)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}/api/"
        self.private_url = f"http://127.0.0.1:{port}/private/"

    async def stop(self) -> None:
        assert self._runner
        await self._runner.cleanup()

    def fail(self, method: str, *failures: Any) -> None:
        """The next calls of `method` fail so: an error code, a status, `("429", seconds)`, "drop", or "accept then 500"."""
        self.failures.setdefault(method, []).extend(failures)

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if method == "oauth.v2.access":
            return await self._install(dict(await request.post()), request.headers.get("Authorization", ""))
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.used.append(token)
        if token not in self.tokens:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        body = await request.json() if request.content_type == "application/json" else dict(await request.post())
        if failures := self.failures.get(method):
            failure = failures.pop(0)
            self.refused.append(f"{method}: {failure}")
            if failure == "drop":
                request.transport.close()
                return web.Response()
            if failure == "accept then 500":
                await self._accept(method, body)
                return web.Response(status=500)
            if isinstance(failure, tuple):
                headers = {} if failure[1] is None else {"Retry-After": str(failure[1])}
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
            if isinstance(failure, int):
                return web.Response(status=failure, text="oops")
            return web.json_response({"ok": False, "error": failure})
        if error := self._wrong(method, body):
            self.faults.append(f"{method}: {error}")
            return web.json_response({"ok": False, "error": "invalid_blocks", "errors": [error]})
        if method == "chat.update" and (body["channel"], body["ts"]) not in self.messages:
            return web.json_response({"ok": False, "error": "message_not_found"})
        return web.json_response(await self._accept(method, body))

    async def _file(self, request: web.Request) -> web.Response:
        """A file with a good token; without one Slack answers 200 with its page to sign in."""
        signed = request.headers.get("Authorization", "").removeprefix("Bearer ") in self.tokens
        found = self.files.get(request.match_info["name"])
        if not signed or found is None:
            return web.Response(text="<html>Sign in</html>", content_type="text/html")
        return web.Response(body=found, content_type="image/jpeg")

    async def _upload(self, request: web.Request) -> web.Response:
        """The bytes of a file that was announced: just as many as was said."""
        name = request.match_info["name"]
        length, _ = self.uploads[name]
        data = await request.read()
        if len(data) != length:
            return web.Response(status=400, text="another length was announced")
        self.uploads[name] = (length, data)
        return web.Response(text=f"OK - {length}")

    def _shared(self, body: dict[str, Any]) -> str | None:
        """What is wrong with sharing files in a chat."""
        if not str(body.get("channel_id", "")).startswith("D"):
            return "channel_not_found"
        return None if all((self.uploads.get(one["id"]) or (0, None))[1] for one in body["files"]) else "file_not_found"

    async def _install(self, body: dict[str, Any], authorization: str) -> web.Response:
        """`oauth.v2.access`: a code is good for once, and so is a refresh token."""
        if authorization != aiohttp.BasicAuth(*CLIENT).encode():
            return web.json_response({"ok": False, "error": "bad_client_secret"})
        key = body.get("refresh_token") or body.get("code")
        granted = self.grants.pop(key, None)
        if granted is None:
            return web.json_response(
                {"ok": False, "error": "invalid_refresh_token" if body.get("refresh_token") else "invalid_code"}
            )
        self.tokens.add(granted["access_token"])
        if "refresh_token" in granted:
            token = f"xoxe-{next(self._ts)}"
            self.grants[granted["refresh_token"]] = {**granted, "access_token": token, "refresh_token": f"r-{token}"}
        return web.json_response({"ok": True, "scope": "chat:write", "bot_user_id": "UBOT", **granted})

    def _wrong(self, method: str, body: dict[str, Any]) -> str | None:
        if method in ("chat.postMessage", "chat.update", "chat.postEphemeral"):
            if not body.get("text") or len(body["text"]) > 4000:
                return "the fallback text is missing or too long"
            if not body.get("channel"):
                return "no channel"
            return "; ".join(strict(body.get("blocks") or [])) or None
        if method == "files.getUploadURLExternal" and not (body.get("filename") and str(body.get("length", "")).isdigit()):
            return "filename and length are needed, as a form"
        if method == "files.completeUploadExternal":
            return self._shared(body)
        if method in ("views.publish", "views.open"):
            try:
                View(**body["view"]).to_dict()
            except Exception as error:
                return str(error)
            return "; ".join(strict(body["view"]["blocks"], most=100)) or None
        return None

    async def _accept(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": True}
        if method == "chat.postMessage":
            ts = f"{int(time.time())}.{next(self._ts):06d}"
            channel = body["channel"] if body["channel"][0] in "CDG" else f"D{body['channel']}"
            body = {**body, "ts": ts}
            self.messages[channel, ts] = body
            answer |= {"ts": ts, "channel": channel}
        if method == "chat.update":
            self.messages[body["channel"], body["ts"]] = body
            answer |= {"ts": body["ts"]}
        if method == "files.getUploadURLExternal":
            name = f"F{next(self._ts)}"
            self.uploads[name] = (int(body["length"]), None)
            return {"ok": True, "file_id": name, "upload_url": self.url.replace("/api/", f"/upload/{name}")}
        if method == "auth.test":
            return {"ok": True, "team_id": "T1", "user_id": "UBOT"}
        async with self._arrived:
            self.calls.append((method, body))
            self._arrived.notify_all()
        return answer

    async def _link(self, request: web.Request) -> web.Response:
        body = await request.json()
        if failures := self.failures.get("response_url"):
            return web.Response(status=failures.pop(0))
        if faults := strict(body.get("blocks") or []):
            self.faults.append(f"response_url: {faults}")
        async with self._arrived:
            self.calls.append(("response_url", body))
            self._arrived.notify_all()
        return web.Response(text="ok")

    def sent(self, *methods: str) -> list[dict[str, Any]]:
        """Bodies of accepted calls of these methods (posted messages by default)."""
        return [body for method, body in self.calls if method in (methods or ("chat.postMessage",))]


class SlackClient:
    """Sends what Slack would send, signed."""

    def __init__(self, address: str, session: aiohttp.ClientSession) -> None:
        self.address = address
        self._session = session
        self._numbers = itertools.count(int(time.time() * 1000) % 10_000_000)

    def number(self) -> str:
        return f"{int(time.time())}.{next(self._numbers):07d}"

    async def post(self, body: bytes, content_type: str, **headers: str) -> int:
        signed = self.headers(body, content_type)
        async with self._session.post(f"{self.address}/slack/events", data=body, headers={**signed, **headers}) as answer:
            self.body = await answer.text()
            return answer.status

    @staticmethod
    def headers(body: bytes, content_type: str, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
        stamp = str(int(time.time() if at is None else at))
        digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}", "Content-Type": content_type}

    async def send_event(self, payload: dict[str, Any], **headers: str) -> int:
        return await self.post(json.dumps(payload).encode(), "application/json", **headers)

    def event(self, event: dict[str, Any], team: str = "T1") -> dict[str, Any]:
        return {
            "type": "event_callback",
            "team_id": team,
            "api_app_id": "A1",
            "event_id": f"Ev{self.number()}",
            "event_time": int(time.time()),
            "event": event,
        }

    def message(self, text: str, user: str = "U1", team: str = "T1", **more: Any) -> dict[str, Any]:
        message = {
            "type": "message",
            "channel_type": "im",
            "channel": f"D{user}",
            "user": user,
            "text": text,
            "ts": self.number(),
        }
        return self.event({**message, **more}, team)

    def mention(self, text: str, user: str = "U1", channel: str = "C1", **more: Any) -> dict[str, Any]:
        event = {
            "type": "app_mention",
            "channel": channel,
            "user": user,
            "text": f"<@UBOT> {text}",
            "ts": self.number(),
            **more,
        }
        return self.event(event)

    async def interact(self, payload: dict[str, Any]) -> int:
        return await self.post(urlencode({"payload": json.dumps(payload)}).encode(), "application/x-www-form-urlencoded")

    def tap(
        self,
        value: str,
        ts: str,
        user: str = "U1",
        channel: str = "",
        action: str = "option0",
        team: str = "T1",
        **container: Any,
    ) -> dict[str, Any]:
        channel = channel or f"D{user}"
        return {
            "type": "block_actions",
            "team": {"id": team},
            "user": {"id": user, "team_id": team},
            "trigger_id": self.number(),
            "api_app_id": "A1",
            "container": {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False, **container},
            "channel": {"id": channel},
            "actions": [
                {"type": "button", "action_id": action, "block_id": "row0", "value": value, "action_ts": self.number()}
            ],
        }

    async def command(self, text: str, user: str = "U1", channel: str = "C1", response_url: str = "") -> int:
        form = {
            "command": "/standards",
            "text": text,
            "user_id": user,
            "channel_id": channel,
            "team_id": "T1",
            "trigger_id": self.number(),
            "response_url": response_url,
        }
        return await self.post(urlencode(form).encode(), "application/x-www-form-urlencoded")
