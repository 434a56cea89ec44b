import json

import pytest

from integrations.ares import RECORDED, RecordedAres, checked_ico, company_of
from integrations.failures import BusinessError, Permanent


@pytest.mark.parametrize("text", ["05129061", "5129061", " 051 29 061 ", "00258245", "70890692"])
def test_a_valid_ico_is_given_as_eight_digits(text: str) -> None:
    assert len(checked_ico(text)) == 8


@pytest.mark.parametrize("text", ["", "05129062", "123456789", "abc", "0512906١"])
def test_a_wrong_ico_is_refused_before_anybody_is_asked(text: str) -> None:
    with pytest.raises(BusinessError) as caught:
        checked_ico(text)
    assert caught.value.code == "ares.invalid-ico"


def test_recorded_answers_say_that_they_are_recorded() -> None:
    company = RecordedAres().find("00276057")
    assert (company.name, company.recorded, company.dissolved_on) == ("Město Rokytnice nad Jizerou", True, None)
    assert company.answer["sidlo"]["nazevObce"] == "Rokytnice nad Jizerou"
    assert "nazevUlice" not in company.answer["sidlo"]


def test_a_subject_that_ended_is_told() -> None:
    assert str(RecordedAres().find("99999919").dissolved_on) == "2024-12-31"


def test_an_unknown_ico_is_not_found() -> None:
    with pytest.raises(BusinessError) as caught:
        RecordedAres().find("00000001")
    assert caught.value.code == "ares.not-found"


def test_every_recorded_answer_belongs_to_the_ico_it_is_named_after() -> None:
    for path in RECORDED.glob("*.json"):
        assert company_of(json.loads(path.read_text(encoding="utf-8"))).ico == checked_ico(path.stem)


def test_an_answer_with_almost_nothing_in_it_is_read() -> None:
    company = company_of({"ico": "00000001", "datumZaniku": "brzy"})
    assert (company.name, company.dissolved_on) == ("", None)


def test_an_answer_that_is_none_is_refused() -> None:
    with pytest.raises(Permanent):
        company_of({"kod": "CHYBA"})
