"""A payment portal of a region's size (6/2024): 500 partners, 167 of them towns, 24,000 payments, 40 000 000 Kč.

Half is paid by bank transfer and comes by statements of a day, half by card through a gateway that only remembers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from itertools import islice

from sqlalchemy import select

from engine.banking import BankTransaction, ImportStatement
from engine.calendar import day_in_prague
from engine.commands import CorrelateMessage, SaveRecord
from engine.model import SYSTEM, Json
from engine.store.money import PaymentRequestRow
from processes.agenda import Agenda
from processes.scenarios.acting import Acting
from processes.scenarios.office import Office
from web.volumes.stages import VolumeStage

PARTNERS, TOWNS, PAYMENTS, CROWNS = 500, 167, 24_000, 40_000_000
#: Payments of one day: what comes in one statement and what the gateway tells.
OF_A_DAY = 400
ACCOUNT = "1265098001/5500"
_WAYS = ("transfer", "card")


@dataclass(frozen=True, kw_only=True)
class Service:
    """What a partner lets be paid."""

    partner: str
    code: str
    name: str
    category: str
    asked: Mapping[str, str]


class Portal:
    """Fills an organisation with partners, services and payments."""

    def __init__(self, agenda: Agenda, stage: VolumeStage, tell: Callable[[str], None]) -> None:
        self._stage, self._tell = stage, tell
        self._acting = Acting(office=Office(stage), agenda=agenda, process="payment_order")
        self._known: set[str] = set()

    def fill(self, share: float = 1.0) -> int:
        """Make it all, or a share of it; gives how many payments came."""
        partners, towns = max(3, round(PARTNERS * share)), max(1, round(TOWNS * share))
        self._tell(f"{partners} partnerů, z toho {towns} obcí …")
        services = [self._offer(number, is_town=number < towns) for number in range(partners)]
        amounts = list(_amounts(max(2, round(PAYMENTS * share)), round(CROWNS * share)))
        for done in range(0, len(amounts), OF_A_DAY):
            self._day(services, amounts[done : done + OF_A_DAY], done)
            self._tell(f"{min(done + OF_A_DAY, len(amounts)):,} plateb".replace(",", " "))
        return len(amounts)

    def _offer(self, number: int, *, is_town: bool) -> Service:
        """Write a partner down and let it offer one service."""
        kind = "municipality" if is_town else "school" if number % 3 else "association"
        name = _named(number, kind)
        partner = {"ico": _ico(number), "name": name, "kind": kind, "town": _place(number), "account": ACCOUNT}
        contact = {"email": f"partner{number}@partneri.example", "state": "active"}
        signed = {"contract_on": day_in_prague(self._stage.clock.now()).isoformat()}
        execute, tenant = self._stage.engine.execute, self._stage.tenant
        data: dict[str, Json] = {**partner, **contact, **signed}
        execute(SaveRecord(tenant=tenant, actor=SYSTEM, register="partners", data=data))
        service = _service(number, kind)
        offered = {"code": service.code, "product_name": service.name, "category": service.category}
        price = {"price_kind": "free", "price_min": "1.00", "price_max": "1000000.00", "visible": "yes"}
        given = {"partner": service.partner, **offered, **price}
        self._acting.start("product", {"in": "product_setup", "by": "spravkyne", "with": given})
        self._acting.office.settle()
        return service

    def _day(self, services: Sequence[Service], amounts: Sequence[int], first: int) -> None:
        """Let a day's carts be sent and paid."""
        for number, amount in enumerate(amounts, first):
            service = services[number * 7 % len(services)]
            item = {"category": service.category, "product": service.code, "quantity": 1, **service.asked}
            who = {"payer": f"Plátce {number + 1}", "email": f"platce{number + 1}@platci.example"}
            paid = {"method": _WAYS[number % 2], "items": [{**item, "amount": _crowns(amount)}]}
            self._acting.start("cart", {"with": {**who, **paid}})
        self._acting.office.settle()
        self._bring()
        self._notify()
        self._acting.office.settle()
        self._acting.office.wait("P1D")

    def _bring(self) -> None:
        """Let one statement bring what is asked for by transfer."""
        today = day_in_prague(self._stage.clock.now())
        cards = {one.order for one in self._stage.gateway.payments.values()}
        movements = [
            BankTransaction(
                key=f"velka:{symbol}",
                amount=amount,
                currency="CZK",
                booked_on=today,
                counter_account=ACCOUNT,
                counter_name="PLATCE",
                variable_symbol=symbol,
            )
            for symbol, amount in self._asked_for()
            if symbol not in cards
        ]
        if movements:
            self._stage.engine.execute(_statement(self._stage, movements, today))

    def _asked_for(self) -> Sequence[tuple[str, int]]:
        query = select(PaymentRequestRow.variable_symbol, PaymentRequestRow.amount)
        with self._stage.sessions() as session:
            found = session.execute(query.where(PaymentRequestRow.state == "open"))
            return [(row.variable_symbol, row.amount) for row in found]

    def _notify(self) -> None:
        """Let the gateway have its new payments paid and say so."""
        payments = self._stage.gateway.payments
        for number in [one for one in payments if one not in self._known]:
            payments[number] = replace(payments[number], state="paid")
            self._known.add(number)
            which = {"gateway_payment": number}
            self._stage.engine.execute(
                CorrelateMessage(
                    tenant=self._stage.tenant, actor=SYSTEM, name="gateway.notified", correlation=which, payload={}
                )
            )


