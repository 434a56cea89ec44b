"""Every reader of what comes from outside against everything that can be wrong with it: `table.txt` says what happens.

A reader or a trouble without its line in the table fails; so does a reader of bytes that no way goes through.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from integrations.registry import CONNECTORS
from tests.unit.ways_in.spoiling import TROUBLES
from tests.unit.ways_in.ways import WAYS, outcome
from web.ui.failing import KNOWN

ROOT = Path(__file__).parents[3]
TABLE = Path(__file__).with_name("table.txt")
#: How a refusal that the program means is called; anything else is a crash.
REFUSALS = {
    *("StatementRefused", "TableRefused", "BusinessError", "UnreadableModel", "FormSchemaError", "BadJson"),
    *("BadPackage", "AgendaRefused", "BadScenario", "Invalid", "Permanent", "Temporary", "Unreachable"),
}


def told() -> dict[str, dict[str, str]]:
    """The table: way → trouble → what happens."""
    found: dict[str, dict[str, str]] = {}
    for line in TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            way, trouble, happens = (part.strip() for part in line.split("|"))
            found.setdefault(way, {})[trouble] = happens
    return found


def test_every_way_has_every_trouble_in_the_table() -> None:
    assert {way: set(told()[way]) for way in told()} == {way: set(TROUBLES) for way in WAYS}


def test_nothing_in_the_table_is_a_crash() -> None:
    happens = {what.split(" ")[0] for troubles in told().values() for what in troubles.values()}
    assert happens <= REFUSALS | {"same", "read"}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_wrong_is_refused_in_words_or_read_right(way: str) -> None:
    found = {name: outcome(WAYS[way], spoil(WAYS[way].right)) for name, spoil in TROUBLES.items()}
    assert found == told()[way]


# --- nothing new without a line --------------------------------------------------------------------------------------

#: Readers of bytes → the ways that go through them, or why none does.
READERS = {
    "integrations/bank/abo.py:parse_statements": ("ABO",),
    "integrations/bank/abo_line.py:split": ("ABO",),
    "integrations/bank/camt.py:parse_camt": ("camt.053",),
    "integrations/bank/fio.py:parse_fio": ("Fio",),
    "integrations/bank/reading.py:read_statements": ("ABO", "camt.053", "Fio"),
    "integrations/contracts_register.py:read_answer": ("answer of the register of contracts",),
    "integrations/csv_tables.py:read_csv": ("table CSV",),
    "integrations/databox/envelope.py:opened": ("answer of data boxes", "message of data boxes"),
    "integrations/nuclei.py:read_scan": ("nuclei",),
    "integrations/strict_json.py:read": ("body in JSON",),
    "integrations/table_rows.py:read_or_tell": ("rows, telling",),
    "integrations/table_rows.py:read_table": ("rows of a process",),
    "integrations/tables.py:read_table": ("table CSV", "table XLSX", "table JSON"),
    "integrations/workbooks.py:read_workbook": ("table XLSX",),
    "processes/catalogue.py:unpack": ("package",),
    "integrations/qr.py:data_uri": "writes",
    "processes/scenarios/asked.py:compiled": "reads what form read before it",
    "processes/webhooks.py:hooks_of": "reads a manifest that was published",
}
#: Connectors → the ways by which something comes back, or why nothing of any size does.
COMING_BACK = {
    "ares.lookup": ("answer of ARES",),
    "contracts_register.publish": ("answer of the register of contracts", "message of data boxes"),
    "databox.send": ("answer of data boxes",),
    "databox.standing": ("answer of data boxes",),
    "gateway.create": ("answer of GoPay", "answer of ComGate"),
    "gateway.refund": ("answer of GoPay", "answer of ComGate"),
    "gateway.status": ("answer of GoPay", "answer of ComGate"),
    "http.get": ("answer of another system",),
    "http.send": ("answer of another system",),
    "scan.read": ("nuclei",),
    "table.read": ("rows of a process", "rows, telling"),
    "webhook.post": "only the status of the answer is looked at: tests/integration/integrations/test_webhook.py",
    "mail.send": "the server's codes: tests/integration/integrations/test_smtp.py",
    "document.render": "goes nowhere",
    "submission.render": "goes nowhere",
    "table.render": "goes nowhere",
}


def readers() -> Iterator[str]:
    """Public functions of connectors and agendas that begin with bytes of somebody else."""
    for folder in ("integrations", "processes"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.parse(path.read_text("utf-8")).body:
                if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or not node.args.args:
                    continue
                first = node.args.args[0].annotation
                if first is not None and ast.unparse(first) == "bytes":
                    yield f"{path.relative_to(ROOT)}:{node.name}"


def test_a_new_reader_needs_its_line() -> None:
    assert set(readers()) == set(READERS)


def test_a_new_connector_needs_its_line() -> None:
    assert set(CONNECTORS) == set(COMING_BACK)


@pytest.mark.parametrize("named", [READERS, COMING_BACK])
def test_lines_name_ways_that_are(named: dict[str, tuple[str, ...] | str]) -> None:
    assert {way for ways in named.values() if isinstance(ways, tuple) for way in ways} <= set(WAYS)


#: Modules of pages and programs that take a file or a body → the test that sends them bad ones.
DOORS = {
    "web/api/definitions.py": "tests/integration/web/test_doors.py",
    "web/api/idempotency.py": "tests/integration/web/test_api_hostile.py",
    "web/cockpit/organisation.py": "tests/integration/web/test_organisation.py",
    "web/interrupted.py": "tests/integration/web/test_interrupted.py",
    "web/portal/applying.py": "tests/integration/portal/test_bad_posts.py",
    "web/portal/hook_inbox.py": "tests/integration/web/test_hooks.py",
    "web/portal/label_reading.py": "tests/integration/web/test_rows_sent.py",
    "web/portal/row_inbox.py": "tests/integration/web/test_rows_sent.py",
    "web/studio/filing.py": "tests/integration/web/test_doors.py",
    "web/studio/founding.py": "tests/integration/web/test_doors.py",
    "web/studio/opening.py": "tests/integration/web/test_doors.py",
    "web/ui/form_flow.py": "tests/integration/portal/test_bad_posts.py",
    "web/workplace/bank.py": "tests/integration/web/test_doors.py",
    "web/workplace/imports.py": "tests/integration/web/test_doors.py",
    "web/workplace/rolls.py": "tests/integration/web/test_voting.py",
}


def test_a_new_door_needs_a_test_that_sends_bad_things() -> None:
    taking = ("request.files", "request.get_data", "request.stream", "request.get_json")
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "web").rglob("*.py")
        if any(word in path.read_text("utf-8") for word in taking)
    }
    assert found == set(DOORS)
    assert [test for test in DOORS.values() if not (ROOT / test).is_file()] == []


# --- said in Czech ---------------------------------------------------------------------------------------------------

#: Actions that no case runs; what they say stands in the operator's log.
OF_OPERATORS = ("integrations/bank/fio_api.py", "integrations/clamd.py")
FAILURES = {"Temporary", "Unreachable", "Interrupted", "Busy", "Permanent", "LockedOut", "BusinessError"}
_IN_BRACKETS = re.compile(r" \([^()]*\)(?=\.?$)")


def sentences_of_failures() -> Iterator[tuple[str, str]]:
    """Each sentence with which a connector fails, without what stands in brackets at its end, and where."""
    for path in sorted((ROOT / "integrations").rglob("*.py")):
        tree, name = ast.parse(path.read_text("utf-8")), str(path.relative_to(ROOT))
        if name in OF_OPERATORS:
            continue
        texts = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in FAILURES
                and node.args
            ):
                said = _said(node.args[-1], texts)
                if said:
                    yield name, _IN_BRACKETS.sub("", said)


def _said(node: ast.expr, texts: Mapping[str, object]) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Name):
        return str(texts.get(node.id, ""))
    if isinstance(node, ast.JoinedStr):
        return "".join(
            _said(part.value if isinstance(part, ast.FormattedValue) else part, texts) for part in node.values
        )
    return ""


def test_whatever_a_connector_fails_with_is_said_in_czech() -> None:
    assert [(where, said) for where, said in sentences_of_failures() if said not in KNOWN] == []
