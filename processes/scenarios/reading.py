"""Reads `scenarios/*.yaml`: what is given, what people do, what is expected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import yaml

from engine.calendar import parse_moment
from engine.errors import BadTime, Invalid
from engine.model import Json
from engine.said import Said, placed, said_by
from processes.agenda import Agenda

FOLDER = "scenarios"
#: Shared form data, by name: `like: rokytnice` in a scenario.
SHARED = f"{FOLDER}/_forms.yaml"
MOST_VALUES = 200_000

#: A day of a story of the demo, counted from its beginning: `$+40`.
_LATER = re.compile(r"\$\+(\d+)")
#: What a step may be, with the words that may stand beside it.
STEPS: Mapping[str, frozenset[str]] = {
    "start": frozenset({"by", "with", "language", "in", "refused"}),
    "record": frozenset({"by", "with", "links", "refused"}),
    "tie": frozenset({"by", "key", "links"}),
    "rows": frozenset({"by", "with", "fates"}),
    "answer": frozenset({"by", "with", "change", "refused", "in"}),
    "offer": frozenset({"by", "with", "in"}),
    "pay": frozenset({"in"}),
    "pay_out": frozenset({"in"}),
    "card": frozenset(),
    "http": frozenset({"status", "gives"}),
    "data_message": frozenset(),
    "ballot": frozenset({"times", "paper", "refused", "seed", "in"}),
    "message": frozenset({"payload", "correlation"}),
    "wait": frozenset(),
    "until": frozenset(),
    "expect": frozenset({"in"}),
}


class BadScenario(Invalid):
    """The scenario can't be read."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that happens or is looked at."""

    #: One of STEPS.
    kind: str
    #: What stands after the kind's word: a node, a period, expectations.
    what: Json
    words: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One story."""

    path: str
    title: str
    process: str
    starts: datetime
    steps: Sequence[Step]
    #: Parameters of the agenda that are otherwise in this story's office.
    parameters: Mapping[str, Json] = field(default_factory=dict)


def read_scenarios(agenda: Agenda) -> list[Scenario]:
    """Read all scenarios of an agenda by path. Raises BadScenario with the file's name."""
    shared = _yaml(agenda, SHARED) if SHARED in agenda.files else {}
    paths = [path for path in agenda.paths(".yaml", FOLDER) if not path.startswith(f"{FOLDER}/_")]
    return [_scenario(path, _yaml(agenda, path), shared) for path in paths]


def read_story(path: str, read: Mapping[str, Json]) -> Scenario:
    """Read one story that is not in a file. Raises BadScenario."""
    return _scenario(path, as_json(read), {})


def told_in(agenda: Agenda, path: str, now: datetime) -> list[Scenario]:
    """Read the stories of a file of `demo/`: like scenarios, but each began `days_ago` and goes on until now.

    Raises BadScenario with the file's name.
    """
    shared = _yaml(agenda, SHARED) if SHARED in agenda.files else {}
    stories = _yaml(agenda, path).get("stories", [])
    return [_scenario(path, _dated(story, now), shared) for story in stories]


