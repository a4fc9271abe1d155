"""A line about photos that came with a message and could not be fetched."""

from dataclasses import replace

from bot.desk import Desk
from bot.reply import Block, Reply


def beside(desk: Desk, reply: Reply) -> Reply:
    """The line, under the answer to the words that came with them."""
    if not reply.posts:
        return reply
    line = desk.say("photo.lost") if desk.turn.lost else desk.say("photo.kept")
    first = reply.posts[0]
    card = replace(first.card, blocks=(*first.card.blocks, Block("note", line)))
    return replace(reply, posts=(replace(first, card=card), *reply.posts[1:]))
