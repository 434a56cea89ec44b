"""Tables that offices send: read whole with their lines, or refused with the reason."""

from __future__ import annotations

import pytest

from integrations.failures import BusinessError
from integrations.table_rows import MOST_BYTES, MOST_ROWS, MOST_SIFTED_BYTES, read_or_tell, read_table

NEEDED = ["om_kod", "datum", "stav"]
GOOD = "om_kod;budova;datum;stav\n859;Škola;1.2.2026;1 234,5\n\n860;Úřad;2026-02-01;7\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250"])
def test_a_table_is_read_with_lines_and_days(encoding: str) -> None:
    table = read_table(GOOD.encode(encoding), NEEDED)
    assert table.rows == [
        {"line": 2, "om_kod": "859", "budova": "Škola", "datum": "2026-02-01", "stav": "1 234,5"},
        {"line": 4, "om_kod": "860", "budova": "Úřad", "datum": "2026-02-01", "stav": "7"},
    ]


def test_commas_quotes_and_times_are_read() -> None:
    table = read_table(b'OM_KOD,datum,stav\n859,"1. 2. 2026 6:30","1,5"\n', NEEDED)
    assert table.rows[0]["datum"] == "2026-02-01T06:30"
    assert table.rows[0]["stav"] == "1,5"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "lacks columns"),
        (b"om_kod;datum\n1;2\n", "lacks columns"),
        (b"om_kod;datum;stav;stav\n", "lacks columns"),
        (GOOD.encode()[:-8], "cut"),
        (GOOD.encode() + b"861;more;2026-02-01;1;2\n", "cut"),
        (b'om_kod;datum;stav\n859;2026-02-01;"5', "cut"),
        (b"\x00\x01\x02" * 50, "cut"),
        (b"om_kod;datum;stav\n" + b"1;2026-01-01;" + b"9" * 2_000 + b"\n", "cut"),
        (b"x" * (MOST_BYTES + 1), "larger"),
        (b"om_kod;datum;stav\n" + b"1;2;3\n" * (MOST_ROWS + 1), "more than"),
    ],
)
def test_what_is_no_whole_table_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(BusinessError, match=reason):
        read_table(content, NEEDED)


@pytest.mark.parametrize(
    ("content", "refused", "line"),
    [
        (GOOD.encode(), "", 0),
        (GOOD.encode()[:-8], "cut", 4),
        (GOOD.encode() + b"861;more;2026-02-01;1;2\n", "ragged", 5),
        (b"om_kod;datum\n1;2\n", "heading", 1),
        (b"om_kod;datum;stav;STAV\n", "same-title", 1),
        (b"\x00\x01\x02" * 50, "not-a-table", 0),
        (b"om_kod;datum;stav\n" + b"1;2026-01-01;" + b"9" * 2_000 + b"\n", "long-cell", 2),
        (b"x" * (MOST_BYTES + 1), "too-big", 0),
        (b"om_kod;datum;stav\n" + b"1;2;3\n" * (MOST_ROWS + 1), "too-long", MOST_ROWS + 2),
    ],
)
def test_who_asks_is_told_why_a_table_cannot_be_read_and_where(content: bytes, refused: str, line: int) -> None:
    table = read_or_tell(content, NEEDED)
    assert (table.refused, table.refused_at) == (refused, line)
    assert bool(table.rows) == (not refused)
    assert len(table.sha256) == 64


SCORES = b"cve,epss\nCVE-2024-0001,0.49999\nCVE-2024-0002,0.5\n\nCVE-2024-0003,nan\nCVE-2024-0004,\n"


def test_rows_with_a_smaller_number_are_only_counted_and_what_is_no_number_stays() -> None:
    table = read_or_tell(SCORES, [], {"epss": 0.5, "elsewhere": 9})
    assert [(row["line"], row["cve"]) for row in table.rows] == [
        (3, "CVE-2024-0002"),
        (5, "CVE-2024-0003"),
        (6, "CVE-2024-0004"),
    ]
    assert table.read == 4


def test_a_long_table_of_which_little_is_kept_is_read() -> None:
    content = b"cve,epss\n" + b"CVE-2024-0001,0.00043\n" * 300_000 + b"CVE-2024-0002,0.9\n"
    assert MOST_BYTES < len(content) < MOST_SIFTED_BYTES
    table = read_table(content, ["epss"], {"epss": 0.5})
    assert (len(table.rows), table.read) == (1, 300_001)


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (b"cve,epss\n" + b"1,0.9\n" * (MOST_ROWS + 1), "too-long"),
        (b"cve,other\n" + b"1,0.9\n" * (MOST_ROWS + 1), "too-long"),
        (b"x" * (MOST_SIFTED_BYTES + 1), "too-big"),
        (b"cve,epss\n1,0.1\n2,0.1,\n3,0.1\n", "ragged"),
        (b"cve,epss\n1,0.1\n2", "cut"),
    ],
)
def test_a_sifted_table_is_refused_as_any_other(content: bytes, refused: str) -> None:
    table = read_or_tell(content, [], {"epss": 0.5})
    assert (table.refused, list(table.rows)) == (refused, [])