def _dated(story: Mapping[str, Json], now: datetime) -> Json:
    """Put days near the beginning of a story in the place of their words; let it end now."""
    starts = now - timedelta(days=story["days_ago"])
    month = date(starts.year + starts.month // 12, starts.month % 12 + 1, 1)
    days = {"$first_of_next_month": month, "$month_before": starts.date() - timedelta(days=30)}
    words = {word: day.isoformat() for word, day in days.items()}

    def said(value: Json) -> Json:
        if isinstance(value, dict):
            return {key: said(item) for key, item in value.items()}
        if isinstance(value, list):
            return [said(item) for item in value]
        if isinstance(value, str) and (later := _LATER.fullmatch(value)):
            return (starts.date() + timedelta(days=int(later[1]))).isoformat()
        return words.get(value, value) if isinstance(value, str) else value

    steps = [*said(story)["steps"], {"until": now.isoformat()}]
    return {**said(story), "starts": starts.isoformat(), "steps": steps}


def _yaml(agenda: Agenda, path: str) -> Mapping[str, Json]:
    try:
        read = yaml.safe_load(agenda.text(path) or "")
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise BadScenario(f"{path}: {error}") from error
    if _is_enormous(read):
        enormous = Said("Soubor se rozepíše do něčeho obrovského.", "The file unfolds into something enormous.")
        raise BadScenario(placed(path, enormous))
    if not isinstance(read, dict):
        raise BadScenario(
            placed(path, Said("Scénář je seznam slov s hodnotami.", "A scenario is a list of words with values."))
        )
    plain: dict[str, Json] = as_json(read)
    return plain


def _is_enormous(value: Json) -> bool:
    """Say whether a file has more values than any story; names that stand for others, as YAML has, count each time."""
    waiting, count = [value], 0
    while waiting and count <= MOST_VALUES:
        one = waiting.pop()
        count += 1
        waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
    return count > MOST_VALUES


def as_json(value: Json) -> Json:
    """Turn what YAML makes of dates into ISO texts."""
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _scenario(path: str, read: Mapping[str, Json], shared: Mapping[str, Json]) -> Scenario:
    if missing := [word for word in ("title", "process", "starts", "steps") if not read.get(word)]:
        raise BadScenario(placed(path, Said(f"Chybí {', '.join(missing)}.", f"{', '.join(missing)} is missing.")))
    try:
        starts = parse_moment(str(read["starts"]))
    except BadTime as error:
        raise BadScenario(placed(path, said_by(error))) from error
    steps = [_step(path, number, item, shared) for number, item in enumerate(read["steps"], 1)]
    return Scenario(
        path=path,
        title=read["title"],
        process=read["process"],
        starts=starts,
        steps=steps,
        parameters=read.get("parameters") or {},
    )


def _step(path: str, number: int, item: Json, shared: Mapping[str, Json]) -> Step:
    kinds = [kind for kind in STEPS if isinstance(item, dict) and kind in item]
    if len(kinds) != 1:
        raise BadScenario(
            _at(
                path,
                number,
                Said(f"Začněte ho jedním z {', '.join(STEPS)}.", f"Begin it with one of {', '.join(STEPS)}."),
            )
        )
    kind = kinds[0]
    words = {word: value for word, value in item.items() if word != kind}
    if unknown := sorted(words.keys() - STEPS[kind]):
        names = ", ".join(unknown)
        raise BadScenario(_at(path, number, Said(f"{names} k {kind} nepatří.", f"{names} doesn't go with {kind}.")))
    if "with" in words:
        words["with"] = _filled(words["with"], shared, path, number)
    return Step(kind=kind, what=item[kind], words=words)


def _at(path: str, number: int, sentence: Said) -> Said:
    return Said(f"{path}, krok {number}: {sentence.czech}", f"{path}, step {number}: {sentence}")


def _filled(data: Json, shared: Mapping[str, Json], path: str, number: int) -> Json:
    """Put shared data in: `{like: name, change: {"/a/b": value}, leave: ["/c"]}`."""
    if not isinstance(data, dict) or "like" not in data:
        return data
    if data["like"] not in shared:
        missing = data["like"]
        raise BadScenario(_at(path, number, Said(f"{missing} v {SHARED} není.", f"There is no {missing} in {SHARED}.")))
    filled = deepcopy(shared[data["like"]])
    for place, value in (data.get("change") or {}).items():
        parent, last = _place(filled, place)
        parent[last] = value
    for place in data.get("leave") or []:
        parent, last = _place(filled, place)
        parent.pop(last, None)
    return filled


def _place(data: Json, place: str) -> tuple[Json, str]:
    *path, last = list(_parts(place))
    for part in path:
        data = data[int(part)] if isinstance(data, list) else data.setdefault(part, {})
    return data, last


def _parts(place: str) -> Iterator[str]:
    return (part for part in place.split("/") if part)
