"""Who may do what. One table, so that an answer to "who can see this" is read in one place.

A role reaches as far as its people: an admin the whole tenant, a supervisor and a trainer their own contract, everybody else
only what is their own. Refusals name the roles that can.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from storage.issues import Sight
from storage.people import PersonRecord

ROLES = ("operative", "rlo", "supervisor", "trainer", "admin")

MAY: Mapping[str, frozenset[str]] = {
    "see open questions": frozenset({"trainer", "admin"}),
    "see stuck messages": frozenset({"admin"}),
    "see issues": frozenset({"rlo", "supervisor", "admin"}),
    "see restricted issues": frozenset({"supervisor", "admin"}),
    "follow issues": frozenset({"rlo", "supervisor", "admin"}),
    "send tips": frozenset({"trainer", "admin"}),
    "ask for a check": frozenset({"supervisor", "admin"}),
    "see summaries": frozenset({"supervisor", "admin"}),
    "see visit figures": frozenset({"supervisor", "trainer", "admin"}),
    "see people": frozenset({"supervisor", "trainer", "admin"}),
    "give roles": frozenset({"admin"}),
    "change the contract": frozenset({"supervisor", "admin"}),
    "see the audit": frozenset({"admin"}),
}


@dataclass(frozen=True)
class Reach:
    """Whose records somebody may see. `contracts` is None for all of the tenant's."""

    tenant_id: int
    person_id: int
    contracts: frozenset[int] | None


def may(roles: Iterable[str], act: str) -> bool:
    """Whether somebody with these roles may. Raises KeyError for an act that isn't in the table."""
    return bool(MAY[act] & set(roles))


def who_can(act: str) -> str:
    """The roles that may, for a refusal: "a trainer or an admin"."""
    named = [_named(role) for role in ROLES if role in MAY[act]]
    return " or ".join(filter(None, (", ".join(named[:-1]), named[-1])))


def _named(role: str) -> str:
    return "an RLO" if role == "rlo" else f"{'an' if role[0] in 'aeio' else 'a'} {role}"


def reach(person: PersonRecord) -> Reach:
    """How far the person's roles go."""
    if "admin" in person.roles:
        return Reach(person.tenant_id, person.id, None)
    wide = {"supervisor", "trainer"} & set(person.roles)
    own = frozenset({person.contract.id}) if wide and person.contract else frozenset()
    return Reach(person.tenant_id, person.id, own)


def sight(person: PersonRecord) -> Sight:
    """Which issues the person may see: their own, and with a role for it those of their contract (an admin: of the tenant)."""
    restricted = may(person.roles, "see restricted issues")
    if "admin" in person.roles:
        return Sight(person.tenant_id, person.id, None, restricted)
    wide = may(person.roles, "see issues") and person.contract is not None
    contracts = frozenset({person.contract.id}) if wide and person.contract else frozenset()
    return Sight(person.tenant_id, person.id, contracts, restricted)
