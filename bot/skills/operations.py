"""What an admin sees of the machine: messages that could not be answered, and sending one through again."""

from bot.desk import Desk
from bot.reply import Block, Button, Card
from bot.skills.vocabulary import Answer, Verbs
from storage import letters


def _refused(desk: Desk) -> Answer:
    return Answer(
        Card(desk.say("refused.title"), (Block("say", desk.say("refused.admin")),), (desk.button("themes", "themes"),))
    )


def dead_letters(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`letters`: what was kept because it failed."""
    if "admin" not in desk.person.roles:
        return _refused(desk)
    found = letters.dead(desk.records, desk.person.tenant_id, limit=8)
    lines = tuple(f"{letter.id}: {letter.received_at:%d %b %H:%M} UTC, {letter.reason}" for letter in found)
    body = Block("points", items=lines) if lines else Block("say", desk.say("letters.none"))
    buttons = tuple(Button(f"Retry {letter.id}", f"letter {letter.id}") for letter in found)
    return Answer(Card(desk.say("letters.title", count=len(found)), (body,), buttons))


def retry(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`letter 12`: try it again."""
    if "admin" not in desk.person.roles:
        return _refused(desk)
    done = letters.retry(desk.records, desk.person.tenant_id, int(args[0]), desk.now)
    return Answer(
        Card(
            desk.say("letters.title", count=int(done)),
            (Block("say", desk.say("letters.retried" if done else "letters.gone")),),
        ),
        place=False,
    )


VERBS: Verbs = {"letters": dead_letters, "letter": retry}
