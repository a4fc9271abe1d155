"""A strict Bot Framework: the issuer of inbound tokens, Entra, and the connector, which checks every call it gets."""

import asyncio
import itertools
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import adaptive_cards
import aiohttp
import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jsonschema import Draft6Validator

from tests.fakes.accepted import Accepted

APP, PASSWORD, TENANT = "00000000-0000-0000-0000-00000000app1", "test-client-secret", "tenant-1"
SCOPE = "https://api.botframework.com/.default"
ISSUER = "https://api.botframework.com"
SCHEMA = json.loads((Path(adaptive_cards.__file__).parent / "schemas" / "schema-1.5.json").read_text())
VALIDATOR = Draft6Validator(SCHEMA)


def fresh() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


usual = cache(fresh)  # making one takes longer than most tests


class Key:
    """A signing key with its id."""

    def __init__(
        self, kid: str, endorsements: tuple[str, ...] = ("msteams",), make: Callable[[], rsa.RSAPrivateKey] = fresh
    ) -> None:
        self.kid = kid
        self.endorsements = list(endorsements)
        self.private = make()

    def public(self) -> dict[str, Any]:
        shown = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key()))
        return {**shown, "kid": self.kid, "use": "sig", "endorsements": self.endorsements}


def faults_of(card: dict[str, Any]) -> list[str]:
    """Everything that Teams would refuse about a card: the 1.5 schema, and the rules that it lacks."""
    faults = [f"{'/'.join(map(str, error.path))}: {error.message[:200]}" for error in VALIDATOR.iter_errors(card)]
    if card.get("version") != "1.5":
        faults.append(f"version {card.get('version')}")
    if len(json.dumps(card, ensure_ascii=False).encode()) > 25_000:
        faults.append("over 25 KB")
    ids = [part["id"] for part in parts(card) if str(part.get("type", "")).startswith("Input.")]
    if len(ids) != len(set(ids)):
        faults.append("an input id twice")
    for part in parts(card):
        kind = part.get("type", "")
        if kind == "TextBlock" and not part.get("wrap"):
            faults.append("a text that isn't wrapped")
        if kind.startswith("Input.") and not (part.get("label") and (not part.get("isRequired") or part.get("errorMessage"))):
            faults.append("an input without label or error message")
        if kind == "Image" and not part.get("altText"):
            faults.append("an image without alternative text")
        if kind == "ActionSet" and len(part["actions"]) > 6:
            faults.append("more than six actions in a row")
        if kind == "Action.Execute":
            faults.append("Action.Execute")
        if "text" in part and part["text"] == "":
            faults.append("an empty text")
    return faults


def parts(value: Any) -> Any:
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from parts(one)
    elif isinstance(value, list):
        for one in value:
            yield from parts(one)


def settings_for(address: str) -> dict[str, Any]:
    """What Doorstep must be told to take the fake at this address for Microsoft."""
    return {
        "microsoft_app_id": APP,
        "microsoft_app_password": PASSWORD,
        "microsoft_app_tenant_id": TENANT,
        "teams_openid_metadata_url": f"{address}/metadata",
        "teams_token_url": f"{address}/token",
        "teams_service_urls": address,
    }


def token_form() -> bytes:
    """What a token client posts to Entra."""
    form = {"grant_type": "client_credentials", "client_id": APP, "client_secret": PASSWORD, "scope": SCOPE}
    return urlencode(form).encode()


