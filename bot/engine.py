"""The one door: a turn goes in, a reply comes out.

Order of a turn: danger first, always; then a tap's command; then the open question of the dialogue; then what was typed in
shorthand; then a question for the reader. Repair words (back, cancel, repeat, change, undo, help) work everywhere, and
whatever a danger interrupts is offered again.
"""

import re
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from bot.desk import Desk
from bot.errors import UnknownCommand
from bot.phrases import Phrases
from bot.privacy import Guard
from bot.reply import Block, Card, Post, Reply
from bot.skills import (
    campaigns,
    following,
    issues,
    landing,
    memory,
    operations,
    people,
    photos,
    picture,
    pocket,
    questions,
    register,
    rules,
    safety,
    standards,
    teaching,
    tending,
    tips,
    visits,
    welcome,
)
from bot.skills.vocabulary import Answer, Handler
from bot.skills.wanted import by_intent
from bot.turn import Turn
from bot.understanding.danger import Danger
from bot.understanding.ears import Ears
from bot.understanding.head import Head
from bot.understanding.intent import intent_of, may_ask
from bot.understanding.office import is_setting
from bot.understanding.reader import Reader
from bot.understanding.report import Reporter
from bot.understanding.shorthand import Command, Shorthand
from bot.understanding.words import squash
from content import Pack, guard_words

SKILLS = (
    safety,
    standards,
    rules,
    questions,
    teaching,
    visits,
    issues,
    following,
    tending,
    photos,
    register,
    picture,
    pocket,
    tips,
    campaigns,
    landing,
    welcome,
    people,
    memory,
    operations,
)
FORMS = {**questions.FORMS, **issues.FORMS}
HANDLERS: dict[str, Handler] = dict(chain.from_iterable(skill.VERBS.items() for skill in SKILLS))
REPAIR = frozenset({"back", "cancel", "repeat", "change", "undo"})
RESUMES = frozenset({"resume", "carry on", "where was i", "continue"})
BREAKS_OFF = REPAIR | {"help", "trainer"}

MOVES_ON = frozenset({"about", "culture", "help", "numbers", "theme", "themes", "welcome"})  # from the question asked before


@dataclass(frozen=True)
class Screen:
    """The card a tap came from, as storage knows it now: its buttons, where it was, and whether the tap is out of date."""

    place: str | None
    trail: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    stale: bool
    edits: bool
    revision: int = 0


