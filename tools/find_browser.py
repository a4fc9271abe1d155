"""Prints the path of a Chromium for the browser tests; exit code 1 when there is none."""

import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """A Chromium on the path, else the one that Playwright installed."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    for root in (Path.home() / ".cache" / "ms-playwright", Path.home() / "Library" / "Caches" / "ms-playwright"):
        for found in sorted(root.glob("chromium-*/chrome-*/[cC]hrom*")):
            if found.is_file():
                return str(found)
    return None


if __name__ == "__main__":
    path = find()
    print(path or "")
    sys.exit(0 if path else 1)
