"""A season of grants: seven programmes, as many applications as wanted, from the calls to approved accountings.

Nothing is left to chance, so every run is the same. Volumes are those of one Prague district (8/2025): 7 programmes,
233 applications, 30 000 000 Kč.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import yaml

from engine.calendar import PRAGUE
from engine.model import Json
from processes.agenda import Agenda
from processes.scenarios.acting import Acting
from processes.scenarios.office import Office
from processes.scenarios.playing import act
from processes.scenarios.reading import Step
from processes.scenarios.stage import Stage

PROGRAMMES = ("culture", "sport", "youth", "social", "environment", "heritage", "community")
APPLICATIONS, CROWNS = 233, 30_000_000
_KINDS = (
    *("TJ Sokol", "Divadelní spolek", "Skautské středisko", "Klub rodičů", "Pěvecký sbor", "Hasiči", "Spolek seniorů"),
    *("Okrašlovací spolek", "Včelaři", "Šachový klub", "Dětské centrum", "Spolek přátel památek"),
)
_PLACES = (
    *("Podhradí", "Záhumní", "Na Horách", "Lhotka", "U Mlýna", "Stará Ves", "Zálesí", "Pod Lipami", "Nová Čtvrť"),
    *("Za Vodou", "Kamenec", "Vinohrady", "Na Skalce", "Údolí", "Horní Město", "Dolní Město", "Průhon", "Březina"),
    *("U Trati", "Rybníky"),
)
_PROJECTS = {
    "culture": "Letní slavnost",
    "sport": "Sportovní rok dětí",
    "youth": "Tábor a oddílová činnost",
    "social": "Pomoc v domácnostech",
    "environment": "Úklid a výsadba",
    "heritage": "Oprava drobných památek",
    "community": "Setkávání sousedů",
}
_TITLES = {
    "culture": "Kultura",
    "sport": "Sport dětí a mládeže",
    "youth": "Volný čas",
    "social": "Sociální služby",
    "environment": "Životní prostředí",
    "heritage": "Drobné památky",
    "community": "Spolkový život",
}
_EVALUATORS = ("komise1", "komise2", "komise3")
#: The year whose days the agenda's forms for stories have, and such a day.
TOLD_IN = 2026
_DAY = re.compile(r"\b(\d{4})(?=-\d\d-\d\d)")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One application of the season."""

    programme: str
    applicant: str
    crowns: int
    #: Points of the three criteria that every evaluator gives.
    points: tuple[int, int, int]


