"""What can go wrong on the way out, and at the start.

AdapterError
├── SettingsError         a setting is missing or wrong: one line that says which and how to mend it
└── DeliveryError
    ├── RateLimited       the platform said to wait: nothing was sent, try after `seconds`
    ├── NotSent           it didn't arrive (no connection, or a gateway in between says so): try again
    ├── MaybeSent         it may have arrived (time-out, server error): whether a double or a miss is worse, the parcel knows
    ├── Unreachable       the person or channel is gone: don't try again
    ├── Misconfigured     our token or scopes are wrong: keep it for an operator
    ├── MessageGone       the message to edit is no longer there: send it anew
    └── NotRendered       the platform refused how it looks: try a plainer rendering
"""


class AdapterError(Exception):
    """Anything that the outside world or its settings got wrong."""


class SettingsError(AdapterError):
    """The program can't start like this."""


class DeliveryError(AdapterError):
    """A send that failed."""


class RateLimited(DeliveryError):
    """The platform's limit was reached.

    `told`: the platform said how long to wait; else `seconds` is where a growing pause begins.
    """

    def __init__(self, seconds: float, *, told: bool) -> None:
        self.seconds, self.told = seconds, told
        super().__init__(f"rate limited for {seconds:g} s")


class NotSent(DeliveryError):
    """The platform didn't get it, as far as anybody can tell."""


class MaybeSent(DeliveryError):
    """The platform may have got it."""


class Unreachable(DeliveryError):
    """There is nobody to get it any more."""


class Misconfigured(DeliveryError):
    """The platform refuses us, not the message."""


class MessageGone(DeliveryError):
    """The message to edit was deleted."""


class NotRendered(DeliveryError):
    """The platform refused the blocks."""
