"""`radnice form render` and `radnice form decode` as programs use them."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.unit.forms.browser import Page
from web.forms_cli import main

SCHEMA = {
    "type": "object",
    "title": "Poplatek ze psa",
    "required": ["owner"],
    "properties": {"owner": {"type": "string", "title": "Držitel"}, "dogs": {"type": "integer", "title": "Počet psů"}},
}


def written(folder: Path, name: str, content: object) -> str:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return str(path)


def test_a_form_is_rendered_as_a_whole_page_and_its_post_decoded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = written(tmp_path, "dog.json", SCHEMA)
    data = written(tmp_path, "data.json", {"owner": "Jan", "dogs": 2, "note": {"more": [1]}})
    assert main(["render", schema, "--data", data]) == 0
    html = capsys.readouterr().out
    assert html.startswith("<!doctype html>") and "Poplatek ze psa" in html
    body = written(tmp_path, "body.txt", urlencode(Page(html).pairs))
    assert main(["form", "decode", schema, "--body", body, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "data": {"owner": "Jan", "dogs": 2, "note": {"more": [1]}},
        "errors": [],
    }


def test_errors_are_shown_on_the_page_and_given_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema = written(tmp_path, "dog.json", SCHEMA)
    assert main(["render", schema, "--data", written(tmp_path, "d.json", {"dogs": "x"}), "--errors"]) == 0
    assert "Opravte prosím dvě věci" in capsys.readouterr().out
    assert main(["decode", schema, "--body", written(tmp_path, "b.txt", "%2Fdogs=x")]) == 0
    errors = json.loads(capsys.readouterr().out)["errors"]
    assert [error["pointer"] for error in errors] == ["/owner", "/dogs"]


@pytest.mark.parametrize("content", ["", "{", "[1]", "[" * 100_000, {"type": "object", "required": "x"}])
def test_a_schema_that_is_none_is_one_sentence_and_status_1(
    content: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", written(tmp_path, "x.json", content)]) == 1
    said = capsys.readouterr()
    assert said.out == "" and "Traceback" not in said.err and said.err.count("\n") == 1


def test_a_file_that_is_not_there_is_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "/nobody/here.json"]) == 1
    assert "can't be read" in capsys.readouterr().err
