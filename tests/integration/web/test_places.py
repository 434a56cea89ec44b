"""Proposals of citizens as everybody sees them: on a map, with pictures, with the budget; also on the ballot."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PIL import Image
from sqlalchemy import select, update

from engine.store.papers import AttachmentRow
from engine.store.wall import everybodys
from engine.voting.rules import Option
from processes.catalogue import load
from processes.scenarios import play, read_scenarios
from processes.scenarios.reading import Step
from tests.integration.web.desk import Desk, app_of, found
from web.places import seen_of_options
from web.portal import pictures
from web.stage import Theatre

VOTE, LIST = "/hlasovani/pr-2026", "/registry/pb_proposals"
PHOTOS = [{"file": {"upload": "lipy.jpg"}, "alt": "Nákres pěti lip"}]


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """An office whose vote on two projects is open; the first one has a picture."""
    agenda = load("participatory_budget")
    story = next(one for one in read_scenarios(agenda) if "10_" in one.path)
    until = next(at for at, step in enumerate(story.steps) if str(step.what).startswith("2026-04-10"))
    steps = [*story.steps[: until + 1]]
    first = next(at for at, step in enumerate(steps) if step.kind == "start" and step.what == "proposal")
    steps[first] = pictured(steps[first])
    with Theatre() as theatre:
        stage = theatre.stage(agenda)
        found(stage, agenda)
        outcome = play(replace(story, steps=steps), agenda, stage)
        assert outcome.ok, outcome.problem
        yield Desk(stage=stage, app=app_of(stage), agenda=agenda)


def pictured(step: Step) -> Step:
    return replace(step, words={**step.words, "with": {**step.words["with"], "photos": PHOTOS}})


@pytest.fixture(autouse=True)
def window(desk: Desk) -> None:
    desk.begin_window()


def page_of_first(desk: Desk) -> str:
    addresses = re.findall(rf'href="({LIST}/[^"]+)">', desk.get(f"{LIST}?q=Lípy"))
    return addresses[0]


def test_the_list_has_a_map_with_the_numbers_of_its_rows(desk: Desk) -> None:
    page = desk.get(LIST)
    assert 'aria-label="Mapa: Návrhy projektů"' in page
    assert len(re.findall(r'class="map-mark"', page)) == len(re.findall(r'class="map-badge"', page)) == 2
    assert "Participativní rozpočet 2026" in page and "pr-2026" not in page.partition("<tbody")[2]


def test_a_proposal_shows_its_place_its_budget_and_its_picture(desk: Desk) -> None:
    page = desk.get(page_of_first(desk))
    assert "https://www.openstreetmap.org/" in page and "<iframe" not in page and '<script src="http' not in page
    assert "Rozpočet podle navrhovatele" in page and "Součet" in page and "Celkem" in page
    assert "Velké projekty" in page and ">velke<" not in page
    (source, said) = re.findall(r'<img src="([^"]+/maly)" alt="([^"]*)"', page)[0]
    assert said == "Nákres pěti lip"
    answer = desk.client.get(source)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    with Image.open(io.BytesIO(answer.data)) as picture:
        assert max(picture.size) == 640 and not picture.getexif()


def test_a_picture_that_was_seen_is_neither_read_nor_sent_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (source,) = re.findall(r'<img src="([^"]+/maly)"', desk.get(page_of_first(desk)))
    first = desk.client.get(source)
    assert first.headers["ETag"]

    def read(*_where: object) -> bytes:
        raise AssertionError("the original was read once more")

    monkeypatch.setattr(pictures, "content_of", read)
    assert desk.client.get(source).data == first.data
    again = desk.client.get(source, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_two_options_about_the_same_proposal_both_show_it(desk: Desk) -> None:
    about = page_of_first(desk)
    options = [Option(id=one, title=one, about=about) for one in ("a", "b")]
    with desk.app.test_request_context(VOTE):
        desk.app.preprocess_request()
        seen = seen_of_options(options)
    assert set(seen.places) == {"a", "b"} and all(seen.pictures[one.id] for one in options)


def test_the_ballot_shows_the_same_and_leads_to_the_proposal(desk: Desk) -> None:
    page, about = desk.get(VOTE), page_of_first(desk)
    assert f'href="{about}">Více o projektu' in page and "/maly" in page and 'class="map-mark"' in page


def test_open_data_tell_where_pictures_are_and_no_ids_of_files(desk: Desk) -> None:
    told = json.loads(desk.get(f"{LIST}.json"))["records"]
    (photo,) = next(one["photos"] for one in told if one.get("photos"))
    assert photo["alt"] == "Nákres pěti lip" and photo["address"].startswith("http")
    assert desk.client.get(f"/registry/{photo['address'].partition('/registry/')[2]}").status_code == 200
    shape = json.loads(desk.get(f"{LIST}.json"))["schema"]["properties"]["photos"]["items"]["properties"]
    assert shape == {
        "address": {"type": "string", "format": "uri", "title": "Obrázek"},
        "alt": {"type": "string", "title": "Co je na obrázku"},
    }
    assert "Fotografie" not in desk.get(f"{LIST}.csv").splitlines()[0]


def test_only_pictures_of_the_record_s_own_cases_are_shown(desk: Desk) -> None:
    source = re.findall(r'<img src="([^"]+)/maly"', desk.get(page_of_first(desk)))[0]
    desk.get(f"{source}/obrovsky", 404)
    desk.get(f"{source[:-6]}ffffff/maly", 404)
    rows = update(AttachmentRow).where(AttachmentRow.filename == "lipy.jpg")
    with desk.stage.sessions() as session:
        own = session.scalars(select(AttachmentRow.instance_id).where(AttachmentRow.filename == "lipy.jpg")).one()
    with everybodys(desk.stage.parts.database).begin() as connection:
        connection.execute(rows.values(instance_id="other"))
    try:
        desk.get(f"{source}/maly", 404)
        assert '<img src="/registry' not in desk.get(page_of_first(desk))
        assert not any(one.get("photos") for one in json.loads(desk.get(f"{LIST}.json"))["records"])
    finally:
        with everybodys(desk.stage.parts.database).begin() as connection:
            connection.execute(rows.values(instance_id=own))
