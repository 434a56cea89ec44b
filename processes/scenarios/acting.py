"""What people do in a scenario. Every form goes through the same validation as in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.banking import BankTransaction, ImportStatement
from engine.calendar import day_in_prague
from engine.commands import (
    AppendRows,
    ClaimTask,
    CompleteHumanTask,
    CorrelateMessage,
    SaveRecord,
    StartInstance,
    StoreAttachment,
)
from engine.errors import RecordRefused
from engine.model import SYSTEM, Actor, Applicant, Json, SubmittedForm, Variables
from engine.queries import registers
from engine.queries.lookups import Lookups
from engine.queries.offers import offers
from engine.queries.paging import MOST_PER_PAGE
from engine.queries.tasks import visible_variables
from engine.registering import LinkRecords
from engine.store.bank_orders import BankOrderRow
from engine.store.cases import HumanTaskRow, InstanceRow
from engine.store.money import PaymentRequestRow
from forms.computed import computed, has_computed
from forms.pointers import get
from forms.validate import validate
from processes.agenda import Agenda
from processes.scenarios.asked import compiled, property_names
from processes.scenarios.failing import Failed, StepKey, steps
from processes.scenarios.office import Office

Words = Mapping[str, Json]
_VARIABLE = re.compile(r"\{([\w.]+)\}")
_APPLICANT = Actor(kind="applicant")
#: What a file begins with → what it is; other files are texts.
_KINDS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}
#: Where an agenda keeps what its scenarios upload.
FILES = "scenarios/files"
_PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@dataclass(kw_only=True)
class Acting:
    """The hands of a scenario."""

    office: Office
    agenda: Agenda
    process: str
    statements: int = 0

    def start(self, form: Json, words: Words) -> None:
        """`start: application, with: {…}`: a person sends the form that begins a case; `language: en` in English.

        With `in: process` a case of another process begins; the story's own stays the one without `in`. `refused: text`
        expects that the form refuses it with this sentence.
        """
        actor = self._actor(words.get("by"))
        data, files = self._files(words.get("with") or {}, actor)
        data = self._worked_out(form, data)
        if "refused" in words:
            return self._expect_refusal(form, data, words["refused"])
        self._validate(form, data)
        started = self._do(
            StartInstance(
                tenant=self.office.stage.tenant,
                actor=actor,
                process_key=words.get("in") or self.process,
                variables=data,
                submission=_submitted(form, data, files) if form else None,
                applicant=self._applicant(form, data, words.get("language") or "cs"),
            )
        )
        if not words.get("in"):
            self.office.main = started.instance_id
        return None

    def record(self, register: Json, words: Words) -> None:
        """`record: points, with: {…}, links: {buildings: {01-ZS: {share: 60}}}`: a person writes a record and ties it.

        A record that it is tied to is named by the value of one of its fields. `refused: text` expects that a rule of
        the register refuses it.
        """
        data, _files = self._files(words.get("with") or {}, _APPLICANT)
        actor, tenant = self._actor(words["by"]) if "by" in words else SYSTEM, self.office.stage.tenant
        command = SaveRecord(tenant=tenant, actor=actor, register=register, data=data)
        if "refused" in words:
            return self._record_refused(command, str(words["refused"]))
        made = self._do(command)
        self._tie(actor, register, made, words)
        return None

    def _record_refused(self, command: SaveRecord, expected: str) -> None:
        """Expect that a rule of the register refuses the record with this sentence."""
        try:
            self._do(command)
        except RecordRefused as error:
            said = [text for _at, text in error.sentences("cs")]
            if any(expected in text for text in said):
                return
            raise Failed(
                "„{expected}“ was expected, the register says: {errors}", expected=expected, errors=" ".join(said)
            ) from error
        raise Failed("„{expected}“ was expected, the register took the record.", expected=expected)

    def tie(self, register: Json, words: Words) -> None:
        """`tie: contracts, key: S-1, links: {points: {…}}`: a person ties a record that is there."""
        actor = self._actor(words["by"]) if "by" in words else SYSTEM
        self._tie(actor, register, self._with_value(register, str(words.get("key"))), words)

    def _tie(self, actor: Actor, register: Json, record_id: str, words: Words) -> None:
        tenant = self.office.stage.tenant
        for name, ties in (words.get("links") or {}).items():
            with self.office.stage.sessions() as session:
                link = registers.register(session, tenant, register).links.get(name)
            if link is None:
                raise Failed("The register {register} has no link {name}.", register=register, name=name)
            for key, said in ties.items():
                facts = {"register": register, "record_id": record_id, "name": name, "data": said or {}}
                other = self._with_value(link.to, str(key))
                self._do(LinkRecords(tenant=tenant, actor=actor, other_id=other, **facts))

    def _with_value(self, register: str, value: str) -> str:
        """Give the record that has this value in one of its fields."""
        with self.office.stage.sessions() as session:
            wanted = registers.Wanted(page_size=MOST_PER_PAGE)
            found = registers.records(session, self.office.stage.tenant, register, wanted, SYSTEM).items
        ids = [one.id for one in found if value in one.data.values()]
        if len(ids) != 1:
            raise Failed(
                "{count} records of {register} have the value {value}.", count=len(ids), register=register, value=value
            )
        return ids[0]

    def rows(self, register: Json, words: Words) -> None:
        """`rows: readings, with: [{…}]`: somebody sends rows in time; none may be refused."""
        actor = self._actor(words["by"]) if "by" in words else SYSTEM
        command = AppendRows(
            tenant=self.office.stage.tenant, actor=actor, register=register, rows=words.get("with") or []
        )
        fates = [f"{fate.status} {fate.reason}".strip() for fate in self._do(command)]
        if bad := [fate for fate in fates if not fate.startswith(("accepted", "held", "duplicate"))]:
            raise Failed("A row of {register} was not taken: {fate}.", register=register, fate=bad[0])
        if (wanted := words.get("fates")) is not None and fates != wanted:
            raise Failed(
                "The rows of {register} were taken as {fates}, not {wanted}.",
                register=register,
                fates=fates,
                wanted=wanted,
            )

    def answer(self, node: Json, words: Words) -> None:
        """`answer: check, by: jana, with: {…}`; `change` alters what the form shows, `refused` expects an error."""
        case = self.office.case(words.get("in"))
        actor = self._actor(words.get("by"))
        task = self._task(case, node, actor)
        shown = self.shown(task) if "change" in words else self._only_shown(task)
        data, files = self._files({**shown, **(words.get("change") or words.get("with") or {})}, actor)
        data = self._worked_out(task.form, data)
        if "refused" in words:
            return self._expect_refusal(task.form, data, words["refused"])
        self._validate(task.form, data)
        tenant = self.office.stage.tenant
        if actor.kind == "person":
            self._do(ClaimTask(tenant=tenant, actor=actor, task_id=task.id))
        submission = _submitted(task.form, data, files) if task.form else None
        self._do(CompleteHumanTask(tenant=tenant, actor=actor, task_id=task.id, data=data, submission=submission))
        return None

    def use_offer(self, label: Json, words: Words) -> None:
        """`offer: label, with: {…}`: a person uses what the case offers."""
        case = self.office.case(words.get("in"))
        actor = self._actor(words.get("by"))
        with self.office.stage.sessions() as session:
            found = [o for o in offers(session, self.office.stage.tenant, case.id, actor) if o.label == label]
        if not found:
            raise Failed("„{label}“ is not offered to {person}.", label=label, person=actor.name)
        offer = found[0]
        data, files = self._files(words.get("with") or {}, actor)
        self._validate(offer.form, data)
        self._do(
            CorrelateMessage(
                tenant=self.office.stage.tenant,
                actor=actor,
                name=offer.name,
                correlation=offer.correlation,
                payload=data,
                instance_id=case.id,
                wait=offer.wait,
                submission=_submitted(offer.form, data, files) if offer.form else None,
            )
        )

    def pay(self, what: Json, words: Words) -> None:
        """`pay: {}`: the bank statement brings what the case asks for; amount (Kč), symbol, key, reversal differ."""
        what = what or {}
        wanted = self._wanted(words.get("in"))
        amount = round(what["amount"] * 100) if "amount" in what else wanted.amount if wanted else 0
        symbol = what.get("symbol", wanted.variable_symbol if wanted else "")
        self.statements += 1
        today = day_in_prague(self.office.stage.clock.now())
        key = str(what.get("key", f"{today:%y%m%d}{symbol}{self.statements}"))
        transaction = BankTransaction(
            key=key,
            amount=-amount if what.get("reversal") else amount,
            currency="CZK",
            booked_on=today,
            counter_account="1265098001/5500",
            counter_name=str(what.get("from", "PLATCE")),
            variable_symbol=str(symbol).lstrip("0"),
            reversal=bool(what.get("reversal")),
        )
        self._do(self._statement(transaction, today))

    def pay_out(self, what: Json, words: Words) -> None:
        """`pay_out: {}`: the statement shows that the bank carried the newest order of the case out."""
        case = self.office.case(words.get("in"))
        query = select(BankOrderRow).where(BankOrderRow.instance_id == case.id, BankOrderRow.state != "cancelled")
        with self.office.stage.sessions() as session:
            order = session.scalars(query.order_by(BankOrderRow.prepared_at.desc())).first()
        if order is None:
            raise Failed("The case has ordered nothing from the bank.")
        self.statements += 1
        today = day_in_prague(self.office.stage.clock.now())
        transaction = BankTransaction(
            key=str((what or {}).get("key", f"out:{order.id}")),
            amount=-order.amount,
            currency="CZK",
            booked_on=today,
            counter_account=order.counter_account,
            counter_name=order.counter_name,
            variable_symbol=order.variable_symbol,
        )
        self._do(self._statement(transaction, today))

    def card(self, state: Json, _words: Words) -> None:
        """`card: paid`: the gateway has its newest payment so and notifies us; `{silently: paid}` doesn't."""
        if isinstance(state, dict):
            self.office.stage.card(str(state.get("silently")))
            return
        self._do(
            CorrelateMessage(
                tenant=self.office.stage.tenant,
                actor=SYSTEM,
                name="gateway.notified",
                correlation={"gateway_payment": self.office.stage.card(str(state))},
                payload={},
            )
        )

    def message(self, name: Json, words: Words) -> None:
        """`message: name, correlation: {…}, payload: {…}`: something comes from outside."""
        self._do(
            CorrelateMessage(
                tenant=self.office.stage.tenant,
                actor=SYSTEM,
                name=name,
                correlation=words.get("correlation") or {},
                payload=words.get("payload") or {},
            )
        )

    def _statement(self, transaction: BankTransaction, today: date) -> ImportStatement:
        number = f"{today:%j}{self.statements:03}"
        return ImportStatement(
            tenant=self.office.stage.tenant,
            actor=SYSTEM,
            account=self.office.stage.account,
            number=number,
            sha256=sha256(f"{today} {number} {transaction.key}".encode()).hexdigest(),
            opened_on=today,
            closed_on=today,
            opening_balance=0,
            closing_balance=transaction.amount,
            transactions=[transaction],
        )

    def _do(self, command: Json) -> Json:
        return self.office.stage.engine.execute(command)

    def _actor(self, username: Json) -> Actor:
        if username in (None, "applicant"):
            return _APPLICANT
        if username not in self.office.stage.people:
            raise Failed("Nobody here is called {username}.", username=username)
        return self.office.stage.people[username].actor()

    def _task(self, case: InstanceRow, node: Json, actor: Actor) -> HumanTaskRow:
        tasks = self.office.open_tasks(case)
        mine = [task for task in tasks if task.node == node and task.assignee in (None, actor.username)]
        if not mine:
            raise Failed(
                "{node} is not open for {person}; open: {others}.",
                node=StepKey(node),
                person=actor.name,
                others=steps(one.node for one in tasks),
            )
        return mine[0]

    def shown(self, task: HumanTaskRow) -> Variables:
        """What the form shows before the person changes anything."""
        with self.office.stage.sessions() as session:
            seen = visible_variables(session, self.office.stage.tenant, task.id)
        names = property_names(self.agenda.forms.get(task.form or "", {}))
        return {name: value for name, value in seen.items() if name in names}

    def _only_shown(self, task: HumanTaskRow) -> Variables:
        """What the form shows and nobody may change there."""
        schema = self.agenda.forms.get(task.form or "", {})
        return {
            name: value for name, value in self.shown(task).items() if name in property_names(schema, only_shown=True)
        }

    def _validate(self, form: Json, data: Variables) -> None:
        if errors := self._errors(form, data):
            raise Failed("The form refuses it: {errors}", errors=" ".join(errors))

    def _expect_refusal(self, form: Json, data: Variables, expected: Json) -> None:
        errors = self._errors(form, data)
        if not any(str(expected) in error for error in errors):
            raise Failed(
                "„{expected}“ was expected, the form says: {errors}", expected=expected, errors=" ".join(errors)
            )

    def _errors(self, form: Json, data: Variables) -> list[str]:
        if not form:
            return []
        if form not in self.agenda.forms:
            raise Failed("There is no form {form}.", form=form)
        asked = compiled(self.agenda.files[f"forms/{form}.json"])
        with self.office.stage.sessions() as session:
            found = validate(asked, data, evaluate=self._asking(session))
        return [f"{error.pointer}: {error.message}" for error in found]

    def _worked_out(self, form: Json, data: Variables) -> Variables:
        """Give the answers with what the form works out itself, as the portal stores them."""
        if not form or form not in self.agenda.forms:
            return data
        asked = compiled(self.agenda.files[f"forms/{form}.json"])
        if not has_computed(asked):
            return data
        with self.office.stage.sessions() as session:
            return computed(asked, data, self._asking(session))

    def _asking(self, session: Session) -> Callable[[str, Mapping[str, Json]], Json]:
        lookups = Lookups(session, self.office.stage.tenant)
        today = day_in_prague(self.office.stage.clock.now()).isoformat()
        return lambda text, names: lookups.evaluate(text, {"today": today, **names})

    def _applicant(self, form: Json, data: Variables, language: str) -> Applicant | None:
        places = self.agenda.forms.get(form or "", {}).get("x-applicant")
        if not places:
            return None
        return Applicant(**{name: str(get(data, place) or "") for name, place in places.items()}, language=language)

    def _files(self, data: Json, actor: Actor) -> tuple[Json, list[str]]:
        """Upload every `{upload: name.pdf}`, put its id in its place; `{name}` is a variable of the scenario's case."""
        ids: list[str] = []

        def stored(value: Json) -> Json:
            if isinstance(value, dict) and set(value) == {"upload"}:
                ids.append(self._upload(str(value["upload"]), actor))
                return ids[-1]
            if isinstance(value, dict):
                return {name: stored(item) for name, item in value.items()}
            if isinstance(value, str) and (named := _VARIABLE.fullmatch(value)):
                return self.office.variable(self.office.case(), named[1])
            return [stored(item) for item in value] if isinstance(value, list) else value

        return stored(data), ids

    def _upload(self, filename: str, actor: Actor) -> str:
        """Store what lies under this name in `scenarios/files`, else a small PDF."""
        tenant, content = self.office.stage.tenant, self.agenda.files.get(f"{FILES}/{filename}", _PDF)
        kind = next((kind for mark, kind in _KINDS.items() if content.startswith(mark)), "text/plain")
        return str(
            self._do(StoreAttachment(tenant=tenant, actor=actor, filename=filename, media_type=kind, content=content))
        )

    def _wanted(self, process: Json) -> PaymentRequestRow | None:
        case = self.office.case(process)
        query = select(PaymentRequestRow).where(PaymentRequestRow.instance_id == case.id)
        with self.office.stage.sessions() as session:
            found = session.scalars(query.order_by(PaymentRequestRow.created_at.desc())).first()
        return found


def _submitted(form: Json, data: Variables, files: list[str]) -> SubmittedForm:
    return SubmittedForm(form=form, data=data, attachments=files)
