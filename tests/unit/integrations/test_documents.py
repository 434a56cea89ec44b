import pytest

from processes.documents import Renderer, TemplateRefused, template_problems
from processes.markdown import escaped, to_html, to_text

DATA = {
    "case": {"number": "PRI-2026-0001", "url": "https://obec.cz/p/PRI-2026-0001?k=a_b&c=1"},
    "today": "2026-11-23",
    "tenant": {"name": "Otevřená města", "ico": "05129061", "arms": "<svg/>", "email": "a@b.cz"},
    "name": "Obec <b>*X*</b> [y](http://zlo.cz)",
    "fee": 762_000,
}


def a_document(body: str, css: str = "", **more: str) -> str:
    source = (
        '{% extends "letter.html" %}{% block title %}Usnesení{% endblock %}{% block body %}' + body + "{% endblock %}"
    )
    files = {"documents/r.html": source.encode(), "documents/r.css": css.encode()}
    files |= {path: text.encode() for path, text in more.items()}
    return Renderer(files=files).document("r", DATA)


def a_message(source: str) -> tuple[str, str, str]:
    message = Renderer(files={"messages/m.md": source.encode()}).message("m", DATA)
    return message.subject, message.text, message.html


def test_a_letter_carries_the_sender_number_date_and_a_safe_body() -> None:
    page = a_document("<p>{{ name }} zaplatí {{ fee|money_dash }}</p>")
    assert "Usnesení</title>" in page
    assert "Otevřená města" in page
    assert "PRI-2026-0001" in page
    assert "23.\u00a011.\u00a02026" in page
    assert "Obec &lt;b&gt;*X*&lt;/b&gt;" in page
    assert '<span class="nowrap">7 620,- Kč</span>' in page
    assert 'lang="cs"' in page


def test_a_style_sheet_cannot_end_its_element() -> None:
    assert "</style><script>" not in a_document("", css="p{}</style><script>alert(1)</script>")


def test_a_document_may_include_another_of_the_agenda() -> None:
    page = a_document('{% include "documents/limb.html" %}', **{"documents/limb.html": "<p>I. {{ fee|money }}</p>"})
    assert '<p>I. <span class="nowrap">7 620,00 Kč</span></p>' in page


def test_a_document_called_letter_still_extends_our_letter() -> None:
    files = {"documents/letter.html": b'{% extends "letter.html" %}{% block body %}ahoj{% endblock %}'}
    assert "ahoj" in Renderer(files=files).document("letter", DATA)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("\n\n{{ nobody }}", "documents/r.html, line 3: 'nobody' is undefined"),
        ("{{ fee|money( }}", "documents/r.html, line 1"),
        ("{{ 1.5|money }}", "Money is whole haléře"),
        ("{% include 'x.html' %}", "There is no template x.html"),
        ("{{ fee|shout }}", "No filter named 'shout'"),
        ("{{ 1 // 0 }}", "documents/r.html"),
    ],
)
def test_a_template_that_fails_says_where_and_why(body: str, reason: str) -> None:
    with pytest.raises(TemplateRefused) as caught:
        a_document(body)
    assert reason in str(caught.value)


def test_a_document_that_is_not_there_is_refused() -> None:
    with pytest.raises(TemplateRefused):
        Renderer(files={}).document("r", DATA)


def test_the_first_line_of_a_message_is_its_subject() -> None:
    subject, text, html = a_message("# Přijali jsme {{ case.number }}\n\nDobrý den,\n\n**děkujeme**.")
    assert subject == "Přijali jsme PRI-2026-0001"
    assert text == "Dobrý den,\n\nděkujeme."
    assert "<strong>děkujeme</strong>" in html


def test_what_an_applicant_wrote_is_never_markup_of_a_message() -> None:
    _, text, html = a_message("# S\n\n{{ name }}")
    assert text == DATA["name"]
    assert "<b>" not in html
    assert "<a href" not in html
    assert "<em>" not in html


