from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from engine.calendar import SettableClock
from integrations.ares import make_company_register
from integrations.failures import BusinessError, Permanent, Temporary
from integrations.fakes import FakeAres, fake_ares
from integrations.guard import AddressRefused
from integrations.ports import CompanyRegister
from tests.machine import free_port

PATH = "/ekonomicke-subjekty/00276057"
CLOCK = SettableClock(datetime(2026, 11, 23, tzinfo=UTC))


@pytest.fixture
def fake() -> Iterator[FakeAres]:
    with fake_ares() as server:
        yield server


def register(fake: FakeAres) -> CompanyRegister:
    return make_company_register(fake.url, CLOCK, allow_private=True)


def test_a_subject_is_found_over_the_wire(fake: FakeAres) -> None:
    company = register(fake).find("276057")
    assert (company.name, company.recorded) == ("Město Rokytnice nad Jizerou", False)
    assert fake.asked == [PATH]


def test_the_same_subject_is_asked_for_once_a_day(fake: FakeAres) -> None:
    companies = register(fake)
    companies.find("00276057")
    companies.find("00276057")
    assert len(fake.asked) == 1
    CLOCK.advance(timedelta(hours=25))
    companies.find("00276057")
    assert len(fake.asked) == 2


def test_a_wrong_ico_is_never_asked_for(fake: FakeAres) -> None:
    with pytest.raises(BusinessError):
        register(fake).find("00276058")
    assert fake.asked == []


def test_a_subject_nobody_knows_is_not_found(fake: FakeAres) -> None:
    with pytest.raises(BusinessError) as caught:
        register(fake).find("00000001")
    assert caught.value.code == "ares.not-found"


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ((500, b""), Temporary),
        ((503, b""), Temporary),
        ((429, b""), Temporary),
        ((200, b"<html>udrzba</html>"), Temporary),
        ((400, b"{}"), Permanent),
        ((302, b""), Permanent),
        ((200, b"[]"), Permanent),
        ((200, b"{}"), Permanent),
        ((200, b'"' + b"x" * 5_000_001 + b'"'), Permanent),
    ],
)
def test_a_register_in_trouble_is_told_from_one_that_refuses(
    fake: FakeAres, answer: tuple[int, bytes], failure: type[Exception]
) -> None:
    fake.answers[PATH] = answer
    with pytest.raises(failure):
        register(fake).find("00276057")
    fake.answers.clear()
    assert register(fake).find("00276057").name


def test_a_register_that_is_away_may_be_asked_later() -> None:
    away = make_company_register(f"http://127.0.0.1:{free_port()}", CLOCK, allow_private=True)
    with pytest.raises(Temporary):
        away.find("00276057")


def test_a_setting_cannot_point_the_register_at_our_own_network(fake: FakeAres) -> None:
    with pytest.raises(AddressRefused):
        make_company_register(fake.url, CLOCK).find("00276057")
    assert fake.asked == []


def test_a_register_in_trouble_is_left_alone_for_a_while(fake: FakeAres) -> None:
    companies = register(fake)
    fake.answers[PATH] = (503, b"")
    for _ in range(3):
        with pytest.raises(Temporary):
            companies.find("00276057")
    assert len(fake.asked) == 1
    fake.answers.clear()
    CLOCK.advance(timedelta(minutes=1))
    assert companies.find("00276057").name


def test_the_demo_has_a_recorded_answer_where_the_register_is_away_and_says_so() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    demo = make_company_register(url, CLOCK, recorded=True, allow_private=True)
    assert demo.find("00276057").recorded
    with pytest.raises(Temporary):
        demo.find("00000001")


def test_the_demo_believes_the_register_when_it_answers(fake: FakeAres) -> None:
    demo = make_company_register(fake.url, CLOCK, recorded=True, allow_private=True)
    assert not demo.find("00276057").recorded
    with pytest.raises(BusinessError):
        demo.find("00000001")