class FakeTeams(Accepted):
    """Everything of Microsoft's on one port. `calls` holds what the connector accepted: (method, conversation, body)."""

    def __init__(self) -> None:
        super().__init__()
        self.key = Key("key-1", make=usual)
        self.keys = [self.key]
        self.refused: list[str] = []
        self.failures: list[Any] = []
        self.faults: list[str] = []
        self.files: dict[str, Any] = {}
        self.messages: set[tuple[str, str]] = set()
        self.tokens: set[str] = set()
        self.token_life = 3600.0
        self.slow = 0.0
        self.fetches = {"metadata": 0, "keys": 0, "token": 0}
        self._ids = itertools.count(1700000000001)
        self._runner: web.AppRunner | None = None
        self.address = ""

    async def start(self, port: int = 0) -> None:
        app = web.Application()
        app.router.add_get("/metadata", self._metadata)
        app.router.add_get("/keys", self._keys)
        app.router.add_post("/token", self._token)
        app.router.add_route("*", "/connector/v3/conversations", self._connect)
        app.router.add_route("*", "/connector/v3/conversations/{conversation}/{kind}", self._connect)
        app.router.add_route("*", "/connector/v3/conversations/{conversation}/{kind}/{message}", self._connect)
        app.router.add_get("/files/{name}", self._file)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.service_url = f"{self.address}/connector/"

    async def stop(self) -> None:
        assert self._runner
        await self._runner.cleanup()

    def settings(self) -> dict[str, Any]:
        return settings_for(self.address)

    def bearer(self, key: Key | None = None, **claims: Any) -> str:
        now = int(time.time())
        said = {"iss": ISSUER, "aud": APP, "iat": now, "nbf": now, "exp": now + 3600, "serviceurl": self.service_url, **claims}
        key = key or self.key
        said = {name: value for name, value in said.items() if value is not None}
        return "Bearer " + jwt.encode(said, key.private, algorithm="RS256", headers={"kid": key.kid})

    async def _metadata(self, _: web.Request) -> web.Response:
        self.fetches["metadata"] += 1
        await asyncio.sleep(self.slow)
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.address}/keys"})

    async def _keys(self, _: web.Request) -> web.Response:
        self.fetches["keys"] += 1
        await asyncio.sleep(self.slow)
        return web.json_response({"keys": [key.public() for key in self.keys]})

    async def _token(self, request: web.Request) -> web.Response:
        self.fetches["token"] += 1
        await asyncio.sleep(self.slow)
        form = dict(parse_qsl((await request.read()).decode()))
        if (form.get("client_id"), form.get("client_secret")) != (APP, PASSWORD):
            return web.json_response({"error": "invalid_client"}, status=401)
        if form.get("grant_type") != "client_credentials" or form.get("scope") != SCOPE:
            return web.json_response({"error": "invalid_request"}, status=400)
        token = f"token-{self.fetches['token']}"
        self.tokens.add(token)
        return web.json_response({"access_token": token, "expires_in": self.token_life, "token_type": "Bearer"})

    def fail(self, *failures: Any) -> None:
        """The next calls fail so: a status, `(status, code)`, `(429, seconds or None)`, "drop" or "accept then 500"."""
        self.failures.extend(failures)

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(self.slow)
        conversation, kind = request.match_info.get("conversation", ""), request.match_info.get("kind", "")
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            self.refused.append("401")
            return web.json_response({"error": {"code": "Unauthorized"}}, status=401)
        raw = await request.read()
        body = json.loads(raw) if raw else {}
        if self.failures:
            failure = self.failures.pop(0)
            self.refused.append(str(failure))
            if failure == "drop":
                request.transport.close()
                return web.Response()
            if failure == "accept then 500":
                await self._accept(request.method, conversation, body)
                return web.Response(status=500)
            status, more = failure if isinstance(failure, tuple) else (failure, "ServiceError")
            if status == 429:
                headers = {"Retry-After": str(more)} if more is not None and more != "ServiceError" else {}
                return web.json_response({"error": {"code": "TooManyRequests"}}, status=429, headers=headers)
            return web.json_response({"error": {"code": more}}, status=status)
        if kind == "pagedmembers":
            page = int(request.query.get("continuationToken", "0"))
            members = [{"id": f"29:{page}", "aadObjectId": f"aad-{page}"}]
            return web.json_response({"members": members, **({"continuationToken": str(page + 1)} if page < 2 else {})})
        if not conversation:
            await self._accept("CREATE", "", body)
            return web.json_response({"id": f"a:new-{body['members'][0]['id']}"}, status=201)
        message = request.match_info.get("message", "")
        if request.method in ("PUT", "DELETE") and (conversation, message) not in self.messages:
            return web.json_response({"error": {"code": "ActivityNotFoundInConversation"}}, status=404)
        if request.method != "DELETE" and (wrong := self._wrong(body)):
            self.faults += wrong
            return web.json_response({"error": {"code": "BadSyntax", "message": "; ".join(wrong)}}, status=400)
        return web.json_response(await self._accept(request.method, conversation, {**body, "target": message}))

    def _wrong(self, body: dict[str, Any]) -> list[str]:
        faults = []
        if body.get("type") != "message":
            faults.append(f"type {body.get('type')}")
        attachments = body.get("attachments") or []
        if not attachments and not body.get("text"):
            faults.append("neither text nor card")
        if attachments and body.get("text"):
            faults.append("text and card: Teams splits them and returns no id")
        if not body.get("summary"):
            faults.append("no summary")
        for attachment in attachments:
            if attachment.get("contentType") != "application/vnd.microsoft.card.adaptive":
                faults.append(f"attachment {attachment.get('contentType')}")
            faults += faults_of(attachment["content"])
        return faults

    async def _accept(self, method: str, conversation: str, body: dict[str, Any]) -> dict[str, Any]:
        identity = body.get("target") if method == "PUT" else str(next(self._ids))
        self.messages.add((conversation, str(identity)))
        async with self._arrived:
            self.calls.append((method, conversation, {**body, "id": identity}))
            self._arrived.notify_all()
        return {"id": identity}

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        self.refused.append(f"file {name} {'signed' if request.headers.get('Authorization') else 'unsigned'}")
        found = self.files.get(name)
        if found is None:
            return web.Response(status=404)
        if isinstance(found, str):
            raise web.HTTPFound(found)
        return web.Response(body=found, content_type="image/jpeg")

    def sent(self) -> list[dict[str, Any]]:
        return [body for method, _, body in self.calls if method == "POST"]


