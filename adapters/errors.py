"""What can go wrong on the way out, and at the start.

AdapterError
├── SettingsError         a setting is missing or wrong: one line that says which and how to mend it
└── DeliveryError
    ├── RateLimited       the platform said to wait: nothing was sent, try after `seconds`
    ├── NotSent           it surely didn't arrive (no connection): try again
    ├── MaybeSent         it may have arrived (time-out, server error): try again, a double is the lesser harm
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
    """The platform's limit was reached."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"rate limited for {seconds:g} s")


class NotSent(DeliveryError):
    """The platform surely didn't get it."""


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