def test_a_value_on_several_lines_stays_in_its_paragraph() -> None:
    assert to_text("A: " + escaped("první\n# druhá\n- třetí")) == "A: první\n# druhá\n- třetí"


def test_links_survive_in_text_and_html() -> None:
    _, text, html = a_message("# S\n\n[Sledovat]({{ case.url }})")
    assert text == "Sledovat (https://obec.cz/p/PRI-2026-0001?k=a_b&c=1)"
    assert 'href="https://obec.cz/p/PRI-2026-0001?k=a_b&amp;c=1"' in html


def test_lists_and_tables_read_well_as_plain_text() -> None:
    source = "1. první\n2. druhý\n   - vnořený\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    assert to_text(source).split("\n") == ["1. první", "2. druhý", "  - vnořený", "", "a  b  ", "1  2"]


def test_raw_html_and_scripts_in_markdown_are_text() -> None:
    assert "<script>" not in to_html("<script>x</script> [a](javascript:alert(1))")
    assert "javascript:" not in to_html("[a](javascript:alert(1))").split("href")[-1] or "href" not in to_html(
        "[a](javascript:alert(1))"
    )


def test_a_message_without_a_subject_is_refused() -> None:
    with pytest.raises(TemplateRefused):
        a_message("Dobrý den")


def test_templates_that_cannot_be_read_are_found_before_anybody_renders_them() -> None:
    files = {
        "documents/a.html": b"\n{% if %}",
        "documents/b.html": b"{{ x|nic }}",
        "documents/c.html": b"{{ x }}",
        "messages/m.md": b"bez nadpisu",
        "messages/n.md": "# Předmět".encode("cp1250"),
        "forms/x.json": b"{% if %}",
    }
    assert [(one.path, one.line) for one in template_problems(files)] == [
        ("documents/a.html", 2),
        ("documents/b.html", 1),
        ("messages/m.md", 1),
        ("messages/n.md", None),
    ]


def test_a_submission_shows_every_answer_and_its_hash() -> None:
    data = {
        **DATA,
        "title": "Přihláška",
        "submission": {"sha256": "ab" * 32, "submitted_at": "2026-11-23T09:42:00+00:00", "submitter_name": "Jan Novák"},
        "sections": [
            {
                "title": "Žadatel",
                "parts": [
                    {"kind": "answers", "answers": [{"label": "Název", "lines": ["Rokytnice", "<druhý>"]}]},
                    {"kind": "heading", "label": "Kontakty"},
                    {"kind": "table", "label": "Osoby", "columns": ["Jméno"], "rows": [["Eva"]], "totals": ["celkem"]},
                ],
            }
        ],
    }
    page = Renderer(files={}).submission(data)
    parts = ("Přihláška", "Žadatel", "Rokytnice<br>&lt;druhý&gt;", "Kontakty", "Osoby", "Eva", "celkem")
    for part in (*parts, "ab" * 32, "10:42", "Jan Novák"):
        assert part in page


def test_a_template_compiled_in_one_language_is_not_written_in_another() -> None:
    part = b"{{ 1234.5 | number }}|{{ n | number }}"
    letter = b"{% include 'part.html' %}"
    files = {"documents/a.html": letter, "documents/a.en.html": letter, "documents/part.html": part}
    czech, english = (Renderer(files=files, lang=lang).document("a", {"n": 1234.5}) for lang in ("cs", "en"))
    own = Renderer(files=files).document("a", {"n": 1234.5})
    assert own == czech
    assert czech != english
    for page in (czech, english):
        constant, given = page.split("|")
        assert constant == given


def test_a_template_that_changed_under_its_name_is_compiled_anew() -> None:
    pages = [Renderer(files={"documents/a.html": text}).document("a", {}) for text in (b"one", b"two", b"one")]
    assert pages == ["one", "two", "one"]
