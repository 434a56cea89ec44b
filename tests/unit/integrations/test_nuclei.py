from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.failures import BusinessError
from integrations.nuclei import MOST_FINDINGS, base_score, host_of, read_scan

FOREIGN = Path("/work/shared/standards/scans")
ENTRY = {
    "template-id": "CVE-2021-44228",
    "type": "http",
    "matcher-name": "log4j",
    "host": "https://www.mesto.example:8443",
    "matched-at": "https://www.mesto.example:8443/hledat?q=x",
    "info": {
        "name": "Log4Shell",
        "severity": "critical",
        "classification": {"cve-id": ["cve-2021-44228"], "cwe-id": ["cwe-502", "CWE-x"], "cvss-score": 10.0},
    },
}


def lines(*entries: object) -> bytes:
    return "\n".join(json.dumps(entry) for entry in entries).encode()


def changed(**facts: object) -> dict[str, object]:
    return {**ENTRY, **{name.replace("_", "-"): value for name, value in facts.items()}}


def refused(content: bytes) -> str:
    with pytest.raises(BusinessError) as caught:
        read_scan(content)
    assert caught.value.code == "scan.unreadable"
    return str(caught.value)


def test_a_finding_is_read_with_its_numbers_and_host() -> None:
    (finding,) = read_scan(lines(ENTRY)).findings
    assert (finding.name, finding.severity, finding.host) == ("Log4Shell", "critical", "www.mesto.example")
    assert (finding.cve, finding.cwe, finding.cvss_score) == (["CVE-2021-44228"], [502], 10.0)


def test_the_same_weakness_of_a_host_is_one_with_all_its_places() -> None:
    scan = read_scan(lines(ENTRY, changed(matched_at="https://www.mesto.example:8443/jinde"), ENTRY))
    (finding,) = scan.findings
    assert (finding.occurrences, len(finding.places), scan.lines) == (3, 2, 3)
    assert scan.as_json()["repeated"] == 2


def test_another_host_or_matcher_is_another_weakness_and_the_order_changes_none() -> None:
    entries = [ENTRY, changed(host="10.0.0.1"), changed(matcher_name="jiny")]
    forward = {one.fingerprint for one in read_scan(lines(*entries)).findings}
    assert forward == {one.fingerprint for one in read_scan(lines(*reversed(entries))).findings}
    assert len(forward) == 3


def test_an_array_older_names_and_lists_in_one_text_are_read_too() -> None:
    older = {
        "templateID": "mysql-weak",
        "matched": "db.mesto.example:3306",
        "matcher_name": "x",
        "info": {
            "name": "MySQL",
            "severity": "Unknown",
            "tags": "mysql,db",
            "reference": "https://a.example\nhttps://b.example",
        },
    }
    (finding,) = read_scan(json.dumps([older]).encode()).findings
    assert (finding.template, finding.host, finding.severity) == ("mysql-weak", "db.mesto.example", "low")
    assert (finding.tags, finding.references) == (["mysql", "db"], ["https://a.example", "https://b.example"])


def test_a_template_that_did_not_match_is_no_finding() -> None:
    scan = read_scan(lines(changed(matcher_status=False, host="b.example"), changed(matcher_status=True)))
    assert [finding.host for finding in scan.findings] == ["www.mesto.example"]
    assert (scan.lines, scan.hosts) == (1, ["www.mesto.example"])


def test_an_empty_scan_has_nothing() -> None:
    assert read_scan(b"").findings == [] == read_scan(b"\xef\xbb\xbf\n \n").findings == read_scan(b"[]").findings


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lines(ENTRY) + b"\n" + lines(ENTRY)[:60], "not whole JSON: it is cut, or of another format (line 2)"),
        (json.dumps([ENTRY]).encode()[:-5], "it is cut"),
        (b'"text"', "no finding of nuclei"),
        (b"[1]", "(line 1)"),
        (lines({"host": "a.example"}), "names no template"),
        (lines({"template-id": "x", "info": {}}), "no host (line 1)"),
        (lines(ENTRY) + b"\n\xff\xfe", "not in UTF-8 (line 2)"),
        (b"<?xml version='1.0'?><nmaprun/>", "another format (line 1)"),
        (b"[" * 100_000, "not whole JSON"),
    ],
)
def test_what_cannot_be_read_is_refused_whole_with_the_line(content: bytes, said: str) -> None:
    assert said in refused(content)


def test_a_scan_with_too_many_weaknesses_is_refused() -> None:
    entries = (changed(host=f"h{number}.example") for number in range(MOST_FINDINGS + 1))
    assert "divide the scan" in refused(lines(*entries))


@pytest.mark.parametrize(
    ("vector", "score"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),
        ("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8),
        ("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:N/A:N", 3.7),
        ("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
        ("CVSS:3.1/AV:N", None),
        ("", None),
    ],
)
def test_scores_of_vectors(vector: str, score: float | None) -> None:
    assert base_score(vector) == score


def test_a_missing_score_is_counted_from_the_vector_and_an_absurd_one_is_not_taken() -> None:
    about = {"cvss-metrics": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "cvss-score": 98}
    entry = changed(info={"name": "x", "severity": "high", "classification": about})
    assert read_scan(lines(entry)).findings[0].cvss_score == 9.8


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("https://user:pw@WWW.Mesto.example:8443/a?b", "www.mesto.example"),
        ("mesto.example.:22", "mesto.example"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("10.0.0.1", "10.0.0.1"),
        ("", ""),
    ],
)
def test_hosts(target: str, host: str) -> None:
    assert host_of(target) == host


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["info", "host", "template-id", "classification", "cve-id", "cvss-score"]), inner
            )
        ),
        max_leaves=20,
    )
)
def test_whatever_comes_is_read_or_refused(entry: object) -> None:
    try:
        read_scan(json.dumps(entry).encode())
    except BusinessError as error:
        assert error.code == "scan.unreadable"


@pytest.mark.skipif(not FOREIGN.is_dir(), reason="no foreign samples here")
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("empty.jsonl", 0),
        ("invalid_cwe.json", 1),
        ("many_findings_new.json", 2),
        ("multiple_matches.json", None),
        ("issue_9201.json", 1),
    ],
)
def test_foreign_samples(name: str, count: int | None) -> None:
    scan = read_scan((FOREIGN / name).read_bytes())
    assert count is None or len(scan.findings) == count
    assert all(finding.host and finding.name for finding in scan.findings)
