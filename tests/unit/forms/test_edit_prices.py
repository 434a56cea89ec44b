"""Prices and sums as a clerk says them, and the expressions they become."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.expressions import evaluate_value
from forms.compile import compile_form
from forms.computed import computed
from forms.edit.details import rename
from forms.edit.prices import ByChoice, BySize, Column, Days, Fixed, Product, Total, read, written
from forms.edit.rules import Answer
from forms.pointers import join

NAMES = st.one_of(
    st.sampled_from(["vek", "a b", 'x"y', "a/b", "č", "None", ' == "', "\\", " or ", "row", "\n"]),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
)
ANSWERS = st.builds(lambda names: Answer(pointer=join("", *names)), st.lists(NAMES, min_size=1, max_size=5))
AMOUNTS = st.from_regex(r"-?[0-9]{1,6}(\.[0-9]{1,2})?", fullmatch=True)
VALUES = st.one_of(NAMES, st.booleans(), st.integers(-9, 9), st.none())
PRICES = st.one_of(
    st.builds(Fixed, amount=AMOUNTS),
    st.builds(
        ByChoice,
        by=ANSWERS,
        amounts=st.lists(st.tuples(VALUES, AMOUNTS), max_size=4).map(tuple),
        several=st.booleans(),
    ),
    st.builds(
        BySize,
        by=ANSWERS,
        steps=st.lists(
            st.tuples(st.one_of(st.integers(-9, 999), st.floats(0.5, 9.5)), AMOUNTS), min_size=1, max_size=3
        ).map(tuple),
        below=AMOUNTS,
    ),
)
DAYS_BETWEEN = st.builds(Days, since=ANSWERS, until=ANSWERS, nights=st.booleans())
WORTHS = st.one_of(
    st.builds(Product, price=PRICES, factors=st.lists(st.one_of(ANSWERS, DAYS_BETWEEN), max_size=3).map(tuple)),
    st.builds(
        Total,
        parts=st.lists(st.one_of(ANSWERS, st.builds(Column, rows=ANSWERS, name=NAMES)), min_size=1, max_size=3).map(
            tuple
        ),
    ),
)


@given(WORTHS)
def test_what_was_said_of_a_price_is_read_back(worth: Any) -> None:
    assert read(written(worth)) == worth


@given(st.text(st.sampled_from('times({"a": "1.00"}.get(value_of("x", None)), [])or 0if else>=\\')))
def test_another_text_is_never_taken_for_a_price_nor_written_otherwise(text: str) -> None:
    found = read(text)
    assert found is None or written(found) == text


ZONE, METRES, DAYS, ROWS = (Answer(pointer=f"/{name}") for name in ("zona", "metry", "dny", "mista"))
ZONES = ByChoice(by=ZONE, amounts=(("stred", "10.00"), ("okoli", "2.50")))
AGE = BySize(by=Answer(pointer="/vek"), steps=((18, "700.00"), (65, "200.00")), below="0.00")
TICKS = ByChoice(by=Answer(pointer="/extra"), amounts=(("a", "5.00"), ("b", "7.00")), several=True)
SPAN = Days(since=Answer(pointer="/od"), until=Answer(pointer="/do"))
NIGHTS = replace(SPAN, nights=True)
SUM = Total(parts=(Column(rows=ROWS, name="cena"), Answer(pointer="/poplatek")))


@pytest.mark.parametrize(
    ("worth", "data", "amount"),
    [
        (Product(price=ZONES), {"zona": "stred"}, "10.00"),
        (Product(price=ZONES, factors=(METRES, DAYS)), {"zona": "okoli", "metry": 12, "dny": 3}, "90.00"),
        (Product(price=ZONES, factors=(METRES,)), {"zona": "okoli"}, None),
        (Product(price=ZONES), {}, None),
        (Product(price=Fixed(amount="50.00"), factors=(DAYS,)), {"dny": 3}, "150.00"),
        (Product(price=AGE), {"vek": 17}, "0.00"),
        (Product(price=AGE), {"vek": 18}, "700.00"),
        (Product(price=AGE, factors=(DAYS,)), {"vek": 65, "dny": 2}, "400.00"),
        (Product(price=AGE), {}, None),
        (Product(price=TICKS), {"extra": ["a", "b"]}, "12.00"),
        (Product(price=TICKS), {}, "0.00"),
        (Product(price=Fixed(amount="10"), factors=(SPAN,)), {"od": "2027-02-27", "do": "2027-03-01"}, "30.00"),
        (Product(price=Fixed(amount="10"), factors=(NIGHTS,)), {"od": "2027-02-27", "do": "2027-03-01"}, "20.00"),
        (Product(price=Fixed(amount="10"), factors=(SPAN,)), {"od": "2027-02-27", "do": "2027-02-27"}, "10.00"),
        (Product(price=Fixed(amount="10"), factors=(SPAN,)), {"od": "2027-02-27", "do": "2026-02-27"}, "0.00"),
        (Product(price=Fixed(amount="10"), factors=(SPAN,)), {"od": "2027-02-27"}, None),
        (SUM, {"mista": [{"cena": "10.00"}, {}, {"cena": "2.50"}], "poplatek": "100.00"}, "112.50"),
        (SUM, {}, "0.00"),
    ],
)
def test_a_price_is_worked_out_from_the_answers(worth: Any, data: dict[str, Any], amount: str | None) -> None:
    form = {
        "type": "object",
        "properties": {
            **{name: {} for name in ("zona", "metry", "dny", "vek", "extra", "mista", "poplatek", "od", "do")},
            "cena": {"type": "string", "format": "money", "x-computed": written(worth)},
        },
    }
    assert computed(compile_form(form), data, evaluate_value).get("cena") == amount


def test_a_new_name_of_an_answer_follows_into_prices_and_sums() -> None:
    rows = {"type": "array", "items": {"type": "object", "properties": {"cena": {"type": "string"}}}}
    form = {"type": "object", "properties": {"mista": rows, "celkem": {"type": "string", "x-computed": ""}}}
    form["properties"]["celkem"]["x-computed"] = written(Total(parts=(Column(rows=ROWS, name="cena"),)))  # type: ignore[index]
    inner = rename(form, "/properties/mista/items/properties/cena", "castka").schema
    both = rename(inner, "/properties/mista", "zabory").schema
    expected = Total(parts=(Column(rows=Answer(pointer="/zabory"), name="castka"),))
    assert read(both["properties"]["celkem"]["x-computed"]) == expected


def test_answers_in_groups_of_groups_are_summed_and_follow_a_new_name() -> None:
    def group(**inner: Any) -> dict[str, Any]:
        return {"type": "object", "properties": inner}

    rows = {"type": "array", "items": group(cena={"type": "string", "format": "money"})}
    form = group(akce=group(rozpocet=group(mista=rows, dar={"type": "string", "format": "money"})), celkem={})
    worth = Total(
        parts=(Answer(pointer="/akce/rozpocet/dar"), Column(rows=Answer(pointer="/akce/rozpocet/mista"), name="cena"))
    )
    form["properties"]["celkem"] = {"type": "string", "format": "money", "x-computed": written(worth)}
    data = {"akce": {"rozpocet": {"dar": "5.00", "mista": [{"cena": "100.00"}, {"cena": "20.50"}]}}}
    assert computed(compile_form(form), data, evaluate_value).get("celkem") == "125.50"
    renamed = rename(form, "/properties/akce/properties/rozpocet", "penize").schema
    told = read(renamed["properties"]["celkem"]["x-computed"])
    assert told == Total(
        parts=(Answer(pointer="/akce/penize/dar"), Column(rows=Answer(pointer="/akce/penize/mista"), name="cena"))
    )
