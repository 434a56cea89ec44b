"""Tries to come in: how many, how long the wait is, what is forgotten and when."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

from engine.model import Actor
from engine.signing_in import ForgetTries, PurgeTries, Tried, TrySignIn
from engine.store.audit import AuditEventRow
from engine.store.signing_in import SignInTriesRow
from tests.integration.office import Office

STRANGER = Actor(kind="applicant")
MINUTE = timedelta(minutes=1)


def trying(name: str = "n", address: str = "a", browser: str = "") -> Tried:
    """By what a try is counted."""
    return Tried(name=name, address=address, place=f"{name} {address}", browser=browser and f"{name} {browser}")


def tries(office: Office, name: str = "n", address: str = "a", browser: str = "", tenant: str = "town") -> timedelta:
    """One try; gives how long it has to wait."""
    tried = trying(name, address, browser)
    return office.engine.execute(TrySignIn(tenant=tenant, actor=STRANGER, tried=tried, username="jana"))


def test_the_wait_doubles_with_every_further_failure_up_to_an_hour(engine_on: Office) -> None:
    assert [tries(engine_on) for _ in range(5)] == [timedelta(0)] * 5
    waits = []
    for _ in range(8):
        waits.append(tries(engine_on))
        engine_on.clock.advance(waits[-1])
        assert not tries(engine_on)
    assert [wait / MINUTE for wait in waits] == [1, 2, 4, 8, 16, 32, 60, 60]


def test_asking_again_while_one_waits_draws_nothing_out(engine_on: Office) -> None:
    for _ in range(5):
        tries(engine_on)
    engine_on.clock.advance(MINUTE / 2)
    assert [tries(engine_on) for _ in range(3)] == [MINUTE / 2] * 3
    engine_on.clock.advance(MINUTE / 2)
    assert not tries(engine_on)


def test_a_success_clears_the_name_and_gives_the_address_only_its_own_try_back(engine_on: Office) -> None:
    for number in range(39):
        tries(engine_on, name=f"n{number}")
    tries(engine_on, name="own")
    assert tries(engine_on, name="other") == MINUTE
    engine_on.do(ForgetTries, STRANGER, tried=trying("own"))
    assert not tries(engine_on, name="other")
    assert tries(engine_on, name="another") == MINUTE


def test_strangers_elsewhere_do_not_make_the_owner_of_a_name_wait(engine_on: Office) -> None:
    for _ in range(9):
        tries(engine_on, address="stranger")
    assert tries(engine_on, address="stranger")
    assert not tries(engine_on, address="home")


def test_a_known_browser_waits_for_its_own_failures_alone(engine_on: Office) -> None:
    for number in range(60):
        tries(engine_on, address=f"a{number % 20}")
    for number in range(45):
        tries(engine_on, name=f"other{number}")
    assert tries(engine_on) and tries(engine_on, address="new")
    assert [bool(tries(engine_on, browser="own")) for _ in range(6)] == [False] * 5 + [True]
    assert not tries(engine_on, browser="another")


def test_guesses_from_many_places_are_stopped_together(engine_on: Office) -> None:
    went_on = [not tries(engine_on, address=f"a{number}") for number in range(60)]
    assert went_on == [True] * 50 + [False] * 10
    engine_on.clock.advance(MINUTE)
    assert not tries(engine_on, address="b") and tries(engine_on, address="c") == 2 * MINUTE


def test_a_success_gives_strangers_no_further_guesses(engine_on: Office) -> None:
    for number in range(49):
        tries(engine_on, address=f"a{number}")
    assert not tries(engine_on, address="home")
    engine_on.do(ForgetTries, STRANGER, tried=trying(address="home"))
    assert not tries(engine_on, address="b") and tries(engine_on, address="c")


def test_a_new_password_ends_every_wait_for_the_name(engine_on: Office) -> None:
    for number in range(50):
        tries(engine_on, address=f"a{number}")
    for _ in range(5):
        tries(engine_on, browser="own")
    engine_on.do(ForgetTries, STRANGER, tried=trying(browser="own"), anew=True)
    assert not tries(engine_on, address="b") and not tries(engine_on, browser="own")


def test_one_name_does_not_lock_another_and_one_town_not_another(engine_on: Office) -> None:
    engine_on.add_tenant("village")
    for _ in range(5):
        tries(engine_on)
    assert tries(engine_on)
    assert not tries(engine_on, name="other")
    assert not tries(engine_on, tenant="village")


def test_a_lock_stands_in_the_audit_once(engine_on: Office) -> None:
    for _ in range(9):
        tries(engine_on)
    (entry,) = [row for row in engine_on.rows(AuditEventRow) if row.kind == "sign-in-locked"]
    assert (entry.object_id, entry.facts) == ("jana", {"by": "place", "number": 5, "seconds": 60})


def test_after_a_day_nothing_is_remembered(engine_on: Office) -> None:
    for _ in range(5):
        tries(engine_on)
    engine_on.clock.advance(timedelta(hours=24, seconds=1))
    assert [tries(engine_on) for _ in range(5)] == [timedelta(0)] * 5
    engine_on.clock.advance(timedelta(hours=24, seconds=1))
    engine_on.do(PurgeTries)
    assert engine_on.rows(SignInTriesRow) == []


def test_many_tries_at_once_get_no_further_than_one_after_another(engine_on: Office) -> None:
    start, went_on = Barrier(8), []

    def run() -> None:
        start.wait()
        went_on.append(not tries(engine_on))

    threads = [Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(went_on) == [False] * 3 + [True] * 5
