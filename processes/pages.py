"""Pages of an agenda: what `pages/<key>.toml` says and how it is read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from jsonschema import Draft202012Validator

from engine.errors import Invalid
from engine.model import Json
from engine.queries.questions import Question
from engine.registers.misshapen import misshapen
from engine.said import Said, together
from processes.manifest import Texts

#: Kinds of a block that show figures by groups.
CHARTS = ("bar", "stacked", "line", "table")
SOURCES = ("register", "rows", "process", "tasks")


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One number with its name."""

    title: Texts
    question: Question


@dataclass(frozen=True, kw_only=True)
class Block:
    """A part of a page."""

    #: text, tiles, or one of CHARTS.
    kind: str
    title: Texts = field(default_factory=dict)
    #: Text of a `text` block, a note under a chart.
    text: Texts = field(default_factory=dict)
    tiles: Sequence[Tile] = ()
    question: Question | None = None

    @property
    def questions(self) -> list[Question]:
        """Everything it asks."""
        return [tile.question for tile in self.tiles] + ([self.question] if self.question else [])


@dataclass(frozen=True, kw_only=True)
class Chooser:
    """A field of which the reader picks one value for the whole page: a town, a year."""

    #: The register whose records say which values there are.
    register: str
    field: str
    #: The greatest value is picked first, as of years; else the first one by the alphabet.
    newest: bool = False

    @property
    def question(self) -> Question:
        """Which values there are."""
        return Question(source="register", name=self.register, by=self.field)


@dataclass(frozen=True, kw_only=True)
class PageOfAgenda:
    """A page as its agenda describes it."""

    key: str
    title: Texts
    summary: Texts
    public: bool
    #: Who of the staff sees it; () = every group of the agenda.
    groups: Sequence[str]
    blocks: Sequence[Block]
    choosers: Sequence[Chooser] = ()


_TEXTS: Json = {
    "type": "object",
    "properties": {"cs": {"type": "string", "minLength": 1}},
    "additionalProperties": {"type": "string"},
    "required": ["cs"],
}
_NAME: Json = {"type": "string", "minLength": 1}
_VALUE: Json = {"type": ["string", "number", "boolean"]}
_GROUPED: Json = {"type": "string", "pattern": "^[^:]+(:(year|month))?$"}
_ASKED: dict[str, Json] = {
    **dict.fromkeys(SOURCES, _NAME),
    "aggregate": {"enum": ["count", "sum", "mean"]},
    "of": _NAME,
    "where": {"type": "object", "additionalProperties": {"anyOf": [_VALUE, {"type": "array", "items": _VALUE}]}},
}
_ONE_SOURCE: list[Json] = [{"required": [name]} for name in SOURCES]
_NUMBERS_OF: Json = {
    "if": {"properties": {"aggregate": {"enum": ["sum", "mean"]}}, "required": ["aggregate"]},
    "then": {"required": ["of"]},
}


def _only(properties: Mapping[str, Json], required: Sequence[str], **more: Json) -> dict[str, Json]:
    whole: dict[str, Json] = {"type": "object", "properties": properties, "required": list(required)}
    return whole | {"additionalProperties": False} | more


_TILE = _only({"title": _TEXTS, **_ASKED}, ["title"], oneOf=_ONE_SOURCE, **_NUMBERS_OF)
_KINDS: dict[str, Json] = {
    "text": _only({"kind": {}, "title": _TEXTS, "text": _TEXTS}, ["text"]),
    "tiles": _only(
        {"kind": {}, "title": _TEXTS, "tiles": {"type": "array", "items": _TILE, "minItems": 1, "maxItems": 12}},
        ["tiles"],
    ),
    "chart": _only(
        {"kind": {}, "title": _TEXTS, "text": _TEXTS, "by": _GROUPED, "split": _GROUPED, **_ASKED},
        ["title", "by"],
        oneOf=_ONE_SOURCE,
        **_NUMBERS_OF,
    ),
}
_PAGE = Draft202012Validator(
    _only(
        {
            "title": _TEXTS,
            "summary": _TEXTS,
            "public": {"type": "boolean"},
            "groups": {"type": "array", "items": _NAME},
            "choose": {
                "type": "array",
                "maxItems": 4,
                "items": _only(
                    {"register": _NAME, "field": _NAME, "newest": {"type": "boolean"}}, ["register", "field"]
                ),
            },
            "blocks": {
                "type": "array",
                "minItems": 1,
                "maxItems": 30,
                "items": {
                    "type": "object",
                    "properties": {"kind": {"enum": ["text", "tiles", *CHARTS]}},
                    "required": ["kind"],
                },
            },
        },
        ["title", "blocks"],
    )
)
_BLOCKS = {kind: Draft202012Validator(schema) for kind, schema in _KINDS.items()}


def page_paths(files: Mapping[str, bytes]) -> list[str]:
    """Give the paths of an agenda's pages."""
    return sorted(path for path in files if PurePosixPath(path).match("pages/*.toml") and path.count("/") == 1)


def read_page(path: str, content: bytes) -> PageOfAgenda:
    """Read `pages/<key>.toml`. Raises Invalid that tells all places that are wrong."""
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise Invalid(Said(f"Nejde přečíst: {error}.", f"It can't be read: {error}.")) from error
    wrong = list(_PAGE.iter_errors(data)) or [
        error for at, block in enumerate(data["blocks"]) for error in _wrong_in_block(at, block)
    ]
    if wrong:
        raise Invalid(together(map(misshapen, wrong)))
    return PageOfAgenda(
        key=PurePosixPath(path).stem,
        title=data["title"],
        summary=data.get("summary", {}),
        public=data.get("public", False),
        groups=tuple(data.get("groups", ())),
        blocks=tuple(_block(block) for block in data["blocks"]),
        choosers=tuple(Chooser(**one) for one in data.get("choose", ())),
    )


def _wrong_in_block(at: int, block: Mapping[str, Json]) -> Iterator[Json]:
    kind = "chart" if block["kind"] in CHARTS else block["kind"]
    for error in _BLOCKS[kind].iter_errors(block):
        error.path.extendleft([at, "blocks"])
        yield error


def _block(data: Mapping[str, Json]) -> Block:
    return Block(
        kind=data["kind"],
        title=data.get("title", {}),
        text=data.get("text", {}),
        tiles=tuple(Tile(title=tile["title"], question=_question(tile)) for tile in data.get("tiles", ())),
        question=_question(data) if data["kind"] in CHARTS else None,
    )


def _question(data: Mapping[str, Json]) -> Question:
    source = next(name for name in SOURCES if name in data)
    by, _, by_span = data.get("by", "").partition(":")
    split, _, split_span = data.get("split", "").partition(":")
    return Question(
        source=source,
        name=data[source],
        aggregate=data.get("aggregate", "count"),
        of=data.get("of", ""),
        by=by,
        by_span=by_span,
        split=split,
        split_span=split_span,
        where=data.get("where", {}),
    )
