"""What can go wrong in a turn.

BotError
├── UnknownCommand   a button or line says a verb that no skill answers: a bug, the turn is kept as a dead letter
├── NoEncoder        the sentence encoder isn't there or isn't the known one: the bot starts on plain search and says so
├── NoHead           nothing was learned from this pack yet, or from other examples: the same
└── MissingPhrase    a skill asks for a sentence that the pack doesn't hold: a bug, or a customer's pack without it
"""


class BotError(Exception):
    """Anything that keeps a turn from getting its answer."""


class UnknownCommand(BotError):
    """No skill answers this verb."""


class MissingPhrase(BotError):
    """The pack holds no such sentence."""


class NoEncoder(BotError):
    """The sentence encoder can't be used."""


class NoHead(BotError):
    """There is no learned file for these examples."""
