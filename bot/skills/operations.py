"""What an admin sees of the machine: messages that could not be answered, and sending one through again."""

from bot.desk import Desk
from bot.permissions import may
from bot.reply import Block, Button, Card
from bot.skills.people import refused
from bot.skills.vocabulary import Answer, Verbs
from storage import letters


def dead_letters(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`letters`: what was kept because it failed."""
    if not may(desk.person.roles, "see stuck messages"):
        return refused(desk, "see stuck messages")
    found = letters.dead(desk.records, desk.person.tenant_id, limit=8)
    lines = tuple(f"{letter.id}: {letter.received_at:%d %b %H:%M} UTC, {letter.reason}" for letter in found)
    body = Block("points", items=lines) if lines else Block("say", desk.say("letters.none"))
    buttons = tuple(Button(f"Retry {letter.id}", f"letter {letter.id}") for letter in found)
    return Answer(Card(desk.say("letters.title", count=len(found)), (body,), buttons))


def retry(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`letter 12`: try it again."""
    if not may(desk.person.roles, "see stuck messages"):
        return refused(desk, "see stuck messages")
    done = letters.retry(desk.records, desk.person.tenant_id, int(args[0]), desk.now)
    return Answer(
        Card(
            desk.say("letters.title", count=int(done)),
            (Block("say", desk.say("letters.retried" if done else "letters.gone")),),
        ),
        place=False,
    )


VERBS: Verbs = {"letters": dead_letters, "letter": retry}
