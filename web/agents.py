"""Browsers and systems by the words of their header, roughly: enough to tell one's own computer from another."""

from __future__ import annotations

#: The first that the header has: most of them also name others that they want to be taken for.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def agent_of(header: str) -> str:
    """Browser and system, such as `Firefox, Windows`; "" where it says neither."""
    found = [next((name for sign, name in table if sign in header), "") for table in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found))
