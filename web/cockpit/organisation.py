"""What an organisation says of itself: name, addresses, host names, sender of mails, colours, coat of arms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from lxml import etree

from engine.commands import ChangeTenant
from engine.model import ROLE_ADMIN, Json
from engine.queries.definitions import agendas, begun_elsewhere
from processes.manifest import choose
from web.auth import actor, let_in_only
from web.cockpit.room import execute
from web.here import session
from web.i18n import _, language
from web.tenancy import taken_hosts, tenant, tenant_key
from web.ui.colours import DARK, HEX, LIGHT, Colours, legible

blueprint = Blueprint("organisation", __name__, url_prefix="/velin/organizace")
blueprint.before_request(let_in_only(ROLE_ADMIN))

TEXTS = ("name", "stray_money", "subtitle_cs", "subtitle_en", "address", "phone", "email", "web", "mail_from", "hosts")
#: The five that an organisation sets in each scheme.
COLOURS = ("tenant", "strong", "soft", "line", "on")
SCHEMES = ("light", "dark")
LONGEST = 200
MOST_HOSTS = 20
#: Bytes of a coat of arms: it is on every page and in every letter.
MOST_ARMS = 60_000
ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]{2,}")
HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")
SVG = "{http://www.w3.org/2000/svg}"
#: Drawing and nothing else: no scripts, no foreign content, no references out of the picture.
DRAWN = frozenset(
    [
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "defs",
        "use",
        "title",
        "desc",
        "clipPath",
        "mask",
        "pattern",
        "symbol",
        "linearGradient",
        "radialGradient",
        "stop",
    ]
)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What is written in the form, and what is wrong with it by field."""

    said: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)


@blueprint.get("")
def page() -> ResponseReturnValue:
    """The form with what holds now."""
    return _page(Sheet(said=_as_written()))


@blueprint.post("")
def save() -> ResponseReturnValue:
    """Keep it; what can't be stays in the form with a sentence at its field."""
    said = {name: request.form.get(name, "").strip() for name in (*TEXTS, *_colour_names(), "arms_away", "review")}
    errors = _wrong_with(said)
    drawn = request.files.get("arms")
    content = drawn.read(MOST_ARMS + 1) if drawn and drawn.filename else b""
    if content and (problem := wrong_with_arms(content)):
        errors["arms"] = problem
    if errors:
        return _page(Sheet(said=said, errors=errors))
    settings = _settings(said)
    if content or said["arms_away"]:
        settings["arms"] = content.decode("utf-8-sig") if content else None
    execute(ChangeTenant(tenant=tenant_key(), actor=actor(), name=said["name"], settings=settings))
    flash(_("Saved."))
    return redirect(url_for("organisation.page"), 303)


def _page(sheet: Sheet) -> ResponseReturnValue:
    html = render_template(
        "cockpit/organisation.html",
        sheet=sheet,
        colours=COLOURS,
        schemes=SCHEMES,
        has_arms=tenant().arms is not None,
        treasuries=treasuries(),
    )
    return html, 422 if sheet.errors else 200


def treasuries() -> dict[str, str]:
    """Agendas that know what to do with stray money, key → title; {} where there is no choice."""
    begun = begun_elsewhere(session(), tenant_key(), "").get("payment.unmatched", {})
    keys = set(begun.values())
    titles = {one.agenda: choose(one.title, language()) for one in agendas(session(), tenant_key())}
    return {key: titles.get(key, key) for key in sorted(keys)} if len(keys) > 1 else {}


def _colour_names() -> tuple[str, ...]:
    return tuple(f"{scheme}_{colour}" for scheme in SCHEMES for colour in COLOURS)


def _as_written() -> dict[str, str]:
    here = tenant()
    hosts = here.settings.get("hosts")
    shown = {"light": here.colours.light, "dark": here.colours.dark}
    return {
        "name": here.name,
        "subtitle_cs": str(here.subtitle.get("cs") or ""),
        "subtitle_en": str(here.subtitle.get("en") or ""),
        "hosts": "\n".join(map(str, hosts)) if isinstance(hosts, list) else "",
        "mail_from": str(here.settings.get("mail_from") or ""),
        "stray_money": str(here.settings.get("stray_money") or ""),
        "review": "1" if here.settings.get("review") else "",
        **{name: getattr(here, name) for name in ("address", "phone", "email", "web")},
        **{f"{scheme}_{colour}": getattr(shown[scheme], colour) for scheme in SCHEMES for colour in COLOURS},
    }


