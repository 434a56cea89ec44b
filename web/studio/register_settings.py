"""What can be set of a register as a whole, read from its file and from what an author typed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from engine.model import Json
from engine.registers import editing
from processes.agenda import Agenda
from web.digits import whole
from web.i18n import _, language
from web.studio.naming import fault_in

LONGEST_TITLE = 200
_SEPARATED = re.compile(r"[,;\s]+")
#: The smallest factor by which a reading is a jump; the shape of registers says the same.
SMALLEST_JUMP = 2


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A date of the records before which a case begins."""

    at: int
    date: str
    process: str
    days: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings as texts of the page's controls."""

    title: str = ""
    english: str = ""
    caption: str = ""
    read: frozenset[str] = frozenset()
    write: frozenset[str] = frozenset()
    watched: tuple[Watched, ...] = ()
    #: None: the register keeps no rows in time.
    jump: str | None = None
    #: Control → sentence.
    errors: Mapping[str, str] = field(default_factory=dict)

    def over(self, definition: dict[str, Json], before: Settings) -> dict[str, Json]:
        """The register with what differs from before."""
        made = dict(definition)
        if (self.title, self.english) != (before.title, before.english):
            titles = {**(made.get("title") or {}), "cs": self.title, "en": self.english}
            made["title"] = {lang: text for lang, text in titles.items() if text}
        if self.caption != before.caption:
            made["caption"] = self.caption
        for kind, groups in (("read", self.read), ("write", self.write)):
            made = editing.with_rights(made, kind, groups)
        for one, was in zip(self.watched, before.watched, strict=True):
            if one.days != was.days:
                made = editing.with_days_before(made, one.at, _days(one.days) or [])
        if self.jump is not None and self.jump != before.jump:
            rows = {name: value for name, value in made["rows"].items() if name != "jump"}
            made["rows"] = rows | ({"jump": int(self.jump)} if self.jump else {})
        return made


def settings_of(definition: Mapping[str, Json]) -> Settings:
    """The settings as they stand."""
    title = definition.get("title") or {}
    rows = definition.get("rows")
    watches = definition.get("watch") or []
    return Settings(
        title=title.get("cs", ""),
        english=title.get("en", ""),
        caption=definition.get("caption") or "",
        read=editing.may(definition, "read"),
        write=editing.may(definition, "write"),
        watched=tuple(
            Watched(
                at=at,
                date=_label(definition, str(one["date"])),
                process=str(one.get("start") or one.get("message") or ""),
                days=", ".join(map(str, days)),
            )
            for at, one in enumerate(watches)
            if (days := editing.days_before(one)) is not None
        ),
        jump=str(rows.get("jump") or "") if isinstance(rows, dict) else None,
    )


def read_settings(before: Settings, posted: Mapping[str, str], names: Collection[str]) -> Settings:
    """What was typed, with what is wrong of it; `names` are those of the fields."""
    errors: dict[str, str] = {}
    title = " ".join(posted.get("title", "").split())[:LONGEST_TITLE]
    if not title:
        errors["title"] = _("Write what is kept in it.")
    caption = posted.get("caption", before.caption).strip()
    if caption != before.caption and (why := fault_in(caption, names)):
        errors["caption"] = why
    watched = tuple(replace(one, days=posted.get(f"w:{one.at}", one.days).strip()) for one in before.watched)
    for one in watched:
        if _days(one.days) is None:
            errors[f"w:{one.at}"] = _("Write numbers of days, for example 180, 90.")
    jump = posted.get("jump", before.jump or "").strip() if before.jump is not None else None
    if jump and (whole(jump) or 0) < SMALLEST_JUMP:
        errors["jump"] = _("Write a whole number, at least 2.")
    return Settings(
        title=title,
        english=" ".join(posted.get("english", "").split())[:LONGEST_TITLE],
        caption=caption,
        read=_ticked(posted, "read"),
        write=_ticked(posted, "write"),
        watched=watched,
        jump=jump,
        errors=errors,
    )


def groups_of(agenda: Agenda) -> Mapping[str, str]:
    """The groups that the agenda has, by their names; its registers may speak of no others."""
    named = {key: title.get(language()) or title.get("cs") or key for key, title in agenda.groups.items()}
    return dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))


def _ticked(posted: Mapping[str, str], kind: str) -> frozenset[str]:
    start = f"g:{kind}:"
    return frozenset(name.removeprefix(start) for name in posted if name.startswith(start))


def _days(text: str) -> list[int] | None:
    """Numbers of days; None where something else stands there."""
    found = [whole(one) for one in _SEPARATED.split(text.strip()) if one]
    return [one for one in found if one is not None] if None not in found and found else None


def _label(definition: Mapping[str, Json], name: str) -> str:
    shape = (definition.get("schema", {}).get("properties") or {}).get(name)
    title = shape.get("title") if isinstance(shape, dict) else None
    return title if isinstance(title, str) and title else name