def days_of(share: float = 1.0) -> timedelta:
    """Give how many days the payments take."""
    return timedelta(days=-(-max(2, round(PAYMENTS * share)) // OF_A_DAY) + 1)


def _statement(stage: VolumeStage, movements: Sequence[BankTransaction], today: date) -> ImportStatement:
    return ImportStatement(
        tenant=stage.tenant,
        actor=SYSTEM,
        account=stage.account,
        number=f"{today:%y%m%d}",
        sha256=sha256(repr(movements).encode()).hexdigest(),
        opened_on=today,
        closed_on=today,
        opening_balance=0,
        closing_balance=sum(one.amount for one in movements),
        transactions=movements,
    )


def _amounts(payments: int, crowns: int) -> Iterator[int]:
    """Amounts in haléře, from tens of crowns to thousands, that make the sum exactly."""
    shares = [50 + number * 613 % 2_951 for number in range(payments)]
    whole = crowns * 100
    amounts = [whole * share // sum(shares) for share in shares]
    yield from islice(amounts, payments - 1)
    yield whole - sum(amounts[:-1])


def _service(number: int, kind: str) -> Service:
    name, category, asked = {
        "municipality": ("Poplatek za odpad", "waste", {"property_no": "12"}),
        "school": ("Obědy a výlety", "school", {"pupil": "Eva Malá"}),
        "association": ("Členský příspěvek", "club", {"pupil": "Jan Malý"}),
    }[kind]
    return Service(partner=_ico(number), code=f"sluzba-{number + 1}", name=name, category=category, asked=asked)


def _named(number: int, kind: str) -> str:
    words = {"municipality": "Obec", "school": "Základní škola", "association": "Spolek"}
    return f"{words[kind]} {_place(number)}"


def _place(number: int) -> str:
    """Give one of 600 names that no town has."""
    first = ("Nová", "Stará", "Horní", "Dolní", "Velká", "Malá", "Bílá", "Červená", "Zadní", "Přední")
    second = ("Zkouška", "Ukázka", "Cvičná", "Modelová", "Příkladná", "Vzorová")
    third = (
        "u Lesa",
        "u Vody",
        "na Kopci",
        "v Údolí",
        "pod Skálou",
        "nad Loukou",
        "u Cesty",
        "za Mlýnem",
        "",
        "na Poli",
    )
    words = (first[number % 10], second[number // 10 % 6], third[number // 60 % 10])
    return " ".join(word for word in words if word)


def _ico(number: int) -> str:
    """Give a number with a right check digit."""
    digits = f"{9_000_000 + number:07}"
    rest = sum(int(digit) * weight for digit, weight in zip(digits, range(8, 1, -1), strict=True)) % 11
    return digits + str((11 - rest) % 10)


def _crowns(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02}"
