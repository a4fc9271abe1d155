"""Why an inbound is turned away.

Refused (an AdapterError)
├── NotSigned      401  no token, or one that the Bot Framework didn't issue to us for now
├── NotAllowed     403  a good token, but a tenant, channel or service URL that we don't serve
├── NotAnActivity  400  a body that is no activity, or lacks what Teams always sends
└── NoKeys         503  the issuer's keys can't be had just now, or not in time; nothing can be proved either way
"""

from adapters.errors import AdapterError


class Refused(AdapterError):
    """The request gets `status`, and no turn."""

    status = 400


class NotSigned(Refused):
    """The Bot Framework didn't send this."""

    status = 401


class NotAllowed(Refused):
    """Sent by the Bot Framework, but not from where we serve."""

    status = 403


class NotAnActivity(Refused):
    """It can't be read."""

    status = 400


class NoKeys(Refused):
    """There is nothing to check a signature with."""

    status = 503
