"""Decides whether an inbound comes from the Bot Framework, for our bot, from a tenant that we serve.

The rules are those of learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication. A token is
not bound to a body, so the body's service URL, channel and tenant are each checked against what the token and the settings say.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from adapters.teams.errors import NotAllowed, NotAnActivity, NotSigned
from adapters.teams.keys import Keys
from adapters.teams.service_urls import Origins

LEEWAY_SECONDS = 300
REMEMBERED, REMEMBERED_SECONDS = 500, 300.0
CHANNEL = "msteams"


@dataclass(frozen=True)
class Proof:
    """What a good token says."""

    service_url: str
    endorsements: frozenset[str]


@dataclass(frozen=True)
class _Known:
    proof: Proof
    until: float


class Trust:
    """The checks, for one bot."""

    def __init__(
        self, app_id: str, keys: Keys, tenants: Collection[str], service_urls: Origins, clock: Callable[[], float]
    ) -> None:
        self._clock = clock
        self._proven: dict[str, _Known] = {}
        self._audience = (app_id, f"api://{app_id}", f"api://botid-{app_id}")
        self._keys = keys
        self._tenants = frozenset(tenant.lower() for tenant in tenants)
        self._service_urls = service_urls

    async def prove(self, authorization: str) -> Proof:
        """Check the bearer token: signature, issuer, audience, times.

        Raises:
            NotSigned: it isn't good.
            NoKeys: nobody can say.
        """
        known = self._proven.get(authorization)
        if known and known.until > self._clock():
            return known.proof
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotSigned("no bearer token")
        try:
            header = jwt.get_unverified_header(token)
            key_id = header.get("kid")
            if header.get("alg") != "RS256" or not isinstance(key_id, str):
                raise NotSigned("signed in another way")
            found = await self._keys.find(key_id)
            if found is None:
                raise NotSigned("unknown key")
            claims = jwt.decode(
                token.strip(),
                found[0],
                algorithms=["RS256"],
                audience=self._audience,
                issuer=self._keys.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise NotSigned(type(error).__name__) from error
        proof = Proof(str(claims.get("serviceurl") or claims.get("serviceUrl") or ""), found[1])
        self._remember(authorization, proof, float(claims["exp"]))
        return proof

    def _remember(self, authorization: str, proof: Proof, ends_at: float) -> None:
        """The Bot Framework uses a token for an hour: it needn't be worked through each time. Only for minutes, though."""
        if len(self._proven) >= REMEMBERED:
            self._proven.clear()
        self._proven[authorization] = _Known(proof, min(ends_at, self._clock() + REMEMBERED_SECONDS))

    def admit(self, body: Mapping[str, Any], proof: Proof) -> str:
        """The tenant of a body that the proof covers.

        Raises:
            NotAnActivity: it lacks its service URL or channel.
            NotSigned: the token was made for another service URL.
            NotAllowed: a service URL, channel or tenant that we don't serve.
        """
        service_url, channel = body.get("serviceUrl"), body.get("channelId")
        if not isinstance(service_url, str) or not service_url or not isinstance(channel, str) or not channel:
            raise NotAnActivity("no serviceUrl or channelId")
        if _same(proof.service_url) != _same(service_url):
            raise NotSigned("the token is for another service URL")
        if service_url not in self._service_urls:
            raise NotAllowed("service URL not in TEAMS_SERVICE_URLS")
        if channel != CHANNEL or (proof.endorsements and channel not in proof.endorsements):
            raise NotAllowed("channel not endorsed")
        tenant = tenant_of(body)
        if tenant.lower() not in self._tenants:
            raise NotAllowed("tenant not in TEAMS_ALLOWED_TENANTS")
        return tenant


def tenant_of(body: Mapping[str, Any]) -> str:
    """The tenant a body says it is from; empty when it says none, or two."""
    data, conversation = body.get("channelData"), body.get("conversation")
    in_data = data.get("tenant") if isinstance(data, dict) else None
    first = in_data.get("id") if isinstance(in_data, dict) else None
    second = conversation.get("tenantId") if isinstance(conversation, dict) else None
    said = {one for one in (first, second) if isinstance(one, str) and one}
    return said.pop() if len(said) == 1 else ""


def _same(url: str) -> str:
    return url.rstrip("/").lower()