def _settings(said: Mapping[str, str]) -> dict[str, Json]:
    return {
        **{name: said[name] or None for name in ("address", "phone", "email", "web", "mail_from", "stray_money")},
        "subtitle": {"cs": said["subtitle_cs"], "en": said["subtitle_en"]},
        "hosts": _hosts(said["hosts"]),
        "review": bool(said["review"]) or None,
        "colours": {scheme: _scheme(said, scheme) for scheme in SCHEMES},
    }


def _scheme(said: Mapping[str, str], scheme: str) -> dict[str, str]:
    return {colour: said[f"{scheme}_{colour}"].lower() for colour in COLOURS}


def _hosts(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip().lower() for line in text.splitlines() if line.strip()))


def _wrong_with(said: Mapping[str, str]) -> dict[str, str]:
    long = [name for name in TEXTS if name != "hosts" and len(said[name]) > LONGEST]
    errors = {name: _("This is too long.") for name in long}
    if not said["name"]:
        errors["name"] = _("Write the name of the organisation.")
    for name in ("email", "mail_from"):
        if said[name] and not ADDRESS.fullmatch(said[name]):
            errors[name] = _("Write an address such as podatelna@mesto.cz.")
    if problem := _wrong_with_hosts(_hosts(said["hosts"])):
        errors["hosts"] = problem
    if said["stray_money"] and said["stray_money"] not in treasuries():
        errors["stray_money"] = _("Choose one of the agendas.")
    return errors | {scheme: problem for scheme in SCHEMES if (problem := _wrong_with_colours(said, scheme))}


def _wrong_with_hosts(hosts: list[str]) -> str:
    if len(hosts) > MOST_HOSTS or not all(HOST.fullmatch(host) and len(host) < 254 for host in hosts):
        return _("Write one host name on a line, such as sluzby.mesto.cz, at most 20.")
    taken = taken_hosts(hosts)
    return _("This name belongs to somebody else here: %(hosts)s.", hosts=", ".join(taken)) if taken else ""


def _wrong_with_colours(said: Mapping[str, str], scheme: str) -> str:
    given = _scheme(said, scheme)
    if not all(HEX.fullmatch(colour) for colour in given.values()):
        return _("Write colours as #3d4a9e.")
    # As web.ui.colours reads them: by day the main colour is that of links, in the dark the one of texts.
    page, link = (LIGHT.page, given["tenant"]) if scheme == "light" else (DARK.page, given["strong"])
    if legible(Colours(**given, page=page, link=link)):
        return ""
    return _("Texts could not be read in these colours: there is too little contrast between text and ground.")


def wrong_with_arms(content: bytes) -> str:
    """Why a file can't be the coat of arms; "" when it can."""
    if len(content) > MOST_ARMS:
        return _("The picture is bigger than 60 kB.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return _("This is no picture in the format SVG.")
    if root.tag != f"{SVG}svg" or b"<!DOCTYPE" in content:
        return _("This is no picture in the format SVG.")
    harmless = all(_is_drawn(element) for element in root.iter(etree.Element))
    return "" if harmless else _("The picture may hold only drawing: no scripts, styles, photographs or links.")


def _is_drawn(element: etree._Element) -> bool:
    tag = str(element.tag)
    names = [str(name).rpartition("}")[2].lower() for name in element.attrib]
    links = [str(value) for name, value in element.attrib.items() if str(name).rpartition("}")[2].lower() == "href"]
    inside = all(link.startswith("#") for link in links)
    quiet = not any(name.startswith("on") or name == "style" for name in names)
    local = not any("url(" in str(value) and "url(#" not in str(value) for value in element.attrib.values())
    return tag.removeprefix(SVG) in DRAWN and tag.startswith(SVG) and inside and quiet and local
