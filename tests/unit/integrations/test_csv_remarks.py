"""CSV whose first lines are remarks about the file itself."""

from __future__ import annotations

import pytest

from integrations.tables import read_table


@pytest.mark.parametrize("mark", ["#model_version:v2025.03.14,score_date:2026-03-01\n", "# one\n# two\n"])
def test_remarks_before_the_titles_are_no_row_and_lines_keep_their_numbers(mark: str) -> None:
    table = read_table(f"{mark}cve,epss,percentile\nCVE-2021-44228,0.94,0.99\n".encode(), "epss.csv")
    assert list(table.titles) == ["cve", "epss", "percentile"]
    (row,) = table.rows
    assert row.number == mark.count("\n") + 2 and list(row.cells) == ["CVE-2021-44228", "0.94", "0.99"]


@pytest.mark.parametrize("titles", ["#;name", "#id;name"])
def test_titles_that_begin_with_a_hash_are_still_titles(titles: str) -> None:
    table = read_table(f"{titles}\n1;one\n".encode(), "numbered.csv")
    assert list(table.titles) == titles.split(";") and len(list(table.rows)) == 1
