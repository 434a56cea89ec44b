"""An agenda as plain facts: what `agenda.toml` says and which files stand beside it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.diagram import Problem
from engine.errors import Invalid
from engine.model import Json, Variables
from engine.said import together
from processes.manifest import Manifest, Texts

MANIFEST = "agenda.toml"


@dataclass(frozen=True, kw_only=True)
class Service:
    """A card of the portal: one thing a person may ask for. Texts are {"cs", "en"}."""

    process: str
    title: Texts
    summary: Texts
    #: What to have at hand; one list a language.
    needs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    duration: Texts = field(default_factory=dict)
    outcome: Texts = field(default_factory=dict)
    #: Life situation under which the portal files it.
    category: Texts = field(default_factory=dict)
    #: What the button says that sends the form; {} = it says to send it.
    button: Texts = field(default_factory=dict)
    #: Icon of its card, a name of the sprite.
    icon: str = "file"


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """A procedure of the office as data. `files` holds everything by path inside the folder."""

    key: str
    title: Texts
    summary: Texts
    files: Mapping[str, bytes]
    numbering: str = "{year}-{n:05}"
    #: Processes with a number series of their own.
    series: Mapping[str, str] = field(default_factory=dict)
    #: Starlark over a case's variables that gives its title; "" = the applicant's name.
    title_expression: str = ""
    groups: Mapping[str, Texts] = field(default_factory=dict)
    parameters: Variables = field(default_factory=dict)
    #: What the parameters are called.
    parameter_titles: Mapping[str, Texts] = field(default_factory=dict)
    #: Values that begin to hold on a day, the earliest first: {"from": "2027-01-01", "values": {…}}.
    parameter_changes: Sequence[Mapping[str, Json]] = ()
    services: Sequence[Service] = ()
    retention: Mapping[str, str] = field(default_factory=dict)
    #: JSON Schemas by form key: `forms/application.json` is `application`.
    forms: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    registers: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)

    def paths(self, suffix: str, folder: str = "") -> list[str]:
        """Give the paths of a folder ("" = the top) that end with `suffix`, sorted."""
        return sorted(p for p in self.files if p.endswith(suffix) and p.rpartition("/")[0] == folder)

    @property
    def diagrams(self) -> list[str]:
        """Paths of its BPMN files."""
        return self.paths(".bpmn")

    @property
    def decisions(self) -> list[str]:
        """Paths of its DMN files."""
        return self.paths(".dmn")

    def text(self, path: str) -> str | None:
        """Give a file as text; None when it isn't there."""
        content = self.files.get(path)
        return None if content is None else content.decode("utf-8-sig")


class AgendaRefused(Invalid):
    """The folder or file is not a readable agenda."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(together(problem.message for problem in problems))
        self.problems = tuple(problems)


def parse_agenda(files: Mapping[str, bytes], lang: str = "en") -> Agenda:
    """Read an agenda from its files; AgendaRefused tells everything that is wrong at once."""
    manifest = Manifest(_manifest_data(files, lang), lang)
    key = manifest.key()
    title, summary = manifest.texts("title"), manifest.texts("summary", required=False)
    groups = manifest.named_texts("groups")
    services = [_service(item) for item in manifest.services()]
    numbering, series = manifest.numbering(), manifest.series()
    title_expression = manifest.text("title_expression", required=False)
    parameter_titles, parameter_changes = manifest.parameter_titles(), manifest.parameter_changes()
    forms = _json_files(files, "forms", manifest)
    registers = _json_files(files, "registers", manifest)
    if manifest.problems:
        raise AgendaRefused(manifest.problems)
    return Agenda(
        key=key,
        title=title,
        summary=summary,
        files=dict(files),
        numbering=numbering,
        series=series,
        title_expression=title_expression,
        groups=groups,
        parameters=manifest.table("parameters"),
        parameter_titles=parameter_titles,
        parameter_changes=parameter_changes,
        services=services,
        retention=manifest.table("retention"),
        forms=forms,
        registers=registers,
    )


def _manifest_data(files: Mapping[str, bytes], lang: str) -> Mapping[str, Json]:
    manifest = Manifest({}, lang)
    try:
        return tomllib.loads(files[MANIFEST].decode("utf-8-sig"))
    except KeyError:
        manifest.refuse("agenda-missing")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        manifest.refuse("agenda-unreadable", reason=str(error))
    raise AgendaRefused(manifest.problems)


def _service(item: Mapping[str, Json]) -> Service:
    return Service(
        process=item["process"],
        title=item["title"],
        summary=item.get("summary", {}),
        needs=item.get("needs", {}),
        duration=item.get("duration", {}),
        outcome=item.get("outcome", {}),
        category=item.get("category", {}),
        button=item.get("button", {}),
        icon=item.get("icon", "file"),
    )


def _json_files(files: Mapping[str, bytes], folder: str, manifest: Manifest) -> dict[str, Mapping[str, Json]]:
    found: dict[str, Mapping[str, Json]] = {}
    for path in sorted(files):
        if not (path.startswith(f"{folder}/") and path.endswith(".json")):
            continue
        try:
            data = json.loads(files[path])
        except (ValueError, RecursionError) as error:
            manifest.refuse("json-unreadable", file=path, reason=str(error))
            continue
        if isinstance(data, dict):
            found[path.removeprefix(f"{folder}/").removesuffix(".json")] = data
        else:
            manifest.refuse("json-not-object", file=path)
    return found
