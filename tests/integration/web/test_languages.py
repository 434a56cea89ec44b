"""Whoever chooses English reads no Czech of ours, and the other way round; names and what people wrote aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from babel.messages.pofile import read_po

from engine.model import SYSTEM
from engine.queries import cases
from engine.queries.cases import Wanted
from engine.store.money import TransactionRow
from engine.store.people import PersonRow, TenantRow
from processes.words import read_words
from tests.integration.web.desk import Desk
from tests.integration.web.walking import Reader, read, walk
from tests.statements import statement
from web.i18n import DOMAINS, LOCALE_DIR
from web.tracking import case_secret

CZECH = re.compile(r"[ěščřžýáíéúůďťňóĚŠČŘŽÝÁÍÉÚŮĎŤŇÓ]")
WORD = re.compile(r"[\w.]+")
#: Names of things that English takes over.
TAKEN_OVER = {"IČO", "Kč", "RÚIAN", "DIČ", "haléře"}
STAFF = {
    "sekretarka": ("/prace/ukoly", "/prace/ukoly?view=all", "/prace/pripady", "/"),
    "vybor1": ("/prace/ukoly?view=groups",),
    "hospodar": ("/prace/banka", "/prace/ukoly?view=groups"),
    "spravce": ("/velin", "/prace/pripady", "/prace/ukoly?view=applicant"),
}


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for part in value.values() for text in texts_in(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in texts_in(part))


def written_by_people(desk: Desk) -> set[str]:
    """Words of what people, banks and registers wrote."""
    with desk.stage.sessions() as session:
        people = [row.name for row in session.query(PersonRow)]
        tenants = [text for row in session.query(TenantRow) for text in (row.name, *texts_in(row.settings))]
        money = [text for row in session.query(TransactionRow) for text in (row.counter_name, row.message)]
        found = cases.cases(session, desk.stage.tenant, Wanted(page_size=100), SYSTEM).items
        answers = [t for one in found for t in texts_in(cases.variables(session, desk.stage.tenant, one.id))]
    return {word for text in (*people, *tenants, *money, *answers) for word in WORD.findall(text)}


def a_lively_office(desk: Desk) -> str:
    """Cases at several stages, a bank statement with a stray payment; gives the number of the first case."""
    number = desk.accepted()
    desk.application("liberecky_kraj")
    desk.application("knihovna")
    desk.sign_in("hospodar")
    desk.upload(statement("4711", 100_000))
    return number


def ours() -> dict[str, str]:
    """English → Czech of the interface, where they differ."""
    pairs: dict[str, str] = {}
    for domain in DOMAINS:
        with (LOCALE_DIR / "cs" / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
            found = [(one.id, one.string) for one in read_po(file, locale="cs")]
        pairs |= {said: czech for said, czech in found if isinstance(said, str) and said and said != czech}
    return {said: czech for said, czech in pairs.items() if "%(" not in said}


def test_the_same_english_words_are_the_same_czech_words_in_every_catalogue() -> None:
    known: dict[tuple[str | None, str], tuple[str, str]] = {}
    for domain in DOMAINS:
        with (LOCALE_DIR / "cs" / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
            for one in [one for one in read_po(file, locale="cs") if one.id]:
                place, czech = known.setdefault((one.context, str(one.id)), (domain, str(one.string)))
                assert str(one.string) == czech, (one.id, place, domain)


def at_work(desk: Desk, username: str) -> Iterator[tuple[str, Reader]]:
    """The pages that somebody of the staff comes to; agendas and texts of mails are shown as they are written."""
    for path, page in walk(desk.client, STAFF[username]):
        if not path.startswith(("/studio/", "/velin/organizace/dopisy")):
            yield path, page


@pytest.mark.parametrize("username", STAFF)
def test_whoever_chooses_english_reads_no_czech_at_work(desk: Desk, username: str) -> None:
    a_lively_office(desk)
    known = written_by_people(desk) | TAKEN_OVER
    czech = set(ours().values()) - set(ours()) | set(read_words(desk.agenda.files, "en").texts)
    czech -= set(read_words(desk.agenda.files, "en").texts.values())
    desk.sign_in(username)
    desk.client.get("/jazyk/en")
    pages = 0
    for path, page in at_work(desk, username):
        pages += 1
        for text in page.texts:
            foreign = [word for word in WORD.findall(text) if CZECH.search(word) and word.strip(".") not in known]
            assert not foreign, (path, text)
            assert text not in czech, (path, text)
    assert pages > 5


@pytest.mark.parametrize("username", STAFF)
def test_whoever_reads_czech_reads_no_english_at_work(desk: Desk, username: str) -> None:
    a_lively_office(desk)
    english = set(ours()) - set(ours().values()) | set(read_words(desk.agenda.files, "en").texts.values())
    english -= set(read_words(desk.agenda.files, "en").texts)
    desk.sign_in(username)
    for path, page in at_work(desk, username):
        for text in page.texts:
            assert text not in english, (path, text)


def test_an_author_who_chooses_english_reads_decisions_and_services_in_it(desk: Desk) -> None:
    desk.sign_in("autor")
    desk.client.get("/jazyk/en")
    # A card is changed in both languages.
    cards = [one for card in desk.agenda.services for part in vars(card).values() for one in texts_in(part)]
    known = written_by_people(desk) | TAKEN_OVER | {word.strip(".") for text in cards for word in WORD.findall(text)}
    paths = [f"/studio/membership/rozhodnuti/{path.removesuffix('.dmn')}" for path in desk.agenda.decisions]
    for path in (*paths, *(f"/studio/membership/portal/{one.process}" for one in desk.agenda.services)):
        for text in read(desk.get(path)).texts:
            foreign = [word for word in WORD.findall(text) if CZECH.search(word) and word.strip(".") not in known]
            assert not foreign, (path, text)


def test_an_applicant_who_chooses_english_reads_no_czech(desk: Desk) -> None:
    number = a_lively_office(desk)
    known = written_by_people(desk) | TAKEN_OVER
    desk.client = desk.app.test_client()  # type: ignore[assignment]
    desk.client.get("/jazyk/en")
    with desk.stage.sessions() as session:
        instance = cases.case(session, desk.stage.tenant, number=number)
    key = desk.app.extensions["radnice"].settings.signing_key()
    desk.client.get(f"/p/{number}?k={case_secret(key, instance.id)}")
    starts = ("/", "/sledovat", f"/p/{number}", f"/p/{number}/odeslano", "/registry/members", "/prihlaseni")
    for path, page in walk(desk.client, starts):
        for text in page.texts:
            foreign = [word for word in WORD.findall(text) if CZECH.search(word) and word.strip(".") not in known]
            assert not foreign, (path, text)


def test_a_person_keeps_the_language_on_another_computer(desk: Desk) -> None:
    desk.sign_in("sekretarka")
    desk.client.get("/jazyk/en")
    desk.sign_in("sekretarka")
    assert '<html lang="en"' in desk.get("/prace/ukoly")
    desk.client.get("/jazyk/cs")
    desk.sign_in("sekretarka")
    assert '<html lang="cs"' in desk.get("/prace/ukoly")


def test_a_text_that_the_words_of_the_agenda_say_is_not_missing(desk: Desk) -> None:
    desk.sign_in("autor")
    form = "/studio/membership/formulare/unmatched"
    desk.post(f"{form}/otevrit", {}, "/studio/membership")
    page = desk.get(f"{form}/preklady")
    assert "vše přeloženo" in page
    assert 'placeholder="' in page and 'placeholder="chybí"' not in page
