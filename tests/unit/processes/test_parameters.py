"""Parameters of an agenda: set at once, from a day, called off; what a file says besides stays."""

from __future__ import annotations

from datetime import date

import pytest

from processes.agenda import AgendaRefused, parse_agenda
from processes.parameters import call_off, parameters_of, set_from, set_now

MANIFEST = """key = "dog"
[title]
cs = "Pes"
[parameters]
# The law says so.
due = "P10WD"
fee = 100
board = true
since = "2026-01-01"
who = "úřad"
[parameter_titles]
due = { cs = "Lhůta", en = "Time" }
"""
TODAY, LATER, LATEST = date(2026, 6, 1), date(2027, 1, 1), date(2028, 1, 1)


def on(manifest: str, name: str, day: date) -> object:
    found = next(one for one in parameters_of(parse_agenda({"agenda.toml": manifest.encode()})) if one.name == name)
    return found.on(day)


def test_a_page_asks_for_each_value_by_its_kind() -> None:
    found = parameters_of(parse_agenda({"agenda.toml": MANIFEST.encode()}))
    assert [one.kind for one in found] == ["period", "number", "yes", "date", "text"]
    assert [one.title.get("en", "") for one in found][:2] == ["Time", ""]


def test_a_value_from_a_day_holds_from_that_day_and_the_next_one_after_it() -> None:
    manifest = set_from(MANIFEST, LATEST, {"fee": 300})
    manifest = set_from(manifest, LATER, {"fee": 200})
    manifest = set_from(manifest, LATER, {"due": "P5D"})
    assert [on(manifest, "fee", day) for day in (TODAY, LATER, date(2027, 12, 31), LATEST)] == [100, 200, 200, 300]
    assert [on(manifest, "due", day) for day in (TODAY, LATEST)] == ["P10WD", "P5D"]
    assert "# The law says so." in manifest


def test_what_was_planned_is_called_off_without_a_trace() -> None:
    manifest = set_from(MANIFEST, LATER, {"fee": 200, "due": "P5D"})
    assert on(call_off(manifest, LATER, "fee"), "fee", LATEST) == 100
    assert call_off(call_off(manifest, LATER, "fee"), LATER, "due") == MANIFEST


def test_a_value_set_at_once_takes_the_place_of_one_that_began_to_hold() -> None:
    manifest = set_from(set_from(MANIFEST, TODAY, {"fee": 200}), LATER, {"fee": 400})
    manifest = set_now(manifest, TODAY, {"fee": 300})
    assert [on(manifest, "fee", day) for day in (TODAY, LATER)] == [300, 400]


@pytest.mark.parametrize(
    "wrong",
    [
        "[[parameter_changes]]\nfrom = 1\nvalues = { fee = 1 }",
        "[[parameter_changes]]\nfrom = 2027-01-01\nvalues = { nope = 1 }",
        "[[parameter_changes]]\nfrom = 2027-01-01\nvalues = { fee = true }",
        "[[parameter_changes]]\nfrom = 2027-01-01T10:00:00\nvalues = { fee = 1 }",
        "[[parameter_changes]]\nfrom = 2027-01-01\nvalues = {}",
        '[parameter_titles.nope]\ncs = "Nic"',
    ],
)
def test_a_change_that_does_not_fit_the_parameters_is_refused(wrong: str) -> None:
    with pytest.raises(AgendaRefused):
        parse_agenda({"agenda.toml": f"{MANIFEST}{wrong}\n".encode()})