class Engine:
    """Holds what never changes between turns: the pack and what was learned from it."""

    def __init__(self, pack: Pack, reader: Reader, head: Head | None = None) -> None:
        self.pack = pack
        self.reader = reader
        self.head = head
        self.phrases = Phrases(pack.phrases)
        self.ears = Ears(pack, head)
        self.reporter = Reporter(pack, head)
        self.shorthand = Shorthand(pack)
        self.guard = Guard(guard_words())

    def reflex(self, turn: Turn) -> Card | None:
        """The safety card for what was typed, from the pack alone: for when nothing else works."""
        heard = self._dangers(turn)
        return self._danger_card(heard) if heard and heard[0].strength == "card" else None

    def respond(self, desk: Desk, screen: Screen | None = None) -> Reply:
        """Answer one turn. Changes `desk.dialogue`; writes through `desk.records` only.

        Raises:
            BotError: a fault of ours; the turn is rolled back, retried and then kept as a dead letter.
        """
        turn = desk.turn
        if turn.event in ("left", "removed"):
            return Reply()
        if turn.event == "home":
            return Reply(home=welcome.home(desk))
        if turn.event == "joined":
            return Reply() if desk.person.welcomed_at else self._posted(desk, welcome.welcome(desk, ()), "welcome")
        reply = self._tapped(desk, screen) if turn.kind == "choice" else self._typed(desk)
        reply = _with_visit(desk, reply)
        if turn.removed:
            reply = _with_removed(desk, reply)
        return photos.beside(desk, reply) if (desk.turn.lost or desk.turn.photos) and turn.text.strip() else reply

    def form(self, says: str) -> Card | None:
        """The form that a button leads to, if it does; from the pack alone."""
        made = FORMS.get(says)
        return made(self.phrases) if made else None

    def guarded(self, turn: Turn) -> Turn:
        """The turn without what must not be kept. What it meant is worked out first: a danger is heard in the very words."""
        choice = turn.choice
        if choice and choice.fields:
            cleaned = {name: self.guard.clean(value) for name, value in choice.fields.items()}
            removed = tuple(dict.fromkeys(kind for one in cleaned.values() for kind in one.kinds))
            fields = {name: one.text for name, one in cleaned.items()}
            meant = self._meaning(" ".join(choice.fields.values())) if removed else None
            return replace(turn, choice=replace(choice, fields=fields), removed=removed, meant=meant)
        kept = self.guard.clean(turn.text)
        if not kept.kinds or is_setting(turn.text):
            return turn
        return replace(turn, text=kept.text, removed=kept.kinds, meant=self._meaning(turn.text))

    def listen(self, text: str) -> list[Danger]:
        """Every danger in the text, cards before cautions, the more urgent first."""
        return self.ears.listen(text)

    def intent(self, text: str, command: Command | None) -> str:
        """What is wanted: one of the kinds of `bot.understanding.intent`."""
        if command is not None:
            return intent_of(text, command)
        scores = self.head.scores(text) if self.head else None
        return intent_of(text, None, scores, searched=self.reader.read(text).searched)

    def _meaning(self, text: str) -> dict[str, Any]:
        dangers = [[danger.card.id, danger.strength] for danger in self.listen(text)]
        return {"dangers": dangers, "intent": self.intent(text, None), "reading": self.reader.read(text).to_json()}

    def _dangers(self, turn: Turn) -> list[Danger]:
        if turn.meant is None:
            return self.listen(turn.text)
        known = [(self.pack.card_by_id.get(identity), strength) for identity, strength in turn.meant["dangers"]]
        return [Danger(card, strength) for card, strength in known if card]

    def _typed(self, desk: Desk) -> Reply:
        heard = self._dangers(desk.turn)
        if heard and heard[0].strength == "card":
            near = desk.read(desk.turn.text).near
            return self._interrupt(desk, self._danger_card(heard, near), heard[0].card.id)
        reply = self._answered(desk, heard[0].card.standard if heard else None)
        return _with_caution(desk, reply, heard[0]) if heard else reply

    def _interrupt(self, desk: Desk, card: Card, danger_id: str) -> Reply:
        """The safety card now; where the person was stays, and one of the buttons leads back."""
        if desk.dialogue.place or desk.dialogue.awaiting:
            card = replace(card, buttons=(*card.buttons, desk.button("carry_on", "repeat")))
        if own := safety.own_numbers(desk, danger_id):
            card = replace(card, footer="\n".join((*own, card.footer)))
        options = tuple((button.label, button.says) for button in card.buttons)
        desk.dialogue = replace(desk.dialogue, options=options)
        return Reply((Post(card, desk.dialogue.place, desk.dialogue.trail),))

    def _danger_card(self, heard: list[Danger], near: tuple[str, ...] = ()) -> Card:
        cards = [danger.card for danger in heard if danger.strength == "card"]
        return safety.card_of(self.phrases, cards[0], tuple(cards[1:]), near)

    def _answered(self, desk: Desk, hint: str | None) -> Reply:
        dialogue = desk.dialogue
        here = _subject(dialogue.place)
        command = self.shorthand.read(desk.turn.text, options=dialogue.options, here=here, today=desk.today)
        if dialogue.awaiting == questions.AWAITING and (command is None or command.verb not in BREAKS_OFF):
            return self._posted(desk, questions.keep(desk, desk.turn.text), None)
        if command is not None:
            if dialogue.awaiting == issues.AWAITING and command.verb not in REPAIR:
                desk.dialogue = replace(dialogue, awaiting=None)
            if command.verb == "repeat" and dialogue.visit and squash(desk.turn.text) in RESUMES:
                command = Command("visit", (str(dialogue.visit),))
            return self._run(desk, command, dialogue.trail)
        if not desk.turn.text.strip() and (desk.turn.photos or desk.turn.lost):
            return self._came(desk, issues.photo_alone(desk), "photo", dialogue.trail)
        if not desk.turn.text.strip():
            return self._run(desk, Command("help"), dialogue.trail)
        return self._free(desk, hint)

    def _free(self, desk: Desk, hint: str | None) -> Reply:
        """Words that are no command: an answer to what is on screen, else what the message wants, else a question."""
        dialogue, text = desk.dialogue, desk.turn.text
        if answer := visits.typed(desk, text) or following.corrected(desk, text) or self._by_intent(desk, text):
            return self._came(desk, answer, dialogue.place or "help", dialogue.trail)
        if language := self.ears.languages.of(text):
            return self._came(desk, questions.in_another_language(desk, text, language), "themes", dialogue.trail)
        answer, place = questions.ask(desk, text, hint)
        return self._posted(desk, answer, place, _onward(dialogue.place, dialogue.trail, place))

    def _by_intent(self, desk: Desk, text: str) -> Answer | None:
        """What a message wants that isn't a question; None for a question, and for another language."""
        if self.ears.languages.of(text):
            return None
        wanted = self._wanted(desk)
        answer = by_intent(desk, wanted, text)
        near = desk.read(text).near if answer and may_ask(text, wanted) else ()
        return questions.with_standard(desk, answer, near[0]) if answer and near else answer

    def _tapped(self, desk: Desk, screen: Screen | None) -> Reply:
        choice = desk.turn.choice
        if screen is None or choice is None:
            return self._posted(desk, self._gone(desk), None)
        if screen.stale and screen.place and not choice.fields:
            desk.dialogue = desk.dialogue.moved(screen.place, screen.options, screen.trail)
            reply = self._run(desk, Command.parse(screen.place), screen.trail, back_to=screen.trail)
            return _in_place(_with_note(reply, desk.say("stale.note")))
        if choice.option >= len(screen.options):
            return self._posted(desk, self._gone(desk), None)
        says = screen.options[choice.option][1]
        if choice.fields and (typed := self._filled(says, choice.fields)):
            desk.turn = replace(desk.turn, text=typed)
            reply = self._typed(desk)
            return _in_place(reply) if screen.edits and "{" in says else reply
        desk.dialogue = desk.dialogue.moved(screen.place or "", screen.options, screen.trail)
        if "{" in says:  # sent with nothing in it
            return self._posted(desk, questions.waiting(desk), None)
        reply = self._run(desk, Command.parse(says), screen.trail)
        return _in_place(reply) if screen.edits else reply

    def _filled(self, says: str, fields: dict[str, str]) -> str | None:
        """What the person would have typed instead of filling the form in; None when nothing was put in."""
        form = self.form(says)
        template = form.buttons[0].says if form else says
        if not any(value.strip() for value in fields.values()):
            return None
        return re.sub(r"\{(\w+)\}", lambda gap: fields.get(gap[1], ""), template)

    def _gone(self, desk: Desk) -> Answer:
        card = Card(desk.say("gone.title"), (Block("say", desk.say("gone.text")),), (desk.button("themes", "themes"),))
        return Answer(card, place=False)

    def _run(self, desk: Desk, command: Command, trail: tuple[str, ...], back_to: tuple[str, ...] | None = None) -> Reply:
        if command.verb in REPAIR:
            return self._repair(desk, command.verb, trail)
        handler = HANDLERS.get(command.verb)
        if handler is None:
            raise UnknownCommand(command.verb)
        if command.verb in MOVES_ON:
            desk.dialogue = replace(desk.dialogue, asked=None)
        return self._came(desk, handler(desk, command.args), str(command), trail, back_to)

    def _came(
        self, desk: Desk, answer: Answer, command: str, trail: tuple[str, ...], back_to: tuple[str, ...] | None = None
    ) -> Reply:
        """A skill's answer as a reply; the way back leads through where the person was."""
        place = answer.at or command
        onward = back_to if back_to is not None else _onward(desk.dialogue.place, trail, place)
        return self._posted(desk, answer, place if answer.place else None, onward)

    def _wanted(self, desk: Desk) -> str:
        """The kind of message, from the very words where the guard took some of them out since."""
        meant = desk.turn.meant or {}
        return str(meant.get("intent") or self.intent(desk.turn.text, None))

    def _repair(self, desk: Desk, word: str, trail: tuple[str, ...]) -> Reply:
        dialogue = desk.dialogue
        if word == "undo" or (word == "change" and dialogue.undo):
            return self._undo(desk, again=word == "change")
        if word == "cancel":
            desk.dialogue = replace(dialogue, awaiting=None, asked=None)
            name = "cancel.stopped" if dialogue.awaiting else "cancel.nothing"
            card = Card(desk.say("cancel.title"), (Block("say", desk.say(name)),), (desk.button("themes", "themes"),))
            return self._posted(desk, Answer(card, place=False), None)
        if dialogue.awaiting and word in ("repeat", "change", "back"):
            skill = issues if dialogue.awaiting == issues.AWAITING else questions
            return self._posted(desk, skill.waiting(desk), None)
        if word in ("back", "change") and dialogue.visit and dialogue.place == f"visit {dialogue.visit}" and dialogue.undo:
            return self._run(desk, Command("unanswer", (str(dialogue.visit),)), trail)
        if word in ("back", "change") and trail:
            return self._run(desk, Command.parse(trail[-1]), trail[:-1], back_to=trail[:-1])
        if word == "repeat" and dialogue.place:
            return self._run(desk, Command.parse(dialogue.place), trail, back_to=trail)
        return self._run(desk, Command("themes"), (), back_to=())

    def _undo(self, desk: Desk, *, again: bool) -> Reply:
        undo = desk.dialogue.undo
        if not undo:
            card = Card(desk.say("undo.title"), (Block("say", desk.say("undo.nothing")),), (desk.button("carry_on", "repeat"),))
            return self._posted(desk, Answer(card, place=False), None)
        desk.dialogue = replace(desk.dialogue, undo=None)
        if not undo.startswith("question "):
            return self._run(desk, Command.parse(undo), desk.dialogue.trail)
        answer = questions.take_back(desk, int(undo.split()[1]))
        if again:
            desk.dialogue = replace(desk.dialogue, awaiting=questions.AWAITING)
            answer = questions.waiting(desk)
        return self._posted(desk, answer, None)

    def _posted(self, desk: Desk, answer: Answer, place: str | None, trail: tuple[str, ...] = ()) -> Reply:
        """The answer as a reply, and the dialogue moved to where it leads."""
        card = answer.card
        if desk.person.welcomed_at is None and place not in (None, "welcome", "help"):
            pick = (desk.button("team", "team"),) if welcome.may_pick(desk) else ()
            footer = "\n".join(line for line in (card.footer, desk.say("welcome.first")) if line)
            card = replace(card, footer=footer, buttons=(*card.buttons, *pick))
        options = tuple((button.label, button.says) for button in card.buttons)
        if place is None:
            desk.dialogue = replace(desk.dialogue, options=options)
            return Reply((Post(card, desk.dialogue.place, desk.dialogue.trail),))
        desk.dialogue = desk.dialogue.moved(place, options, trail)
        return Reply((Post(card, place, desk.dialogue.trail),))


