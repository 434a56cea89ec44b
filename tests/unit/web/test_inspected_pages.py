"""What `radnice check` says of an agenda's pages."""

from __future__ import annotations

import pytest

from processes.catalogue import HERE, read_path
from web.inspection import inspect

FILES = read_path(HERE / "membership")
PUBLIC = 'public = true\ntitle.cs = "Členové"\n[[blocks]]\ntitle.cs = "x"\n'
OWN = PUBLIC.replace("public = true\n", "")


def said(page: str, lang: str = "en") -> list[str]:
    found = inspect({**FILES, "pages/one.toml": page.encode()}, lang)
    return [problem.message for problem in found if problem.file == "pages/one.toml" and problem.severity == "error"]


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("title = [", "can't be read"),
        ('title.cs = "x"\n', "blocks"),
        (PUBLIC + 'kind = "pie"\n', "/blocks/0/kind"),
        (PUBLIC + 'kind = "bar"\nregister = "members"\n', "by is missing"),
        (PUBLIC + 'kind = "bar"\nregister = "members"\nprocess = "membership"\nby = "kind"\n', "/blocks/0"),
        (PUBLIC + 'kind = "bar"\nregister = "members"\nby = "kind"\naggregate = "mean"\n', "of is missing"),
        (PUBLIC + 'kind = "bar"\nregister = "dogs"\nby = "kind"\n', "no register dogs"),
        (PUBLIC + 'kind = "bar"\nregister = "members"\nby = "color"\n', "no field color"),
        (PUBLIC + 'kind = "bar"\nregister = "members"\nby = "email"\n', "the field email of"),
        (OWN + 'kind = "bar"\nregister = "members"\nby = "kind"\naggregate = "sum"\nof = "name"\n', "no number"),
        (OWN + 'kind = "bar"\nprocess = "dog_fee"\nby = "status"\n', "no process dog_fee"),
        (OWN + 'kind = "bar"\nprocess = "membership"\nby = "applicant"\n', "knows no applicant"),
        ('groups = ["boss"]\n' + OWN + 'kind = "bar"\nprocess = "membership"\nby = "status"\n', "no group boss"),
    ],
)
def test_what_is_wrong_with_a_page_is_said(page: str, words: str) -> None:
    assert words in " ".join(said(page))
    assert not set(said(page)) & set(said(page, "cs"))


def test_the_pages_that_come_with_the_agenda_are_in_order() -> None:
    assert [problem for problem in inspect(FILES) if problem.file and problem.file.startswith("pages/")] == []
