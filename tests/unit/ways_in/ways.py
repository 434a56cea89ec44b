"""Every reader of what comes from outside, with a right example of its own."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from openpyxl import Workbook

from engine.calendar import SettableClock
from engine.dmn.read import read_decisions
from engine.reading.model import read_model
from engine.voting.published import line_of, publication, recount
from engine.voting.rules import MoneyClass, Option, Paper
from forms.compile import compile_form
from forms.edit.document import read as read_form
from integrations import strict_json
from integrations.ares import Ares
from integrations.bank.reading import read_statements
from integrations.contracts_register import NAMESPACE, read_answer
from integrations.databox.envelope import checked, opened, received_in, standing_of
from integrations.gateway import running as gateway
from integrations.gateway.comgate import ComGate
from integrations.gateway.gopay import GoPay
from integrations.http_calls import understood
from integrations.nuclei import read_scan
from integrations.refused_tables import TableRefused
from integrations.table_rows import read_or_tell, read_table
from integrations.tables import read_table as read_brought
from processes.agenda import Agenda, parse_agenda
from processes.catalogue import HERE, pack, read_path, unpack
from processes.pages import read_page
from processes.scenarios import read_scenarios
from tests.fio import a_statement
from tests.statements import statement_of

CLOCK = SettableClock(datetime(2026, 6, 1, tzinfo=UTC))
IBAN = "CZ6508000000192000145399"


@dataclass(frozen=True, kw_only=True)
class Way:
    """One reader and what it reads right."""

    right: bytes
    #: Gives something that tells what was read, whatever the reader's own type.
    read: Callable[[bytes], object]


def _camt() -> bytes:
    def balance(code: str, amount: str) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='CZK'>{amount}</Amt>"
            "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>\n"
        )

    def entry(amount: str, reference: str) -> str:
        return (
            f"<Ntry><Amt Ccy='CZK'>{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>"
            f"<BookgDt><Dt>2026-03-02</Dt></BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef>\n"
            "<NtryDtls><TxDtls><RmtInf><Ustrd>Poplatek za psa, Říčany</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n"
        )

    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'>"
        f"<BkToCstmrStmt>\n<Stmt><Id>V-1</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id></Acct>\n{balance('OPBD', '10.00')}"
        f"{balance('CLBD', '30.50')}{entry('20.00', 'A')}{entry('0.50', 'B')}</Stmt></BkToCstmrStmt></Document>\n"
    ).encode()


def _fio() -> bytes:
    rows: list[dict[str, Any]] = [
        {"id": 11, "amount": 1234.1, "vs": "26", "message": "Říčany"},
        {"id": 12, "amount": -0.3},
    ]
    return json.dumps(a_statement(*rows), ensure_ascii=False, indent=1).encode()


def _scan() -> bytes:
    def line(template: str) -> str:
        info = {"name": "Stará verze – zranitelná", "severity": "high", "classification": {"cvss-score": 9.8}}
        return json.dumps({"template-id": template, "host": "https://mesto.cz", "info": info}, ensure_ascii=False)

    return f"{line('a')}\n{line('b')}\n".encode()


CSV = "IČO;Název;Částka\n05129061;Řeka;10,50\n00258245;„Most“;20\n00064581;Říčany;30\n".encode()


def _workbook() -> bytes:
    made, out = Workbook(), io.BytesIO()
    assert made.active is not None
    for line in CSV.decode().splitlines():
        made.active.append(line.split(";"))
    made.properties.created = made.properties.modified = datetime(2026, 1, 1)  # noqa: DTZ001  openpyxl wants it so
    made.save(out)
    return out.getvalue()


def _vote() -> bytes:
    paper = Paper(
        options=[Option(id=name, title=f"Hřiště {name}", price=1, group="all") for name in "ab"],
        classes=[MoneyClass(key="all", title="Město", budget=1)],
    )
    ballots = Counter([line_of({"a": 2, "b": 1}), line_of({"b": 1, "a": -1})])
    made = publication(key="pr", title="PR", paper=paper, ballots=ballots, receipts=["1", "2"], secret="s")
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


def _brought(filename: str) -> Callable[[bytes], object]:
    def read(content: bytes) -> object:
        table = read_brought(content, filename)
        return [list(table.titles), *(list(row.cells) for row in table.rows)]

    return read


def _telling(content: bytes) -> object:
    found = read_or_tell(content, ["ičo"])
    if found.refused:
        raise TableRefused(found.refused, line=found.refused_at)
    return found.rows


def _soap(body: str) -> bytes:
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'>\n"
        f"<s:Body><p:Answer xmlns:p='http://isds.czechpoint.cz/v20'>\n{body}"
        "<p:dmStatus><p:dmStatusCode>0000</p:dmStatusCode></p:dmStatus></p:Answer></s:Body></s:Envelope>\n"
    ).encode()


_STANDING = (
    "<p:dmID>1</p:dmID><p:dmAnnotation>Říčany</p:dmAnnotation>\n<p:dmMessageStatus>4</p:dmMessageStatus>"
    "<p:dmDeliveryTime>2026-03-02T10:00:00+01:00</p:dmDeliveryTime>\n"
)
_DOWNLOADED = (
    "<p:dmID>1</p:dmID><p:dmFiles>\n<p:dmFile dmMimeType='text/plain' dmFileDescr='ř.txt'>"
    "<p:dmEncodedContent>cmVrYQ==</p:dmEncodedContent></p:dmFile></p:dmFiles>\n"
)
_CONTRACT = (
    f"<?xml version='1.0' encoding='UTF-8'?>\n<odpovedZverejneni xmlns='{NAMESPACE}'>\n<data><identifikator>"
    "<idSmlouvy>12</idSmlouvy><idVerze>3</idVerze></identifikator>\n<odkaz>https://smlouvy.gov.cz/smlouva/3</odkaz>"
    "<casZverejneni>2026-01-01T00:00:00</casZverejneni><smlouva><predmet>Říčany</predmet></smlouva></data>\n"
    "</odpovedZverejneni>\n"
).encode()


def _answering(content: bytes) -> httpx.Client:
    """A client whose every question has this answer, JSON or whatever it is."""
    said = {"content-type": "application/json"}
    return httpx.Client(
        transport=httpx.MockTransport(lambda _asked: httpx.Response(200, content=content, headers=said))
    )


def _ares(content: bytes) -> object:
    return Ares("http://ares", _answering(content), CLOCK).find("05129061")


def _gopay(content: bytes) -> object:
    there = GoPay(merchant="1", client_id="a", secret="b", client=_answering(content), clock=CLOCK)
    return gateway.status(there, {"id": "5"})


def _comgate(content: bytes) -> object:
    there = ComGate(merchant="1", secret="b", client=_answering(content))
    return gateway.status(there, {"id": "AAAA-BBBB-CCCC"})


def _other_system(content: bytes) -> object:
    return understood(_answering(content).get("http://other"))


_PAYMENT = {"access_token": "t", "expires_in": 1800, "id": "5", "amount": 5, "state": "PAID", "order_number": "1"}
_SUBJECT = {"ico": "05129061", "obchodniJmeno": "Říčany"}
MEMBERSHIP = HERE / "membership"
STORY = "scenarios/01_prijeti_s_usnesenim.yaml"


def _of_membership(path: str) -> bytes:
    return Path(MEMBERSHIP, path).read_bytes()


def _with(path: str, content: bytes) -> Agenda:
    return parse_agenda(read_path(MEMBERSHIP) | {path: content})


WAYS: Mapping[str, Way] = {
    "ABO": Way(right=statement_of([("26", 100), ("27", -5)]), read=read_statements),
    "camt.053": Way(right=_camt(), read=read_statements),
    "Fio": Way(right=_fio(), read=read_statements),
    "nuclei": Way(right=_scan(), read=lambda content: read_scan(content).findings),
    "table CSV": Way(right=CSV, read=_brought("t.csv")),
    "table XLSX": Way(right=_workbook(), read=_brought("t.xlsx")),
    "table JSON": Way(
        right=json.dumps([{"ičo": "1", "název": "Řeka"}, {"ičo": "2"}], ensure_ascii=False, indent=1).encode(),
        read=_brought("t.json"),
    ),
    "rows of a process": Way(right=CSV, read=lambda content: read_table(content, ["ičo", "částka"]).rows),
    "rows, telling": Way(right=CSV, read=_telling),
    "body in JSON": Way(
        right=json.dumps({"a": ["Řeka", 1.5]}, ensure_ascii=False, indent=1).encode(), read=strict_json.read
    ),
    "package": Way(right=pack(read_path(MEMBERSHIP)), read=unpack),
    "BPMN": Way(right=_of_membership("assess_fee.bpmn"), read=lambda content: repr(read_model(content))),
    "DMN": Way(right=_of_membership("membership_fee.dmn"), read=lambda content: repr(read_decisions(content))),
    "form": Way(
        right=_of_membership("forms/application.json"), read=lambda content: compile_form(read_form(content)).schema
    ),
    "story": Way(
        right=_of_membership(STORY), read=lambda content: list(map(repr, read_scenarios(_with(STORY, content))))
    ),
    "page": Way(right=_of_membership("pages/members.toml"), read=lambda content: read_page("pages/p.toml", content)),
    "manifest": Way(
        right=_of_membership("agenda.toml"),
        read=lambda content: _with("agenda.toml", content).title,
    ),
    "register": Way(
        right=_of_membership("registers/members.json"),
        read=lambda content: dict(_with("registers/members.json", content).registers["members"]),
    ),
    "published vote": Way(right=_vote(), read=lambda content: recount(content.decode("utf-8", "replace"))),
    "answer of the register of contracts": Way(right=_CONTRACT, read=read_answer),
    "answer of data boxes": Way(right=_soap(_STANDING), read=lambda content: standing_of(checked(opened(content)))),
    "message of data boxes": Way(right=_soap(_DOWNLOADED), read=lambda content: received_in(checked(opened(content)))),
    "answer of ARES": Way(right=json.dumps(_SUBJECT, ensure_ascii=False, indent=1).encode(), read=_ares),
    "answer of GoPay": Way(right=json.dumps(_PAYMENT, indent=1).encode(), read=_gopay),
    "answer of ComGate": Way(
        right=b"code=0&message=OK&transId=AAAA-BBBB-CCCC&price=500&curr=CZK&status=PAID&refId=1", read=_comgate
    ),
    "answer of another system": Way(right=b'{"a":\n ["\xc5\x98eka", 1.5]}', read=_other_system),
}


def outcome(way: Way, content: bytes) -> str:
    """What becomes of a file: read as the right one (same), otherwise (read), or refused for a reason and where."""
    try:
        found = way.read(content)
    except Exception as error:  # what is no refusal shows by its name
        return _why(error)
    return "same" if found == way.read(way.right) else "read"


def _why(error: Exception) -> str:
    facts = getattr(error, "facts", {})
    code = str(getattr(error, "code", "") or facts.get("reason") or facts.get("code") or "")
    place = re.search(r"\bline (\d+)", str(error))
    line = facts.get("line") or (place[1] if place else "")
    return " ".join(filter(None, [type(error).__name__, code, f":{line}" if line else ""]))