def _subject(place: str | None) -> str | None:
    """The standard or rule that a place is about."""
    words = (place or "").split()
    return (
        words[1]
        if len(words) >= 2 and words[0] in ("standard", "more", "why", "say", "source", "related", "wording", "rule")
        else None
    )


def _onward(place: str | None, trail: tuple[str, ...], new: str) -> tuple[str, ...]:
    """The trail after going from `place` to `new`; showing the same card again adds nothing."""
    return trail if not place or place == new else (*trail, place)


def _in_place(reply: Reply) -> Reply:
    return replace(reply, posts=tuple(replace(post, in_place=not post.card.urgent) for post in reply.posts))


def _with_note(reply: Reply, note: str) -> Reply:
    return replace(
        reply,
        posts=tuple(replace(p, card=replace(p.card, blocks=(Block("note", note), *p.card.blocks))) for p in reply.posts),
    )


def _with_visit(desk: Desk, reply: Reply) -> Reply:
    """A visit that is under way is offered again under whatever came between."""
    back = f"visit {desk.dialogue.visit}"
    if desk.dialogue.visit is None or not reply.posts or desk.dialogue.place == back or reply.posts[0].card.urgent:
        return reply
    first = reply.posts[0]
    if any(button.says == back for button in first.card.buttons):
        return reply
    button = desk.button("visit_on", back, style="primary")
    desk.dialogue = replace(desk.dialogue, options=(*desk.dialogue.options, (button.label, button.says)))
    card = replace(first.card, buttons=(*first.card.buttons, button))
    return replace(reply, posts=(replace(first, card=card), *reply.posts[1:]))


def _with_removed(desk: Desk, reply: Reply) -> Reply:
    """One line that says what wasn't kept and why; a safety card stays as it is."""
    if not reply.posts or reply.posts[0].card.urgent:
        return reply
    first = reply.posts[0]
    line = desk.say("removed.note", kinds=", ".join(desk.turn.removed))
    card = replace(first.card, blocks=(*first.card.blocks, Block("note", line)))
    return replace(reply, posts=(replace(first, card=card), *reply.posts[1:]))


def _with_caution(desk: Desk, reply: Reply, danger: Danger) -> Reply:
    """One line of the safety card on top of the answer, and a button for the rest."""
    if not reply.posts:
        return reply
    first = reply.posts[0]
    button = questions.more_button(desk, danger.card.id, danger.card.title)
    blocks = (Block("caution", danger.card.caution), *first.card.blocks)
    card = replace(first.card, blocks=blocks, buttons=(button, *first.card.buttons))
    desk.dialogue = replace(desk.dialogue, options=((button.label, button.says), *desk.dialogue.options))
    return replace(reply, posts=(replace(first, card=card), *reply.posts[1:]))
