"""A file of a statement in any format that is read here, told apart by how it begins."""

from __future__ import annotations

from collections.abc import Sequence

from integrations.bank.abo import parse_statements
from integrations.bank.camt import parse_camt
from integrations.bank.fio import parse_fio
from integrations.bank.statement import Statement


def read_statements(content: bytes, *, own: Sequence[str] = ()) -> list[Statement]:
    """Read ABO/GPC, camt.053 or the JSON of Fio banka; `own` are the accounts kept here. Raises StatementRefused."""
    begin = content[:200].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    if begin.startswith(b"{"):
        return [parse_fio(content, own=own)]
    if begin.startswith(b"<"):
        return parse_camt(content, own=own)
    return parse_statements(content, own=own)
