"""Results of the scanner nuclei, as JSON lines or as one JSON array: read whole, or refused with the line.

Names of fields after projectdiscovery/nuclei (pkg/output, pkg/model); older spellings as DefectDojo takes them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from cvss import CVSS2, CVSS3, CVSS4, CVSSError

from engine.model import Json
from integrations.failures import BusinessError

#: Code of the refusal, which a boundary event may catch.
UNREADABLE = "scan.unreadable"
MOST_BYTES = 20 * 2**20
MOST_FINDINGS = 2_000
#: What a file is refused with; web.ui.failing has each in the reader's language.
TOO_LARGE = "The file of the scan is larger than 20 MB; divide the scan by its targets."
TOO_MANY = "The file of the scan has more than 2,000 different findings; divide the scan by its targets."
ENCODING = "The file of the scan is not in UTF-8."
NOT_WHOLE = "The file of the scan is not whole JSON: it is cut, or of another format."
NO_FINDING = "The file of the scan has an entry that is no finding of nuclei: it names no template or no host."
SEVERITIES = ("info", "low", "medium", "high", "critical")
_LONGEST = 4_000
_MOST_PLACES = 100
_CWE = re.compile(r"CWE-(\d+)", re.IGNORECASE)
#: What no database keeps, halves of characters too.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_VECTORS = (("CVSS:4", CVSS4), ("CVSS:3", CVSS3), ("AV:", CVSS2))


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One weakness of one host, however often the scan met it."""

    #: SHA-256 of template, type, matcher and host: the same weakness has the same one in every scan.
    fingerprint: str
    template: str
    name: str
    severity: str
    kind: str
    matcher: str
    host: str
    #: Where it was met, without repetition.
    places: list[str]
    #: How many lines of the scan told it.
    occurrences: int
    description: str
    remediation: str
    #: The command that shows it, for those who verify it.
    steps: str
    cve: list[str]
    cwe: list[int]
    cvss_vector: str
    #: Base score, 0 to 10; None where the scan gives neither score nor vector.
    cvss_score: float | None
    epss_score: float | None
    references: list[str]
    tags: list[str]
    extracted: list[str]
    found_at: str


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What a file says."""

    findings: Sequence[Finding]
    #: Lines of the file that tell a finding, with those that told the same again.
    lines: int
    sha256: str
    hosts: Sequence[str] = field(default=())

    def as_json(self) -> dict[str, Json]:
        """Give it as variables of a case."""
        return {
            "findings": [asdict(finding) for finding in self.findings],
            "lines": self.lines,
            "repeated": self.lines - len(self.findings),
            "hosts": list(self.hosts),
            "sha256": self.sha256,
        }


def read_scan(content: bytes) -> Scan:
    """Read a file of results. Raises BusinessError with UNREADABLE and one sentence; nothing is half-read."""
    if len(content) > MOST_BYTES:
        raise _refused(TOO_LARGE)
    found: dict[str, Finding] = {}
    lines = 0
    for number, entry in _entries(content):
        if _matched_nothing(entry):
            continue
        lines += 1
        finding = _finding(entry, number)
        before = found.get(finding.fingerprint)
        found[finding.fingerprint] = finding if before is None else _met_again(before, finding)
        if len(found) > MOST_FINDINGS:
            raise _refused(TOO_MANY)
    return Scan(
        findings=list(found.values()),
        lines=lines,
        sha256=hashlib.sha256(content).hexdigest(),
        hosts=sorted({finding.host for finding in found.values()}),
    )


def host_of(target: str) -> str:
    """Give the host of an address, of host:port or of a bare name, in small letters; "" where there is none."""
    rest = _SCHEME.sub("", target.strip()).partition("/")[0].partition("?")[0].rpartition("@")[2]
    if rest.startswith("["):
        return rest[1:].partition("]")[0].lower()
    if rest.count(":") > 1:
        return rest.lower()
    return rest.partition(":")[0].rstrip(".").lower()


def base_score(vector: str) -> float | None:
    """Give the base score of a CVSS vector of version 2, 3 or 4; None where it isn't one."""
    for beginning, version in _VECTORS:
        if vector.upper().startswith(beginning):
            try:
                return float(version(vector).base_score)
            except (CVSSError, ValueError, ArithmeticError):
                return None
    return None


# --- the file --------------------------------------------------------------------------------------------------------


