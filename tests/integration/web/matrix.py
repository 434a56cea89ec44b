"""Every address with every role: what stands in `matrix.txt`, and what the application answers."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select

from engine.commands import (
    AddPerson,
    AddToken,
    ArrangeSubstitution,
    ChangeTenant,
    ResumeInstance,
    SaveRecord,
    SuspendInstance,
)
from engine.model import SYSTEM
from engine.queries import cases, interventions, papers, payments
from engine.store.cases import MessageWaitRow
from engine.store.desk import SavedViewRow
from processes.catalogue import pack
from tests.integration.web.desk import FOREIGN, FOREIGN_HOST, QUICK, Desk, Window, token
from tests.integration.web.matrix_things import everything, key_of
from tests.statements import statement
from web.tracking import case_secret

TABLE = Path(__file__).with_name("matrix.txt")
API = "/api/v1/"
#: Roles in the order of the table's columns; those of the other organisation begin with `foreign`.
ROLES = (
    "nobody",
    "applicant",
    "clerk",
    "member",
    "operator",
    "auditor",
    "admin",
    "f-nobody",
    "f-applicant",
    "f-clerk",
    "f-member",
    "f-operator",
    "f-auditor",
    "f-admin",
)
#: Groups of the people who play them.
PEOPLE = {
    "clerk": (),
    "member": ("secretariat", "treasurer"),
    "operator": ("operator", "author"),
    "auditor": ("auditor",),
    "admin": ("admin",),
}
TOWN = {"ico": "00276057", "name": "Rokytnice", "kind": "regular", "since": "2026-07-01", "state": "active"}
#: A substitution that gives nobody a right today.
NEXT_YEAR = date(2027, 1, 4)
REASON = {"reason": "zkouška"}
DONE = {"data": {"outcome": "complete", "board_mode": "per_rollam"}}
#: Method and address → what is sent, so that whoever may is not refused for something else.
SENT: Mapping[str, Mapping[str, Any]] = {
    "POST /prihlaseni": {"username": "member", "password": "member"},
    "POST /sledovat": {"number": "PRI-2026-9999", "secret": "x"},
    "POST /sluzby/<agenda>/<process>/zadost": {"ico": "00276057", "_go": "save"},
    "POST /prace/pripady/<case_number:number>/poznamka": {"text": "Poznámka."},
    "POST /prace/pripady/<case_number:number>/lhuty/<key>/<change>": REASON,
    "POST /prace/ukoly/hromadne": {"do": "claim"},
    "POST /prace/ukoly/<task_id>": {"/outcome": "complete", "/board_mode": "per_rollam", "_go": "continue"},
    "POST /prace/ukoly/<task_id>/predat": {"username": "member"},
    "POST /prace/pohledy": {"name": "Můj"},
    "POST /prace/upozorneni/nastaveni": {"mail": "none"},
    "POST /prace/heslo": {"old": "x", "new": "x", "again": "x"},
    "POST /prace/zastupy": {"substitute": "clerk", "begins_on": "2026-06-01", "ends_on": "2026-06-05"},
    "POST /velin/pripady/<case_number:number>/<what>": REASON,
    "POST /velin/zasahy/<operation_id>/zpet": REASON,
    "POST /velin/zavady": {**REASON, "incident": "x"},
    "POST /velin/osobni-udaje": {"email": "nekdo@example.org"},
    "POST /velin/osobni-udaje/vyvoz.zip": {"email": "nekdo@example.org"},
    "POST /velin/osobni-udaje/vymaz": {**REASON, "email": "nekdo@example.org"},
    "POST /velin/osobni-udaje/zadrzeni": {**REASON, "person": "nekdo@example.org"},
    "POST /velin/osobni-udaje/zadrzeni/<hold_id>/konec": REASON,
    "POST /studio/nabidky/nabidnout": {"agenda": "membership"},
    "POST /velin/lide/novy": {"username": "eva", "name": "Eva"},
    "POST /velin/lide/kdo/<username>": {"name": "Member"},
    "POST /api/v1/process-instances": {"process_key": "member_years"},
    "POST /api/v1/operations/<operation_id>/undo": REASON,
    "POST /api/v1/process-instances/<instance_id>/migrate": {**REASON, "version": 1, "rehearse": True},
    "POST /api/v1/process-instances/<instance_id>/move": {**REASON, "token": "x", "source": "x", "target": "vote"},
    "POST /api/v1/process-instances/<instance_id>/variables": {**REASON, "variables": {"note": "x"}},
    "POST /api/v1/process-instances/<instance_id>/resume": REASON,
    "POST /api/v1/process-instances/<instance_id>/suspend": REASON,
    "POST /api/v1/process-instances/<instance_id>/terminate": REASON,
    "POST /api/v1/human-tasks/<task_id>/delegate": {"username": "member"},
    "POST /api/v1/human-tasks/<task_id>/complete": DONE,
    "POST /api/v1/messages": {"name": "membership.exclusion"},
    "POST /api/v1/data-stores/<key>/records": {"data": {**TOWN, "ico": "00275000"}},
    "PUT /api/v1/data-stores/<key>/records/<record_id>": {"data": TOWN},
}


@dataclass
class Scene:
    """An office in the middle of its work, that every call finds the same."""

    desk: Desk
    ids: dict[str, str] = field(default_factory=dict)
    #: The cookie of each role's browser.
    cookies: dict[str, str] = field(default_factory=dict)

    def build(self) -> None:
        """A town has applied, a statement came, a register has a record, an application is being written."""
        number = self.desk.application()
        for tenant in (self.desk.stage.tenant, FOREIGN):
            self.hire(tenant)
            self.do(ChangeTenant, tenant, name=tenant, settings={"applicant_sign_in": ["link", "password"]})
        self.ids = {"number": number, "record_id": self.do(SaveRecord, register="members", data=TOWN)}
        away = {"begins_on": NEXT_YEAR, "ends_on": NEXT_YEAR, "absent": "member", "substitute": "clerk"}
        self.ids["substitution_id"] = self.do(ArrangeSubstitution, **away)
        for command in (SuspendInstance, ResumeInstance):
            self.do(command, instance_id=self.case_id(number), reason="zkouška")
        self.desk.sign_in("member")
        self.desk.upload(statement("1", 100))
        self.desk.post("/prace/pohledy?view=all", {"name": "Náš", "group": "secretariat"})
        self.open_windows()
        self.ids |= self.things(number)
        self.ids |= everything(self.desk, self.case_id(number), self.ids["record_id"], self.do)
        self.desk.keep("matrix")

    def do(self, command: Any, tenant: str = "", **facts: Any) -> Any:
        words = {"tenant": tenant or self.desk.stage.tenant, "actor": SYSTEM, **facts}
        return self.desk.stage.engine.execute(command(**words))

    def hire(self, tenant: str) -> None:
        """The same people work at both organisations."""
        for name, groups in PEOPLE.items():
            hashed = QUICK.hash(name)
            self.do(AddPerson, tenant, username=name, name=name, groups=groups, password_hash=hashed)
            secret = sha256(token(name, tenant).encode()).hexdigest()
            self.do(AddToken, tenant, username=name, token_hash=secret)

    def open_windows(self) -> None:
        """A browser for each role. The applicant's knows the secret of the case, and a draft."""
        for role in ROLES:
            if role.removeprefix("f-") in PEOPLE:
                self.desk.sign_in(role.removeprefix("f-"), host_of(role))
                self.cookies[role] = cookie_of(self.desk.client)
        applicant, number = Window(self.desk.app), self.ids["number"]
        secret = case_secret(self.desk.stage.parts.settings.signing_key(), self.case_id(number))
        assert applicant.get(f"/p/{number}?k={secret}").status_code == 303
        begun = applicant.post("/sluzby/membership/membership/zadost", data={"ico": "00276057", "_go": "save"})
        self.ids |= {"place": "2", "kind": "csv"}
        self.ids["draft_id"] = begun.headers["Location"].split("/podani/")[1].split("/")[0]
        self.ids["step"] = begun.headers["Location"].split("/podani/")[1].split("/")[1].split("?")[0]
        # What the first organisation gave this browser is shown to the other one too.
        self.cookies["applicant"] = self.cookies["f-applicant"] = cookie_of(applicant)

    def case_id(self, number: str) -> str:
        with self.desk.stage.sessions() as session:
            return cases.case(session, self.desk.stage.tenant, number=number).id

    def things(self, number: str) -> dict[str, str]:
        """Ids by the names that addresses give them."""
        home, task = self.desk.stage.tenant, self.desk.task(number, "check")
        with self.desk.stage.sessions() as session:
            case = cases.case(session, home, number=number)
            waits = select(MessageWaitRow.wait).where(MessageWaitRow.offer.is_not(None))
            file = papers.attachments_of(session, home, instance_id=case.id)[0].id
            return {
                "instance_id": case.id,
                "task_id": task,
                "attachment_id": file,
                "file_id": file,
                "operation_id": interventions.operations(session, home).items[-1].id,
                "statement_id": payments.statements(session, home).items[0].id,
                "wait": next(iter(session.scalars(waits)), "w0"),
                "agenda": "membership",
                "process": "membership",
                "process_key": "membership",
                "version": "1",
                "what": "pozastavit",
                "change": "zastavit",
                "intervention": "pozastavit",
                "code": "en",
                "page": "pristupnost",
                "filename": "css/tokens.css",
                "username": "member",
                "name": "nothing",
                "size": "maly",
                "path": "words.en.toml",
                "view_id": session.scalars(select(SavedViewRow.id)).one(),
            }

    # --- asking ------------------------------------------------------------------------------------------------------

    def answer(self, call: str, role: str) -> str:
        """The status a role gets; a redirect to the sign-in page is told as `in`."""
        self.desk.restore("matrix")
        method, rule = call.split(" ", 1)
        path = self.path(rule)
        options = (
            self.program(call, role) if rule.startswith(API) else {"data": self.sent(call)} if method == "POST" else {}
        )
        given = self.window(role, cookies=not rule.startswith(API)).open(path, method=method, **options)
        where = given.headers.get("Location", "")
        given.close()
        asked_in = any(place in where for place in ("/prihlaseni", "/moje/vstup"))
        return "in" if given.status_code == 302 and asked_in else str(given.status_code)

    def window(self, role: str, *, cookies: bool) -> Window:
        """A browser of a role as it was when the scene was built; a program's connection has no cookies."""
        window = Window(self.desk.app)
        window.host = host_of(role)
        if cookies and role in self.cookies:
            window.set_cookie("radnice", self.cookies[role], domain=window.host)
        return window

    def path(self, rule: str) -> str:
        """The address of real things, always those of the first organisation."""
        orders = rule.startswith("/prace/banka/prikazy/")
        meant = {"key": key_of(rule), **({"number": self.ids["batch"], "kind": "kpc"} if orders else {})}
        for name in {part.split(">")[0] for part in rule.split("<")[1:]}:
            rule = rule.replace(f"<{name}>", {**self.ids, **meant}[name.split(":")[-1]])
        return rule + ("?record=" + self.ids["record_id"] if call_needs_record(rule) else "")

    def sent(self, call: str) -> dict[str, Any]:
        if call == "POST /prace/banka":
            return {"statement": (io.BytesIO(statement("2", 100)), "vypis.gpc")}
        return dict(SENT.get(call, {}))

    def program(self, call: str, role: str) -> dict[str, Any]:
        """What a program sends; nobody and the applicant have no token."""
        person = role.removeprefix("f-")
        tenant = FOREIGN if role.startswith("f-") else self.desk.stage.tenant
        headers = {"Authorization": f"Bearer {token(person, tenant)}"} if person in PEOPLE else {}
        if call == "POST /api/v1/deployments":
            return {"headers": headers, "data": {"file": (io.BytesIO(pack(self.desk.agenda.files)), "a.zip")}}
        return {"headers": headers, **({"json": SENT.get(call, {})} if not call.startswith(("GET", "DELETE")) else {})}


def call_needs_record(path: str) -> bool:
    """Rows in time are asked for by the record that they lie under."""
    return path.startswith(API) and path.endswith(("/rows", "/totals"))


def host_of(role: str) -> str:
    """Where a role asks."""
    return FOREIGN_HOST if role.startswith("f-") else "localhost"


def cookie_of(window: Window) -> str:
    """The session of a browser."""
    cookie = window.get_cookie("radnice", domain=window.host)
    assert cookie is not None
    return cookie.value


def calls(desk: Desk) -> Iterator[str]:
    """Every address of the application with each of its methods."""
    for rule in sorted(desk.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        yield from (f"{method} {rule.rule}" for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))


def table() -> dict[str, dict[str, str]]:
    """The expected answers: call → role → status."""
    rows = [line.split() for line in TABLE.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return {f"{method} {rule}": dict(zip(ROLES, answers, strict=True)) for method, rule, *answers in rows}


def row(call: str, answers: Mapping[str, str]) -> str:
    """A line of the table."""
    return f"{call:<66}" + " ".join(f"{answers[role]:>4}" for role in ROLES)
