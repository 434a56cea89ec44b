"""The page of a form: controls, conditional parts, rows, steps, comments, read-only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from forms.accept import accepted
from forms.actions import act, revealed
from forms.compare import compare
from forms.compile import compile_form
from forms.decode import decode
from forms.initial import initial
from forms.parts import Comment, Control, Group, Offer, Part, Rows
from forms.posted import FileRef
from forms.prefill import asked, filled
from forms.summary import Line, Section, Table, summary
from forms.validate import validate
from forms.view import view
from tests.unit.forms.browser import Page, changed
from web.ui.forms import render_answers, render_errors, render_form, render_page, render_steps

TOWN: dict[str, Any] = {
    "title": "Přihláška",
    "type": "object",
    "required": ["kind", "ico", "decided", "contacts"],
    "x-prefill": {"source": "ares", "by": "/ico", "map": {"/name": "obchodniJmeno", "/seat/postal_code": "sidlo.psc"}},
    "properties": {
        "kind": {"title": "Druh", "oneOf": [{"const": "town", "title": "Město"}, {"const": "region", "title": "Kraj"}]},
        "ico": {"type": "string", "title": "IČO", "format": "cz-ico", "description": "Osm číslic."},
        "name": {"type": "string", "title": "Název"},
        "seat": {"$ref": "library:address", "title": "Sídlo"},
        "decided": {"type": "boolean", "title": "Rozhodlo zastupitelstvo?"},
        "contacts": {"type": "array", "title": "Kontakty", "minItems": 1, "items": {"$ref": "library:contact"}},
        "country": {"title": "Země", "enum": ["CZ", "SK", "PL", "DE", "AT", "HU"]},
        "paper": {"type": "string", "format": "file", "title": "Příloha"},
    },
    "if": {"properties": {"decided": {"const": True}}, "required": ["decided"]},
    "then": {"required": ["number"], "properties": {"number": {"type": "string", "title": "Číslo usnesení"}}},
    "x-translations": {"en": {"/title": "Application", "/properties/kind/oneOf/0/title": "Town"}},
}
BUDGET: dict[str, Any] = {
    "type": "object",
    "properties": {
        "costs": {
            "type": "array",
            "title": "Náklady",
            "x-widget": "table",
            "items": {
                "type": "object",
                "required": ["what", "price"],
                "properties": {
                    "what": {"type": "string", "title": "Položka"},
                    "price": {"type": "string", "format": "money", "title": "Cena", "x-sum": True},
                },
            },
        }
    },
}


def part(schema: dict[str, Any], data: Any, name: str, **more: Any) -> Any:
    """The part of a page at a pointer."""
    return next(p for p in every(view(compile_form(schema), data, **more).parts) if p.pointer == name)


def every(parts: tuple[Part, ...]) -> list[Part]:
    found: list[Part] = []
    for one in parts:
        found.append(one)
        if isinstance(one, Control):
            found += every(one.reveal) + [p for option in one.options for p in every(option.reveal)]
        elif isinstance(one, Group):
            found += every(one.parts)
        elif isinstance(one, Rows):
            found += [p for row in one.rows for p in every(row.parts)]
    return found


@pytest.mark.parametrize(
    ("schema", "widget"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "maxLength": 2000}, "textarea"),
        ({"type": "string", "format": "date"}, "text"),
        ({"type": "number"}, "number"),
        ({"enum": ["a", "b"]}, "radio"),
        ({"enum": ["a", "b", "c", "d", "e", "f"]}, "select"),
        ({"enum": ["a", "b"], "x-widget": "select"}, "select"),
        ({"type": "boolean"}, "radio"),
        ({"type": "boolean", "x-widget": "checkbox"}, "checkbox"),
        ({"type": "boolean", "const": True}, "checkbox"),
        ({"const": "2021-08-17"}, "checkbox"),
        ({"type": "array", "uniqueItems": True, "items": {"enum": ["a", "b"]}}, "checkboxes"),
        ({"type": "string", "format": "file"}, "file"),
        ({"type": "array", "items": {"type": "string", "format": "file"}}, "files"),
        ({"type": "string", "x-computed": "1"}, "output"),
        ({"type": "object"}, "json"),
        ({"type": "string", "readOnly": True}, "read"),
    ],
)
def test_the_control_follows_from_the_schema(schema: dict[str, Any], widget: str) -> None:
    assert part({"type": "object", "properties": {"a": schema}}, {}, "/a").widget == widget


def test_only_optional_questions_are_marked() -> None:
    assert part(TOWN, {}, "/name").optional
    assert not part(TOWN, {}, "/ico").optional


def test_a_conditional_part_hangs_under_the_answer_that_opened_it() -> None:
    asked_now = part(TOWN, {"decided": True}, "/decided")
    assert [p.pointer for p in asked_now.options[0].reveal] == ["/number"]
    assert not asked_now.options[1].reveal
    assert asked_now.opens
    with pytest.raises(StopIteration):
        part(TOWN, {"decided": False}, "/number")


def test_the_label_hint_error_and_control_come_in_this_order() -> None:
    form = compile_form(TOWN)
    html = render_page(view(form, {"ico": "1"}, errors=validate(form, {"ico": "1"})))
    places = [html.index(text) for text in ('for="f-ico"', 'id="f-ico.h"', 'id="f-ico.e"', 'id="f-ico" name="/ico"')]
    assert places == sorted(places)
    assert 'aria-describedby="f-ico.h f-ico.e" aria-invalid="true" required' in html


def test_the_summary_of_errors_links_to_the_controls_in_form_order() -> None:
    form = compile_form(TOWN)
    data = {"contacts": [{}, {"email": "x"}]}
    shown = view(form, data, errors=validate(form, data))
    page = Page(render_page(shown))
    assert page.links == ["f-kind", "f-ico", "f-decided", "f-contacts-0-email", "f-contacts-1-email"]
    assert set(page.links) <= set(page.ids)
    assert shown.errors_title == "Opravte prosím pět věcí"
    assert shown.errors[3].text == "Kontakt 1 – Vyplňte: E-mail"


def test_a_declaration_is_never_ticked_in_advance() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"const": True, "default": True}, "b": {"type": "integer", "default": 3}},
    }
    form = compile_form(schema)
    assert initial(form) == {"b": 3}
    assert not part(schema, initial(form), "/a").options[0].checked


def test_of_what_a_case_knows_only_the_forms_own_fields_are_filled_in() -> None:
    assert initial(compile_form(TOWN), {"name": "Brno", "votes": 3}) == {"name": "Brno"}


def test_texts_of_authors_are_escaped() -> None:
    schema = {"type": "object", "title": "<b>x", "properties": {'"><script>': {"type": "string", "title": "<i>"}}}
    html = render_page(view(compile_form(schema), {'"><script>': '"><script>alert(1)</script>'}))
    assert "<script>" not in html and "<b>x" not in html and "<i>" not in html


def test_rows_as_a_table_have_sums_headings_and_buttons_that_name_their_row() -> None:
    data = {"costs": [{"what": "Autobus", "price": "14500.00"}, {"what": "Strava", "price": "moc"}]}
    html = render_form(view(compile_form(BUDGET), data))
    assert 'aria-label="Odebrat: Položka 1: Autobus"' in html
    assert "14\u00a0500,00</td>" in html
    assert 'aria-label="Cena, Položka 2"' in html
    assert 'value="moc"' in html


def test_rows_are_added_and_removed_by_buttons_without_a_script() -> None:
    form = compile_form(TOWN)
    page = Page(render_page(view(form, {})))
    pairs = changed(page.pairs, "/contacts/0/email", "a@b.cz")
    assert page.buttons["add:/contacts"] == "_do"
    added = act(form, [*pairs, ("_do", "add:/contacts")])
    assert added.data["contacts"] == [{"email": "a@b.cz"}, {}]
    assert added.focus == "/contacts/1/name"
    again = Page(render_page(view(form, added.data, focus=added.focus)))
    pairs = changed(again.pairs, "/contacts/1/email", "c@d.cz")
    removed = act(form, [*pairs, ("_do", "remove:/contacts/0")])
    assert removed.data["contacts"] == [{"email": "c@d.cz"}]
    assert decode(form, pairs)["contacts"] == [{"email": "a@b.cz"}, {"email": "c@d.cz"}]


@pytest.mark.parametrize(
    "value", ["remove:/contacts/9", "remove:/name", "add:/nobody", "remove-file:/name", "add:", "x:/y"]
)
def test_a_button_that_is_not_there_changes_nothing(value: str) -> None:
    pairs = [("/name", "Brno"), ("_do", value)]
    assert act(compile_form(TOWN), pairs).data == {"name": "Brno"}


def test_a_file_stays_over_a_refused_post_and_goes_by_its_button() -> None:
    form = compile_form(TOWN)
    files = {"id1": FileRef(id="id1", name="usnesení.pdf", size=210_000)}
    page = Page(render_page(view(form, {"paper": "id1"}, files=files)))
    assert ("/paper", "id1") in page.pairs
    assert decode(form, page.pairs, current={"paper": "id1"})["paper"] == "id1"
    without = act(form, [*page.pairs, ("_do", "remove-file:/paper?id1")], current={"paper": "id1"})
    assert "paper" not in without.data


def test_questions_that_an_answer_opened_are_shown_before_they_are_asked_for() -> None:
    form = compile_form(TOWN)
    pairs = changed(Page(render_page(view(form, {}))).pairs, "/decided", "true")
    data = decode(form, pairs)
    assert revealed(form, data, pairs) == ["/number"]
    again = changed(Page(render_page(view(form, data))).pairs, "/number", "")
    assert revealed(form, decode(form, again), again) == []


def test_a_list_that_an_answer_opened_is_shown_before_it_is_asked_for() -> None:
    listed = {"type": "array", "minItems": 1, "items": {"type": "object", "properties": {"a": {"type": "string"}}}}
    form = compile_form({**TOWN, "then": {"required": ["list"], "properties": {"list": listed}}})
    pairs = [("/decided", "true")]
    assert "/list" in revealed(form, decode(form, pairs), pairs)


def test_ares_fills_in_what_it_knows_and_nothing_else() -> None:
    form = compile_form(TOWN)
    data = {"ico": "05129061", "kind": "town"}
    wanted = asked(form, data, "/ico")
    assert wanted is not None and (wanted.source, wanted.value) == ("ares", "05129061")
    answer = {"obchodniJmeno": "Město", "sidlo": {"psc": 51244}, "kind": "region"}
    assert filled(form, data, "/ico", answer) == {**data, "name": "Město", "seat": {"postal_code": "51244"}}
    button = part(TOWN, {}, "/ico").prefill
    assert (button.do, button.label) == ("prefill:/ico", "Načíst z ARES")


def test_steps_show_their_fields_what_they_open_and_the_rest_on_the_last_one() -> None:
    steps = [
        {"key": "who", "title": "Kdo", "fields": ["/kind", {"title": "Úřad", "fields": ["/ico", "/name"]}]},
        {"key": "what", "title": "Co", "fields": ["/decided"]},
    ]
    form = compile_form({**TOWN, "x-steps": steps})
    first = view(form, {"decided": True}, step="who")
    assert [p.label for p in first.parts] == ["Druh", "Úřad"]
    assert [s.state for s in first.steps] == ["now", "next"]
    second = {p.pointer for p in every(view(form, {"decided": True}, step="what").parts)}
    assert {"/decided", "/number", "/contacts", "/paper"} <= second
    assert 'href="/k/who"' in render_steps(view(form, {}, step="what"), {"who": "/k/who"})


def test_the_same_form_is_shown_read_only_without_a_control() -> None:
    data = {"kind": "town", "ico": "05129061", "decided": True, "contacts": [{"email": "a@b.cz"}]}
    html = render_form(view(compile_form(TOWN), data, mode="read"))
    page = Page(html)
    assert not page.controls and not page.buttons
    assert "051\u00a029\u00a0061" in html and "Město" in html and "Ano" in html


def test_comments_of_the_office_stand_at_their_field() -> None:
    shown = part(TOWN, {}, "/name", comments=[Comment(pointer="/name", comment="Opravte název")])
    assert shown.comments == ("Opravte název",)
    assert shown.described_by == "f-name.c"


def test_a_clerk_objects_to_fields_of_another_form() -> None:
    schema = {
        "type": "object",
        "properties": {"defects": {"type": "array", "x-widget": "field-review", "x-of": "application"}},
    }
    form, other = compile_form(schema), (compile_form(TOWN), {"ico": "05129061"})
    page = Page(render_page(view(form, {}, reviewed={"application": other})))
    pairs = changed(page.pairs, "/defects~/ico", "Není to vaše IČO")
    data = decode(form, pairs)
    assert data == {"defects": [{"pointer": "/ico", "comment": "Není to vaše IČO"}]}
    assert "Není to vaše IČO" in render_page(view(form, data, reviewed={"application": other}))


def test_titles_are_translated_and_fall_back_field_by_field() -> None:
    shown = view(compile_form(TOWN), {}, lang="en")
    assert shown.title == "Application"
    control = part(TOWN, {}, "/kind", lang="en")
    assert [option.label for option in control.options] == ["Town", "Kraj"]
    assert part(TOWN, {}, "/seat/city", lang="en").label == "Town"


def _evaluate(text: str, variables: Mapping[str, Any]) -> Any:
    return eval(text, {"__builtins__": {"sum": sum, "len": len}}, dict(variables))


def test_values_are_worked_out_from_inner_rows_to_sums_and_cannot_be_posted() -> None:
    row = {
        "type": "object",
        "properties": {"n": {"type": "integer"}, "double": {"type": "integer", "x-computed": "2 * n"}},
    }
    schema = {
        "type": "object",
        "properties": {
            "rows": {"type": "array", "items": row},
            "total": {"type": "string", "format": "money", "x-computed": "sum([r['double'] for r in rows])"},
        },
    }
    form = compile_form(schema)
    pairs = [("/rows/0/n", "1"), ("/rows/1/n", "4"), ("/rows/0/double", "99"), ("/total", "1")]
    data = decode(form, pairs, evaluate=_evaluate)
    assert data == {"rows": [{"n": 1, "double": 2}, {"n": 4, "double": 8}], "total": "10.00"}
    assert part(schema, data, "/rows/0/n", evaluate=_evaluate).opens
    assert part(schema, {}, "/total", evaluate=_evaluate).text == ""


def test_a_field_is_visible_only_when_its_expression_holds() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "string", "x-visible": "a == 1"}},
    }
    form = compile_form(schema)
    assert decode(form, [("/a", "1"), ("/b", "x")], evaluate=_evaluate) == {"a": 1, "b": "x"}
    assert decode(form, [("/a", "2"), ("/b", "x")], evaluate=_evaluate) == {"a": 2}
    required = compile_form({**schema, "required": ["b"]})
    assert validate(required, {"a": 2}, evaluate=_evaluate) == []
    assert [error.pointer for error in validate(required, {"a": 1}, evaluate=_evaluate)] == ["/b"]


def test_of_answers_from_a_program_only_what_is_asked_is_taken() -> None:
    form = compile_form({**TOWN, "properties": {**TOWN["properties"], "fee": {"type": "integer", "readOnly": True}}})
    sent = {
        "ico": "05129061",
        "decided": False,
        "number": "7",
        "votes": 3,
        "fee": 1,
        "contacts": [{"email": "x", "y": 1}],
    }
    taken = accepted(form, sent, {"fee": 9})
    assert taken == {"ico": "05129061", "decided": False, "contacts": [{"email": "x"}], "fee": 9}


def test_the_check_page_has_every_answer_and_a_link_to_change_it() -> None:
    data = {"kind": "town", "ico": "05129061", "decided": True, "number": "7", "contacts": [{"email": "a@b.cz"}]}
    sections = summary(compile_form(TOWN), data)
    lines = [line for line in sections[0].lines if isinstance(line, Line)]
    assert [(line.label, line.text) for line in lines][:2] == [("Druh", "Město"), ("IČO", "051\u00a029\u00a0061")]
    assert [line.label for line in lines][2:] == ["Rozhodlo zastupitelstvo?", "Číslo usnesení"]
    assert isinstance(sections[1], Section) and sections[1].title == "Kontakty – Kontakt 1"
    html = render_answers(sections, lambda step, target: f"/upravit#{target}")
    assert 'href="/upravit#f-ico"' in html and html.count("<dl>") == html.count("</dl>") == 2


def test_rows_shown_as_a_table_are_a_table_on_the_check_page_too() -> None:
    data = {"costs": [{"what": "Autobus", "price": "14500.00"}]}
    table = summary(compile_form(BUDGET), data)[0].lines[0]
    assert isinstance(table, Table)
    assert table.totals == ("", "14\u00a0500,00")
    assert "<tfoot>" in render_answers(summary(compile_form(BUDGET), data))


def test_a_form_that_contains_itself_is_offered_not_unfolded_for_ever() -> None:
    person = {
        "type": "object",
        "title": "Osoba",
        "properties": {"n": {"type": "string"}, "parent": {"$ref": "#/$defs/p"}},
    }
    schema = {"type": "object", "$defs": {"p": person}, "properties": {"who": {"$ref": "#/$defs/p"}}}
    page = Page(render_page(view(compile_form(schema), {})))
    assert "add:/who/parent" in page.buttons
    added = act(compile_form(schema), [*page.pairs, ("_do", "add:/who/parent")])
    assert added.data == {"who": {"parent": {}}}
    assert "/who/parent/n" in Page(render_page(view(compile_form(schema), added.data))).names


def test_no_errors_no_summary() -> None:
    assert render_errors(view(compile_form(TOWN), {})) == ""


def test_two_versions_of_answers_are_compared_question_by_question() -> None:
    before = {"ico": "05129061", "name": "A", "contacts": [{"email": "a@b.cz"}]}
    after = {"ico": "05129061", "name": "B", "contacts": [{"email": "a@b.cz"}, {"email": "c@d.cz"}]}
    told = [(change.label, change.before, change.after) for change in compare(compile_form(TOWN), before, after)]
    assert told == [("Název", "A", "B"), ("Kontakt 2 – E-mail", "", "c@d.cz")]


def test_what_only_an_older_version_asked_or_offered_is_compared_in_its_words() -> None:
    def sized(**sizes: str) -> dict[str, Any]:
        return {"title": "Velikost", "oneOf": [{"const": const, "title": title} for const, title in sizes.items()]}

    older = {
        "type": "object",
        "properties": {"s": sized(xl="Obří", m="Malý"), "chip": {"type": "string", "title": "Čip"}},
    }
    newer = {"type": "object", "properties": {"s": sized(l="Velký", m="Malý")}}
    found = compare(compile_form(newer), {"s": "xl", "chip": "9"}, {"s": "l"}, older=compile_form(older))
    assert [(one.label, one.before, one.after) for one in found] == [("Velikost", "Obří", "Velký"), ("Čip", "9", "")]


def test_what_was_chosen_from_a_register_is_compared_by_its_name() -> None:
    names = ({"/name": Offer(text="Obec A")}, {"/name": Offer(text="Obec B")})
    [change] = compare(compile_form(TOWN), {"name": "1"}, {"name": "2"}, offers=names)
    assert (change.before, change.after) == ("Obec A", "Obec B")


def test_a_form_without_a_title_is_called_a_form() -> None:
    for lang, title in (("cs", "Formulář"), ("en", "Form")):
        html = render_page(view(compile_form({"type": "object", "properties": {"a": {}}}), {}, lang=lang))
        assert f"<title>{title}</title>" in html
        assert f'<h1 id="nadpis">{title}</h1>' in html


def test_amounts_are_written_as_the_language_does() -> None:
    worked_out = {"type": "string", "title": "Kam", "readOnly": True}
    schema = {
        "type": "object",
        "properties": {
            "fee": {"type": "string", "format": "money", "title": "Částka", "readOnly": True},
            "whole": {"type": "integer", "title": "Celkem", "x-unit": "Kč", "readOnly": True},
            "where": worked_out,
            "typed": {"type": "string", "title": "Poznámka"},
        },
    }
    text = "123: 2\u00a0573,00\u00a0Kč, 5\u00a0000,-\u00a0Kč"
    data = {"fee": "60000.00", "whole": 15000, "where": text, "typed": text}
    english = [one.text for one in view(compile_form(schema), data, lang="en").parts]
    assert english[:2] == ["CZK\u00a060,000.00", "CZK\u00a015,000.00"]
    assert english[2:] == ["123: CZK\u00a02,573.00, CZK\u00a05,000", text]
    czech = [one.text for one in view(compile_form(schema), data, lang="cs").parts]
    assert czech == ["60\u00a0000,00\u00a0Kč", "15\u00a0000,00\u00a0Kč", text, text]
