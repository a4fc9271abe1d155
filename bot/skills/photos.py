"""Photos that come with a message, or alone. They are kept; what they show has to be said in words."""

from dataclasses import replace

from bot.desk import Desk
from bot.reply import Block, Card, Reply
from bot.skills.vocabulary import Answer


def alone(desk: Desk) -> Answer:
    """A photo without words."""
    kept = len(desk.turn.photos)
    lines = [desk.say("photo.text")] if kept else []
    if desk.turn.lost:
        lines.append(desk.say("photo.lost"))
    title = desk.say("photo.title", count=kept) if kept else desk.say("photo.lost_title")
    return Answer(Card(title, tuple(Block("say", line) for line in lines), (desk.button("themes", "themes"),)), place=False)


def beside(desk: Desk, reply: Reply) -> Reply:
    """A line about the photos under the answer to the words that came with them."""
    if not reply.posts:
        return reply
    line = desk.say("photo.lost") if desk.turn.lost else desk.say("photo.kept")
    first = reply.posts[0]
    card = replace(first.card, blocks=(*first.card.blocks, Block("note", line)))
    return replace(reply, posts=(replace(first, card=card), *reply.posts[1:]))
