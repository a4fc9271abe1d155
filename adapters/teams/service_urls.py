"""Which addresses are Microsoft's (or the operator's stand-ins). Our token goes nowhere else."""

from collections.abc import Iterable
from urllib.parse import urlsplit

MICROSOFT = (
    "https://smba.trafficmanager.net",
    "https://*.botframework.com",
    "https://smba.infra.gcc.teams.microsoft.com",
    "https://smba.infra.gov.teams.microsoft.us",
    "https://smba.infra.dod.teams.microsoft.us",
)
DOWNLOADS = ("https://*.sharepoint.com", "https://*.svc.ms", "https://*.teams.microsoft.com", "https://*.onedrive.com")


class Origins:
    """A list of allowed origins: scheme, host and port. `*.` in front of a host stands for any name below it."""

    def __init__(self, urls: Iterable[str]) -> None:
        self._exact: set[tuple[str, str, int | None]] = set()
        self._below: set[tuple[str, str, int | None]] = set()
        for url in urls:
            scheme, host, port = _origin(url)
            if host.startswith("*."):
                self._below.add((scheme, host[1:], port))
            else:
                self._exact.add((scheme, host, port))

    def __contains__(self, url: str) -> bool:
        """Whether the URL is at one of the origins. False for what is no URL."""
        try:
            scheme, host, port = _origin(url)
        except ValueError:
            return False
        below = any(host.endswith(end) and (scheme, port) == (s, p) for s, end, p in self._below)
        return below or (scheme, host, port) in self._exact


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError("no address of a web server")
    default = 443 if parts.scheme == "https" else 80
    return parts.scheme, parts.hostname.lower(), parts.port or default
