"""Random forms of the profile together with answers that are valid for them."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import strategies as st

Json = Any
#: Tries of each property; RADNICE_TEST_EXAMPLES=1000 looks closer.
EXAMPLES = int(os.environ.get("RADNICE_TEST_EXAMPLES", "10"))
Made = tuple[dict[str, Any], Any]

NAMES = st.one_of(
    st.sampled_from(
        [
            "typename",
            "__proto__",
            "class",
            "constructor",
            "a.b",
            "a/b",
            "a[0]",
            "~",
            "~0",
            "~/x",
            "0",
            "",
            " x ",
            "🏛",
            "čárka",
            "$ref",
            "x y",
            'a"b',
            "a'b",
            "<b>",
            "&amp;",
            "line\nbreak",
            "required",
            "properties",
            "_do",
            "f-a",
            "a-b",
            "%2F",
        ]
    ),
    st.text("abcdefgh_", min_size=1, max_size=6),
)
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co"), exclude_characters="\ufeff"),
    min_size=1,
    max_size=30,
)
LINES = st.lists(WORDS, min_size=1, max_size=3).map("\n".join)
CONSTS = st.one_of(st.text("abc ~\"'<é", min_size=0, max_size=4), st.integers(-5, 5), st.booleans(), st.just(1.5))


@st.composite
def texts(draw: st.DrawFn) -> Made:
    schema: dict[str, Any] = {"type": "string", "minLength": 1}
    if draw(st.booleans()):
        schema["maxLength"] = 400
    return schema, draw(LINES if draw(st.booleans()) else WORDS)


@st.composite
def optional_texts(draw: st.DrawFn) -> Made:
    return {"type": ["string", "null"]}, draw(st.one_of(st.none(), st.just(""), LINES, st.just("  "), st.just("null")))


@st.composite
def numbers(draw: st.DrawFn) -> Made:
    unit = {"x-unit": "Kč"} if draw(st.booleans()) else {}
    finite = st.floats(allow_nan=False, allow_infinity=False)
    return {"type": "number", **unit}, draw(st.one_of(finite, st.integers(-(10**18), 10**18)))


@st.composite
def integers(draw: st.DrawFn) -> Made:
    return {"type": "integer", "minimum": -(10**25)}, draw(st.integers(-(10**20), 10**20))


@st.composite
def formatted(draw: st.DrawFn) -> Made:
    name, value = draw(
        st.one_of(
            st.tuples(st.just("date"), st.dates().map(lambda day: day.isoformat())),
            st.tuples(st.just("time"), st.times().map(lambda time: time.isoformat("minutes"))),
            st.tuples(st.just("money"), st.decimals(-(10**9), 10**9, places=2).map(lambda amount: f"{amount + 0:.2f}")),
            st.tuples(st.just("cz-ico"), st.sampled_from(["05129061", "00258245", "00064581"])),
            st.tuples(st.just("cz-account"), st.sampled_from(["19-2000145399/0800", "222885/5500"])),
            st.tuples(st.just("iban"), st.just("CZ6508000000192000145399")),
            st.tuples(st.just("phone"), st.sampled_from(["+420601234567", "+14155552671"])),
            st.tuples(st.just("cz-postal-code"), st.just("51244")),
            st.tuples(st.just("email"), st.just("jana@mesto.cz")),
            st.tuples(st.just("date-time"), st.sampled_from(["2027-07-01T14:30:00+02:00", "2027-01-01T00:00:59Z"])),
            st.tuples(st.just("unknown"), WORDS),
        )
    )
    return {"type": "string", "format": name}, "0.00" if value == "-0.00" else value


@st.composite
def choices(draw: st.DrawFn) -> Made:
    values = draw(st.lists(CONSTS, min_size=1, max_size=8, unique_by=lambda value: (type(value).__name__, str(value))))
    values = [value for at, value in enumerate(values) if not any(value == other for other in values[:at])]
    if draw(st.booleans()):
        return {"enum": values}, draw(st.sampled_from(values))
    widget = draw(st.sampled_from([{}, {"x-widget": "select"}, {"x-widget": "autocomplete"}]))
    # Names that differ by an accent only: what is shown must still read back as the same answer.
    named = [{"const": value, "title": f"T{'aá'[at % 2]}{at // 2}"} for at, value in enumerate(values)]
    return {"oneOf": named, **widget}, draw(st.sampled_from(values))


@st.composite
def booleans(draw: st.DrawFn) -> Made:
    widget = draw(st.sampled_from([{}, {"x-widget": "checkbox"}]))
    return {"type": "boolean", **widget}, draw(st.booleans())


@st.composite
def ticks(draw: st.DrawFn) -> Made:
    values = draw(st.lists(st.text("abcdef", min_size=1, max_size=3), min_size=1, max_size=7, unique=True))
    some = draw(st.lists(st.sampled_from(values), unique=True))
    return {"type": "array", "uniqueItems": True, "items": {"type": "string", "enum": values}}, some


@st.composite
def anything(draw: st.DrawFn) -> Made:
    leaf = st.one_of(st.booleans(), st.integers(-9, 9), WORDS, st.just("1"), st.just("true"), st.just("[1]"))
    value = draw(st.one_of(leaf, st.lists(leaf, max_size=3), st.dictionaries(WORDS, leaf, max_size=2)))
    return {}, value


LEAVES = st.one_of(
    texts(), optional_texts(), numbers(), integers(), formatted(), choices(), booleans(), ticks(), anything()
)


@st.composite
def arrays(draw: st.DrawFn, inner: st.SearchStrategy[Made]) -> Made:
    schema, value = draw(inner)
    rows = draw(st.integers(0, 3))
    table = {"x-widget": "table"} if draw(st.booleans()) else {}
    return {"type": "array", "items": schema, "title": "Řádky", **table}, [value] * rows


@st.composite
def objects(draw: st.DrawFn, inner: st.SearchStrategy[Made]) -> Made:
    members = draw(st.dictionaries(NAMES, inner, max_size=4))
    schema: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": {}, "required": []}
    value: dict[str, Json] = {}
    for name, (part, answer) in members.items():
        schema["properties"][name] = part
        if draw(st.booleans()):
            schema["required"].append(name)
            value[name] = answer
        elif draw(st.booleans()):
            value[name] = answer
    del schema["additionalProperties"]
    return schema, value


@st.composite
def conditionals(draw: st.DrawFn, inner: st.SearchStrategy[Made]) -> Made:
    """An object whose one answer opens another question, by if or by a discriminated oneOf."""
    part, answer = draw(inner)
    kind = draw(st.sampled_from(["a", "b"]))
    opened = {"properties": {"more": part}, "required": ["more"]}
    value = {"kind": kind, "more": answer} if kind == "a" else {"kind": kind}
    if draw(st.booleans()):
        branches = [
            {"properties": {"kind": {"const": "a"}, **opened["properties"]}, "required": ["kind", "more"]},
            {"properties": {"kind": {"const": "b"}}, "required": ["kind"]},
        ]
        return {"type": "object", "oneOf": branches}, value
    condition = {"properties": {"kind": {"const": "a"}}, "required": ["kind"]}
    kinds = {"kind": {"enum": ["a", "b"]}}
    return {"type": "object", "properties": kinds, "required": ["kind"], "if": condition, "then": opened}, value


def _inside(inner: st.SearchStrategy[Made]) -> st.SearchStrategy[Made]:
    return st.one_of(arrays(inner), objects(inner), conditionals(inner))


PARTS = st.recursive(LEAVES, _inside, max_leaves=6)


@st.composite
def forms(draw: st.DrawFn) -> Made:
    """A form and answers that are valid for it."""
    return draw(st.one_of(objects(PARTS), conditionals(PARTS)))
