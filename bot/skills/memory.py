"""What the bot keeps of somebody, and taking the last of it away: "forget that"."""

from bot.desk import Desk
from bot.reply import Block, Card
from bot.skills.vocabulary import Answer, Verbs
from storage import life


def forget(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`forget`: the last question, photo or new issue of this person. Its files go when the turn is done."""
    done = life.forget_latest(desk.records, desk.person.tenant_id, desk.person.id, desk.now)
    if done is None:
        text = desk.say("forget.nothing")
    else:
        kind, files = done
        desk.files_to_remove.extend(files)
        said = {"photo": desk.say("forget.photo"), "issue": desk.say("forget.issue"), "question": desk.say("forget.question")}
        text = said[kind]
    return Answer(Card(desk.say("forget.title"), (Block("say", text),), (desk.button("my_data", "data"),)), place=False)


def data(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`data`: what is kept, for how long, and whom to ask."""
    own = desk.person.contract
    days = {**life.DAYS, **(((own.settings or {}).get("retention") or {}) if own else {})}
    lines = (
        desk.say("data.who"),
        desk.say("data.questions", days=days["questions"]),
        desk.say("data.photos", days=days["photos"]),
        desk.say("data.visits", days=days["visits"]),
        desk.say("data.words"),
    )
    blocks = (Block("points", items=lines), Block("note", desk.say("data.ask", code=f"P{desk.person.id}")))
    return Answer(Card(desk.say("data.title"), blocks, (desk.button("forget", "forget"),)))


VERBS: Verbs = {"forget": forget, "data": data}
