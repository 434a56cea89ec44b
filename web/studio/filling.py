"""Which other questions an answer fills in, from ARES or a register of the agenda, as a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from forms.edit import EditRefused, prefill
from forms.edit.places import Edited, Schema, part
from forms.edit.prefill import Prefill
from forms.pointers import get
from forms.prefill import REGISTER
from web.i18n import _
from web.studio.asking import Asked, answers_for
from web.studio.panel import Office
from web.studio.sources import Register
from web.studio.words import ARES, Word

ARES_SOURCE, OWN = "ares", f"{REGISTER}:"
#: Kinds of questions by whose answer a record can be found, and those that it can fill in.
ASKING, FILLED = ("text", "integer", "choice"), ("text", "long_text", "number", "integer", "money", "date", "choice")


@dataclass(frozen=True, kw_only=True)
class Filling:
    """The controls, as they stand or as they were typed."""

    #: "", "ares" or "register:prices".
    source: str = ""
    key: str = ""
    #: Path or field → pointer of the question.
    targets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Fillable:
    """From where the question can fill others in, and which."""

    sources: Mapping[str, Word]
    registers: Mapping[str, Register]
    targets: list[Asked]

    def register(self, source: str) -> Register | None:
        """The register of a source."""
        return self.registers.get(source)

    def paths(self, source: str) -> Mapping[str, Word]:
        """What a source knows."""
        known = self.register(source)
        return known.fields if known else ARES if source == ARES_SOURCE else {}


def fillable(schema: Schema, place: str, kind: str, office: Office) -> Fillable | None:
    """What the answer could fill in; None for questions that find no record, and what was written otherwise."""
    now = prefill.prefill(schema, place)
    registers = {f"{OWN}{one.key}": one for one in office.registers}
    own: dict[str, Word] = {source: _("the register %(title)s", title=one.title) for source, one in registers.items()}
    ares = {ARES_SOURCE: "ARES"} if kind == "text" and part(schema, place).get("format") == "cz-ico" else {}
    if kind not in ASKING or not (own or ares):
        return None
    sources = {"": _("nothing"), **ares, **own}
    if now is not None and _source_of(now) not in sources:
        return None
    targets = [one for one in answers_for(schema, place) if one.kind in FILLED]
    return Fillable(sources=sources, registers=registers, targets=targets)


def _source_of(now: Prefill) -> str:
    return f"{OWN}{now.register}" if now.source == REGISTER else now.source


def shown(schema: Schema, place: str) -> Filling:
    """The controls as they stand."""
    now = prefill.prefill(schema, place)
    return Filling(source=_source_of(now), key=now.key, targets=now.targets) if now else Filling()


def posted(form: Mapping[str, str], schema: Schema, place: str) -> Filling:
    """The controls as they were posted."""
    targets = {name[2:]: pointer for name, pointer in form.items() if name.startswith("p:")}
    source = targets.pop("source", ARES_SOURCE)
    key = targets.pop("key", "")
    return Filling(source=source, key=key or _likely_key(schema, place, source), targets=targets)


def _likely_key(schema: Schema, place: str, source: str) -> str:
    """The field that the question stores, where it chooses from the very register."""
    chosen = get(schema, f"{place}/x-options")
    same = isinstance(chosen, dict) and f"{OWN}{chosen.get('register')}" == source
    return str(chosen.get("value", "")) if same else ""


def filled(schema: Schema, place: str, typed: Filling, among: Fillable) -> Edited:
    """The form with what was chosen. Raises EditRefused."""
    if not typed.source:
        return prefill.clear(schema, place)
    if typed.source not in among.sources:
        raise EditRefused("no-such-edit")
    known = {one.pointer for one in among.targets}
    paths = among.paths(typed.source)
    targets = {path: pointer for path, pointer in typed.targets.items() if path in paths}
    if unknown := [pointer for pointer in targets.values() if pointer and pointer not in known]:
        raise EditRefused("no-such-choice", *unknown)
    register = among.register(typed.source)
    if register is None:
        return prefill.fill(schema, place, Prefill(source=ARES_SOURCE, targets=targets))
    if typed.key not in register.fields:
        raise EditRefused("pick-key-field")
    if not any(targets.values()):
        raise EditRefused("pick-target")
    wanted = Prefill(source=REGISTER, register=register.key, key=typed.key, title=register.title, targets=targets)
    return prefill.fill(schema, place, wanted)
