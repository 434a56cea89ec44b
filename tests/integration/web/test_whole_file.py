"""The whole file of a case in one zip, and other cases of the same applicant."""

from __future__ import annotations

import io
import zipfile

from tests.integration.web.desk import Desk
from web.workplace.whole_file import plain


def test_the_whole_file_holds_the_story_the_forms_and_every_document(desk: Desk) -> None:
    number = desk.accepted()
    desk.sign_in("sekretarka")
    answer = desk.client.get(f"/prace/pripady/{number}/spis.zip")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f"attachment; filename={number}.zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        names = packed.namelist()
        assert packed.testzip() is None
        told = packed.read(names[0])
    assert names[0] in ("000 spis.pdf", "000 spis.html")
    assert told.startswith(b"%PDF" if names[0].endswith("pdf") else b"<!doctype")
    assert len(names) > 1, "documents come along"


def test_a_file_name_that_would_lead_out_of_the_zip_does_not() -> None:
    assert plain("../../etc/pass\\wd\n") == "_.._etc_pass_wd_"
    assert plain("...") == "_"


def test_other_cases_of_the_same_organisation_stand_beside(desk: Desk) -> None:
    first = desk.application()
    second = desk.application()
    desk.sign_in("sekretarka")
    assert first != second
    assert first in desk.get(f"/prace/pripady/{second}")
    assert "Další případy žadatele" in desk.get(f"/prace/pripady/{first}")
