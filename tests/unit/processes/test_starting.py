"""A new agenda runs as it is founded; changes to its manifest touch nothing else."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from engine.reading import read_model
from processes.agenda import MANIFEST, parse_agenda
from processes.scenarios import Coverage, play, read_scenarios
from processes.starting import Founding, found, offered, withdrawn
from processes.words import read_words
from web.inspection import inspect
from web.stage import Theatre

NEW = Founding(
    key="wood",
    title={"cs": "Palivové dřevo", "en": "Firewood"},
    summary={"cs": "Samovýroba v obecním lese."},
    group="forest",
    group_title={"cs": "Hajný"},
    prefix="DRE",
)
ODD = '"><b> & \\ \'„"\n{{ x }} = #'


def test_what_is_founded_has_nothing_to_mend_and_its_stories_go_everywhere() -> None:
    files = found(NEW)
    assert [one for one in inspect(files) if one.severity != "hint"] == []
    agenda = parse_agenda(files)
    coverage = Coverage.of(read_model(files[path]) for path in agenda.diagrams)
    with Theatre() as theatre:
        outcomes = [play(one, agenda, theatre.stage(agenda), coverage) for one in read_scenarios(agenda)]
    assert [one for one in outcomes if not one.ok] == []
    assert coverage.missing == []


def test_nothing_of_the_starter_shows() -> None:
    files = found(NEW)
    assert not any(b"starter" in content or "starter" in path for path, content in files.items())
    assert read_words(files, "en")("Palivové dřevo") == "Firewood"
    agenda = parse_agenda(files)
    assert (agenda.numbering, agenda.groups) == ("DRE-{year}-{n:04}", {"forest": {"cs": "Hajný"}})
    assert agenda.forms["application"]["title"] == "Palivové dřevo"
    assert list(agenda.services) == []


def test_odd_names_stay_what_they_are() -> None:
    files = found(replace(NEW, title={"cs": ODD, "en": ODD}, summary={"cs": ODD}, group_title={"cs": ODD}))
    agenda = parse_agenda(files)
    assert (agenda.title["cs"], agenda.summary["cs"], agenda.groups["forest"]["cs"]) == (ODD, ODD, ODD)
    assert [one for one in inspect(files) if one.severity == "error"] == []
    assert read_model(files["wood.bpmn"]).nodes["wood"].name == ODD.replace("\n", " ")


MANIFEST_OF_OTHERS = """# kept
key = "a"  # kept too
[title]
cs = "A"
[[services]]
process = "other"
title.cs = "Jiné"
summary.cs = "Jiné."
needs.cs = ["doklad"]
"""


def test_a_service_is_added_changed_and_taken_away_beside_what_others_wrote() -> None:
    texts = {"title": {"cs": "Dřevo"}, "summary": {"cs": "Souhrn.", "en": "Summary."}}
    added = offered(MANIFEST_OF_OTHERS, "wood", texts)
    assert added.startswith(MANIFEST_OF_OTHERS)
    services = tomllib.loads(added)["services"]
    assert services[1] == {"process": "wood", "icon": "file", **texts}
    changed = offered(added, "other", {"title": {"cs": "Nové"}, "summary": {"cs": "Jiné."}})
    assert tomllib.loads(changed)["services"][0]["needs"] == {"cs": ["doklad"]}
    assert tomllib.loads(changed)["services"][0]["title"] == {"cs": "Nové"}
    assert "# kept too" in changed
    assert tomllib.loads(withdrawn(changed, "other"))["services"] == [services[1]]
    assert "services" not in tomllib.loads(withdrawn(withdrawn(changed, "other"), "wood"))


@pytest.mark.parametrize("name", ["wood", "nowhere"])
def test_taking_away_what_is_not_offered_changes_nothing(name: str) -> None:
    text = found(NEW)[MANIFEST].decode()
    assert withdrawn(text, name) == text