def wishes(applications: int = APPLICATIONS, crowns: int = CROWNS) -> Sequence[Wish]:
    """Give the season's applications; their amounts make exactly `crowns`."""
    shares = [_spread(number, 97, 20, 400) for number in range(applications)]
    amounts = [crowns * share // sum(shares) for share in shares]
    amounts[-1] += crowns - sum(amounts)
    return [
        Wish(
            programme=PROGRAMMES[number % len(PROGRAMMES)],
            applicant=f"{_KINDS[number % len(_KINDS)]} {_PLACES[number // len(_KINDS) % len(_PLACES)]}, z. s.",
            crowns=amount,
            points=(_spread(number, 5, 0, 5), _spread(number, 11, 3, 20), _spread(number, 3, 1, 10)),
        )
        for number, amount in enumerate(amounts)
    ]


def _spread(number: int, step: int, least: int, most: int) -> int:
    """Give numbers all over a range, for each place always the same."""
    return least + number * step % (most - least + 1)


def last_season(now: datetime) -> int:
    """Give the year of the last season whose decisions are over."""
    here = now.astimezone(PRAGUE)
    return here.year if (here.month, here.day) > (6, 1) else here.year - 1


class Season:
    """Plays the season of a year on a stage whose clock stands before it."""

    def __init__(
        self, agenda: Agenda, stage: Stage, year: int = TOLD_IN, tell: Callable[[str], None] = lambda told: None
    ) -> None:
        forms = yaml.safe_load(agenda.text("scenarios/_forms.yaml") or "")
        self.year, self.tell = year, tell
        self.forms: Mapping[str, Json] = self._in_year(forms)
        self.stage = stage
        self.acting = Acting(office=Office(stage), agenda=agenda, process="grant_application")

    def play(self, all_wishes: Sequence[Wish]) -> dict[str, str]:
        """Play everything to its end; gives the state of every application by the case's id."""
        self._until("2026-01-20 09:00")
        self.tell(f"{len({one.programme for one in all_wishes})} programů …")
        calls = {name: self._call(name, all_wishes) for name in sorted({one.programme for one in all_wishes})}
        self._until("2026-03-10 09:00")
        self.tell(f"{len(all_wishes)} žádostí, každou hodnotí tři lidé …")
        cases = {self._apply(calls[one.programme], one): one for one in all_wishes}
        self._until("2026-06-01 09:00")
        for call in calls.values():
            self._decide(call)
        self.tell("smlouvy, výplaty a vyúčtování …")
        return {case: self._finish(case) for case in cases}

    def rest_until(self, moment: datetime) -> None:
        """Let time pass until a moment, with all that it brings."""
        act(self.acting, Step(kind="until", what=moment.isoformat()))

    def _call(self, programme: str, all_wishes: Sequence[Wish]) -> str:
        total = sum(one.crowns for one in all_wishes if one.programme == programme)
        named = {"call_title": _TITLES[programme], "programme": programme}
        money = {"allocation": f"{total}.00", "most": f"{max(one.crowns for one in all_wishes)}.00"}
        if total < max(one.crowns for one in all_wishes):
            money["most"] = money["allocation"]
        self.acting.process = "grant_call"
        self._act("start", "call", by="dotace", **{"with": self.forms["kultura"] | named | money})
        approval = {"call_approved": "yes", "programme_resolution": "ZM 1", "programme_approved_on": "2026-01-15"}
        self._act("answer", "approve_call", by="organizacni", **{"with": approval})
        self.acting.process = "grant_application"
        return self.acting.office.main

    def _apply(self, call: str, wish: Wish) -> str:
        office = self.acting.office
        office.main = call
        number = office.case().business_key
        begun = {"call_number": number, "name": wish.applicant, "email": "spolek@spolek.example"}
        self._act("start", "intent", **{"with": begun})
        amount, own = f"{wish.crowns}.00", f"{wish.crowns}.00"
        costs = [{"item": "Vše", "quantity": 2, "price": amount, "total": f"{2 * wish.crowns}.00"}]
        budget = {"amount_requested": amount, "costs": costs, "incomes": [{"source": "Vlastní", "amount": own}]}
        who = {"name": wish.applicant, "project_title": _PROJECTS[wish.programme]}
        self._act("answer", "fill_in", **{"with": self.forms["krakonos"] | budget | who})
        self._act("answer", "formal_check", by="dotace", **{"with": {"formal_outcome": "ok"}})
        for evaluator in _EVALUATORS:
            self._act("answer", "declare_interest", by=evaluator, **{"with": {"conflict": "no"}})
            rows = [
                {**one, "points": given}
                for one, given in zip(self.forms["kultura"]["criteria"], wish.points, strict=True)
            ]
            self._act("answer", "score", by=evaluator, change={"scores": rows})
        return office.main

    def _decide(self, call: str) -> None:
        office = self.acting.office
        office.main = call
        self._act("answer", "confirm_ready", by="dotace", change={"readiness": "go"})
        self._act("answer", "recommend", by="komise1", change={})
        for body in ("council", "assembly"):
            if f"record_{body}" in {task.node for task in office.open_tasks(office.case())}:
                self._record(body)

    def _record(self, body: str) -> None:
        items = self.acting.office.variable(self.acting.office.case(), f"{body}_items")
        shown = ("number", "applicant", "project", "proposed")
        rows = [
            {name: row[name] for name in shown}
            | (
                {"result": "approved", "approved": row["proposed"]}
                if row["proposed"] != "0.00"
                else {"result": "rejected", "reason": "Málo bodů."}
            )
            for row in items
        ]
        found = {f"{body}_quorum": "yes", f"{body}_number": "1/2026", f"{body}_date": "2026-06-03"}
        limit = {"body_limit": "50000.00"} if body == "council" else {}
        given = {**found, **limit, f"{body}_items": rows}
        self._act("answer", f"record_{body}", by="organizacni", **{"with": given})

    def _finish(self, case: str) -> str:
        """Sign, pay and account for a grant that was given."""
        office = self.acting.office
        office.main = case
        if office.case().status == "completed":
            return "rejected"
        approved = office.variable(office.case(), "approved")
        signed = {"signed_file": {"upload": "smlouva.pdf"}, "signed_by": "Předseda", "agrees_contract": True}
        self._act("answer", "sign_applicant", **{"with": signed})
        provider = {"contract_on": "2026-06-20", "provider_signed_by": "Starosta"}
        self._act("answer", "sign_provider", by="starosta", **{"with": provider})
        self._act("answer", "order_payout", by="prikazce", change={"payout_amount": approved, "payout_confirmed": True})
        self._act("answer", "check_budget", by="rozpocet", **{"with": {"payout_covered": "yes"}})
        self._act("pay_out", {})
        spent = {
            "document_no": f"F {office.case().business_key}",
            "supplier": "Zvuk",
            "paid_date": "2026-07-10",
            "from_grant": approved,
        }
        report = {
            "report_summary": "Hotovo.",
            "spending": [spent | {"amount_total": approved}],
            "unused_amount": "0.00",
        }
        self._act("answer", "report", change=report | {"report_truth": True})
        self._act("answer", "check_figures", by="ucetni", **{"with": {"figures_outcome": "ok"}})
        self._act("answer", "check_content", by="dotace", **{"with": {"content_outcome": "ok"}})
        assert office.case().status == "completed"
        return "settled"

    def _until(self, moment: str) -> None:
        self._act("until", moment)

    def _act(self, kind: str, what: Json, **words: Json) -> None:
        act(self.acting, Step(kind=kind, what=self._in_year(what), words=self._in_year(words)))

    def _in_year(self, told: Json) -> Json:
        """Give what is told with its days as many years later or sooner as the season is."""
        later = self.year - TOLD_IN
        return json.loads(_DAY.sub(lambda found: str(int(found[1]) + later), json.dumps(told)))