def card_of(body: dict[str, Any]) -> dict[str, Any]:
    return body["attachments"][0]["content"]


def actions_of(card: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The buttons of a card, by title."""
    return {part["title"]: part["data"] for part in parts(card) if part.get("type") == "Action.Submit"}


class TeamsClient:
    """Sends what Teams would send, with a good token unless told otherwise."""

    def __init__(self, address: str, teams: FakeTeams, session: aiohttp.ClientSession) -> None:
        self.url = f"{address}/api/messages"
        self.teams = teams
        self._session = session
        self._numbers = itertools.count(int(time.time() * 1000))

    def activity(
        self, kind: str = "message", user: str = "U1", conversation: str = "", tenant: str = TENANT, **more: Any
    ) -> dict[str, Any]:
        personal = not conversation
        return {
            "type": kind,
            "id": f"{next(self._numbers)}",
            "timestamp": datetime.now(UTC).isoformat(),
            "serviceUrl": self.teams.service_url,
            "channelId": "msteams",
            "from": {"id": f"29:{user}", "aadObjectId": f"aad-{user}", "name": "Somebody"},
            "recipient": {"id": f"28:{APP}", "name": "Doorstep"},
            "conversation": {
                "id": conversation or f"a:{user}",
                "conversationType": "personal" if personal else "channel",
                "tenantId": tenant,
                **({} if personal else {"isGroup": True}),
            },
            "channelData": {"tenant": {"id": tenant}},
            "entities": [{"type": "clientInfo", "locale": "en-GB", "timezone": "Europe/London"}],
            "locale": "en-GB",
            **more,
        }

    def message(self, text: str, user: str = "U1", **more: Any) -> dict[str, Any]:
        return self.activity(user=user, text=text, textFormat="plain", **more)

    def tap(self, data: dict[str, Any], card: str, user: str = "U1", **more: Any) -> dict[str, Any]:
        return self.activity(user=user, value=data, replyToId=card, **more)

    def invoke(self, name: str, value: dict[str, Any], user: str = "U1") -> dict[str, Any]:
        return self.activity("invoke", user, name=name, value=value)

    async def post(self, body: dict[str, Any] | bytes, bearer: str | None = "") -> int:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        bearer = self.teams.bearer() if bearer == "" else bearer
        if bearer is not None:
            headers["Authorization"] = bearer
        async with self._session.post(self.url, data=raw, headers=headers) as answer:
            self.answer = await answer.read()
            return answer.status

    def answered(self) -> Any:
        return json.loads(self.answer) if self.answer else None
