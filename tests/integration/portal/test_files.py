"""Files of a draft: whatever way and however often they come, each is kept once."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from engine.store.papers import AttachmentRow
from tests.integration.conftest import ALL
from tests.integration.portal.conftest import token_of
from tests.integration.portal.drafting import TENANT, saved
from tests.integration.portal.public_forms import address, offer
from tests.unit.forms.browser import Page
from web.bootstrap import Parts

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"
FORM: dict[str, Any] = {
    "type": "object",
    "title": "Přílohy",
    "properties": {
        "all": {"type": "array", "title": "Přílohy", "items": {"type": "string", "format": "file"}},
        "one": {"type": "string", "title": "Plná moc", "format": "file"},
    },
}


@pytest.fixture
def path(client: FlaskClient, parts: Parts) -> str:
    """The page of a draft."""
    offer(parts, TENANT, {"files": FORM})
    token = token_of(client.get(address("files")))
    begun = client.post(address("files"), data={"csrf_token": token, "_go": "keep"}).get_json()
    return f"/podani/{begun['draft']}/formular"


def sends(client: FlaskClient, path: str, *files: tuple[str, str, bytes], **more: str) -> TestResponse:
    """Post the page as it stands, with files chosen in it."""
    return posts(client, path, client.get(path).text, *files, **more)


def posts(client: FlaskClient, path: str, page: str, *files: tuple[str, str, bytes], **more: str) -> TestResponse:
    """Post a page to an address, with files chosen in it."""
    fields: dict[str, list[Any]] = {}
    own = Page(page[page.index('<form method="post"') :].split("</form>", 1)[0]).pairs
    chosen = [(pointer, (io.BytesIO(content), name)) for pointer, name, content in files]
    for name, value in [*own, *chosen, *more.items()]:
        fields.setdefault(name, []).append(value)
    return client.post(path, data=fields, content_type="multipart/form-data")


def answers(parts: Parts, path: str) -> Any:
    return saved(parts, path.split("/")[2])


def test_a_file_that_went_with_a_part_of_the_page_is_not_kept_again_with_the_whole(
    client: FlaskClient, parts: Parts, path: str
) -> None:
    chosen = [("/all", "stanovy.pdf", PDF), ("/one", "moc.pdf", PDF + b"\n")]
    assert sends(client, path, *chosen, _do="refresh").status_code == 200
    before = answers(parts, path)
    assert len(before["all"]) == 1
    assert sends(client, path, *chosen, _go="continue").status_code == 303
    assert answers(parts, path) == before
    with parts.sessions(info=ALL) as session:
        assert session.scalar(select(func.count()).select_from(AttachmentRow)) == 2


def test_another_file_is_added_to_a_list_and_takes_the_place_of_a_single_one(
    client: FlaskClient, parts: Parts, path: str
) -> None:
    sends(client, path, ("/all", "a.pdf", PDF), ("/one", "a.pdf", PDF), _go="save")
    first = answers(parts, path)
    sends(client, path, ("/all", "b.pdf", PDF + b"\n"), ("/one", "b.pdf", PDF + b"\n"), _go="save")
    second = answers(parts, path)
    assert second["all"][0] == first["all"][0]
    assert len(second["all"]) == 2
    assert second["one"] != first["one"]


def test_a_file_that_a_script_sent_from_the_first_page_belongs_to_what_is_sent_from_there_after(
    client: FlaskClient, parts: Parts
) -> None:
    offer(parts, TENANT, {"files": FORM})
    first = address("files")
    swapped = sends(client, first, ("/all", "stanovy.pdf", PDF), _do="refresh")
    assert swapped.status_code == 200
    sent = posts(client, first, swapped.text, _go="continue")
    assert sent.status_code == 303, sent.text
    assert len(answers(parts, sent.location)["all"]) == 1


def test_files_that_are_too_large_together_are_put_aside_and_what_was_written_is_kept(
    client: FlaskClient, parts: Parts
) -> None:
    words = {"type": "object", "properties": {"note": {"type": "string"}, "one": {"type": "string", "format": "file"}}}
    offer(parts, TENANT, {"large": words})
    page = client.get(address("large")).text
    client.application.config["MAX_CONTENT_LENGTH"] = 5000
    refused = posts(
        client, address("large"), page, ("/one", "moc.pdf", PDF * 300), _go="continue", **{"/note": "Psáno"}
    )
    assert refused.status_code == 422
    assert "se „moc.pdf“ neuložil" in refused.text and "Psáno" in refused.text
    draft = refused.text.split("/podani/", 1)[1].split("/", 1)[0]
    assert saved(parts, draft) == {"note": "Psáno"}
    again = posts(client, f"/podani/{draft}/formular", refused.text, ("/one", "moc.pdf", PDF), _go="continue")
    assert again.status_code == 303