def _entries(content: bytes) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Give the entries with the number of their line or, in an array, of their place."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        broken = content[: error.start].count(b"\n") + 1
        raise _refused(ENCODING, broken) from error
    if text.lstrip().startswith("["):
        yield from enumerate(_array(text), start=1)
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, _object(line, number)


def _array(text: str) -> Iterator[Mapping[str, Any]]:
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise _refused(NOT_WHOLE, line) from error
    for place, entry in enumerate(listed, start=1):
        if not isinstance(entry, dict):
            raise _refused(NO_FINDING, place)
        yield entry


def _object(line: str, number: int) -> Mapping[str, Any]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _refused(NOT_WHOLE, number) from error
    if not isinstance(entry, dict):
        raise _refused(NO_FINDING, number)
    return entry


# --- one finding -----------------------------------------------------------------------------------------------------


def _matched_nothing(entry: Mapping[str, Any]) -> bool:
    """Say whether an entry only tells that a template did not match: nuclei writes such with `-matcher-status`."""
    return entry.get("matcher-status", entry.get("matcher_status")) is False


def _finding(entry: Mapping[str, Any], line: int) -> Finding:
    info = entry.get("info") if isinstance(entry.get("info"), dict) else {}
    assert isinstance(info, dict)
    template = _text(entry, "template-id", "templateID", "template")
    host = host_of(_text(entry, "host", "ip", "matched-at", "matched", "url"))
    if not template or not host:
        raise _refused(NO_FINDING, line)
    about = info.get("classification") if isinstance(info.get("classification"), dict) else {}
    assert isinstance(about, dict)
    kind, matcher = _text(entry, "type"), _text(entry, "matcher-name", "matcher_name", "extractor-name")
    severity = _text(info, "severity").lower()
    vector = _text(about, "cvss-metrics")
    score = _score(about.get("cvss-score"), 10)
    place = _text(entry, "matched-at", "matched", "url") or host
    return Finding(
        fingerprint=hashlib.sha256("\n".join((template, kind, matcher, host)).encode()).hexdigest(),
        template=template,
        name=_text(info, "name") or template,
        # The scanner's unknown is taken for low, as the importers of others do; nothing is lost by its sort.
        severity=severity if severity in SEVERITIES else "low",
        kind=kind,
        matcher=matcher,
        host=host,
        places=[place],
        occurrences=1,
        description=_text(info, "description"),
        remediation=_text(info, "remediation"),
        steps=_text(entry, "curl-command"),
        cve=[one.upper() for one in _texts(about.get("cve-id"))],
        cwe=[int(known[1]) for one in _texts(about.get("cwe-id")) if (known := _CWE.fullmatch(one))],
        cvss_vector=vector,
        cvss_score=score if score is not None else base_score(vector),
        epss_score=_score(about.get("epss-score"), 1),
        references=[one for one in _texts(info.get("reference")) if one.startswith(("https://", "http://"))],
        tags=_texts(info.get("tags")),
        extracted=_texts(entry.get("extracted-results"), split=False),
        found_at=_text(entry, "timestamp")[:40],
    )


def _met_again(before: Finding, again: Finding) -> Finding:
    places = list(dict.fromkeys([*before.places, *again.places]))[:_MOST_PLACES]
    facts = asdict(before) | {"places": places, "occurrences": before.occurrences + 1}
    return Finding(**facts)


def _text(of: Mapping[str, Any], *names: str) -> str:
    """Give the first of several spellings that holds a text."""
    for name in names:
        value = of.get(name)
        if isinstance(value, str) and value.strip():
            return _CONTROL.sub("", value).strip()[:_LONGEST]
    return ""


def _texts(value: Any, *, split: bool = True) -> list[str]:
    """Give a list of texts; older results write it as one text with commas or lines."""
    if isinstance(value, str):
        value = re.split(r"[,\n]", value) if split else [value]
    listed = value if isinstance(value, list) else []
    clean = (_CONTROL.sub("", one).strip()[:_LONGEST] for one in listed if isinstance(one, str))
    return [one for one in clean if one][:_MOST_PLACES]


def _score(value: Any, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number <= most else None


def _refused(sentence: str, line: int | None = None) -> BusinessError:
    """Refuse the file; `line` counts lines, in an array its entries, from 1."""
    return BusinessError(UNREADABLE, sentence if line is None else f"{sentence.rstrip('.')} (line {line}).")
