"""A tenant's five colours, light and dark. A colour nobody could read on is replaced by the default one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace

from engine.model import Json

HEX = re.compile(r"#[0-9a-fA-F]{6}")
#: WCAG 2.2, 1.4.3.
TEXT_CONTRAST = 4.5
#: WCAG 2.2, 1.4.11.
SHAPE_CONTRAST = 3.0


@dataclass(frozen=True, kw_only=True)
class Colours:
    """The five colours a town sets for one scheme."""

    tenant: str
    #: Text on soft.
    strong: str
    #: Ground.
    soft: str
    line: str
    #: Text on tenant.
    on: str
    #: Ground of the page, ours.
    page: str
    #: Whatever is tenant-coloured and must show on the page.
    link: str


LIGHT = Colours(
    tenant="#0f5a6b", strong="#0a4453", soft="#e6f1f3", line="#b5d3d9", on="#ffffff", page="#f6f7f8", link="#0f5a6b"
)
DARK = Colours(
    tenant="#1b7186", strong="#8fd3e0", soft="#16323a", line="#2c5a66", on="#ffffff", page="#0f151a", link="#86cedc"
)


@dataclass(frozen=True, kw_only=True)
class Palette:
    """Light and dark."""

    light: Colours = field(default=LIGHT)
    dark: Colours = field(default=DARK)


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def legible(colours: Colours) -> bool:
    """Whether everything drawn in these colours can be read."""
    return (
        contrast(colours.on, colours.tenant) >= TEXT_CONTRAST
        and contrast(colours.strong, colours.soft) >= TEXT_CONTRAST
        and contrast(colours.link, colours.page) >= TEXT_CONTRAST
        and contrast(colours.link, colours.soft) >= SHAPE_CONTRAST
    )


def chosen(given: Json, default: Colours, *, link: str) -> Colours:
    """The tenant's colours over the default; the default whole where they aren't legible."""
    if not isinstance(given, dict):
        return default
    names = {item.name for item in fields(Colours)} - {"page"}
    valid = {name: value for name, value in given.items() if name in names and HEX.fullmatch(str(value))}
    mixed = replace(default, **valid)
    if "link" not in valid:
        mixed = replace(mixed, link=getattr(mixed, link))
    return mixed if legible(mixed) else default


def palette(given: Json) -> Palette:
    """Read `{"light": {"tenant": "#…", …}, "dark": {…}}` of a tenant's settings."""
    asked = given if isinstance(given, dict) else {}
    return Palette(
        light=chosen(asked.get("light"), LIGHT, link="tenant"), dark=chosen(asked.get("dark"), DARK, link="strong")
    )


def rule(colours: Colours) -> str:
    return (
        f":root{{--r-tenant:{colours.tenant};--r-tenant-strong:{colours.strong};--r-tenant-soft:{colours.soft};"
        f"--r-tenant-line:{colours.line};--r-on-tenant:{colours.on};--r-link:{colours.link}}}"
    )


def tenant_css(colours: Palette) -> str:
    """The served `tenant.css`."""
    return f"{rule(colours.light)}\n@media (prefers-color-scheme:dark){{{rule(colours.dark)}}}\n"
