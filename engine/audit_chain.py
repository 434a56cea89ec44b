"""The chain of the audit, as anyone may compute it: SHA-256 over canonical JSON, nothing else (docs/audit.md).

An entry's digest is over its content; a seal's hash is over the digests of its entries and the hash of the seal before
it. Erased content is gone while its digest stays, so the chain holds; the entry that tells of the erasure is in it too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FORMAT = "radnice-audit/1"
#: What the first seal of a chain stands on.
BEGINNING = "0" * 64
#: Kind of the entry that tells of an erasure; `facts.history` are the numbers of entries whose content has gone.
ERASED = "erased"


def canonical(value: Any) -> bytes:
    """Give JSON with sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(content: Mapping[str, Any]) -> str:
    """Give the digest of an entry's content."""
    return hashlib.sha256(canonical(content)).hexdigest()


def seal_hash(tenant: str, seal: Mapping[str, Any]) -> str:
    """Give the hash of a seal: {"seal", "at", "source", "first", "previous", "entries": [[id, digest], …]}."""
    names = ("seal", "at", "source", "first", "previous", "entries")
    return hashlib.sha256(canonical([FORMAT, tenant, *(seal[name] for name in names)])).hexdigest()


@dataclass
class Verified:
    """What an export turned out to be."""

    tenant: str = ""
    seals: int = 0
    entries: int = 0
    #: Whose content was erased, with an entry that says so.
    erased: int = 0
    #: Written and not sealed yet when the export was made.
    unsealed: int = 0
    #: Hash of the last seal.
    head: str = BEGINNING
    problems: list[str] = field(default_factory=list)


def verify(lines: Iterable[str], head: str = "") -> Verified:
    """Check an export line by line; `head` is the hash of a seal that was noted down earlier and must be in it."""
    found = _Reader()
    for number, line in enumerate(lines, 1):
        if line.strip():
            found.take(number, line)
    return found.finish(head)


class _Reader:
    def __init__(self) -> None:
        self.result = Verified()
        self._awaited: dict[tuple[str, int], str] = {}
        self._hashes: set[str] = set()
        self._next = 1
        self._told: set[int] = set()
        self._missing: list[tuple[str, int]] = []

    def take(self, number: int, line: str) -> None:
        try:
            record = json.loads(line)
            if "format" in record:
                self._begin(record)
            elif "seal" in record:
                self._seal(record)
            else:
                self._entry(record)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._bad(f"line {number} can't be read ({type(error).__name__})")

    def finish(self, head: str) -> Verified:
        self._missing += self._awaited
        for source, entry in self._missing:
            if source == "history" and entry in self._told:
                self.result.erased += 1
            else:
                self._bad(f"{source} {entry} was sealed and isn't there; no erasure tells of it")
        if not self.result.tenant:
            self._bad("the export has no beginning")
        if head and head not in self._hashes:
            self._bad("the hash noted down earlier is of no seal: the chain was written anew")
        return self.result

    def _bad(self, problem: str) -> None:
        self.result.problems.append(problem)

    def _begin(self, record: Mapping[str, Any]) -> None:
        if record["format"] != FORMAT:
            self._bad(f"the format {record['format']!r} is unknown")
        self.result.tenant = record["tenant"]

    def _seal(self, seal: Mapping[str, Any]) -> None:
        self._missing += self._awaited
        result = self.result
        result.seals += 1
        name = f"seal {seal['seal']}"
        if seal["seal"] != result.seals:
            self._bad(f"{name} comes where {result.seals} should")
        if seal["previous"] != result.head:
            self._bad(f"{name} doesn't stand on the one before it")
        if seal["first"] != self._next:
            self._bad(f"{name} begins with entry {seal['first']} instead of {self._next}")
        if seal_hash(result.tenant, seal) != seal["hash"]:
            self._bad(f"{name} was changed")
        result.head = seal["hash"]
        self._hashes.add(seal["hash"])
        self._awaited = {(seal["source"], entry): known for entry, known in seal["entries"]}
        result.entries += len(seal["entries"])
        self._next = seal["first"] + len(seal["entries"])

    def _entry(self, content: Mapping[str, Any]) -> None:
        key = (content["source"], content["id"])
        known = self._awaited.pop(key, None)
        if known is None:
            self.result.unsealed += 1
        elif known != digest(content):
            self._bad(f"{key[0]} {key[1]} was changed")
        if known is not None and content["kind"] == ERASED and content["source"] == "event":
            self._told.update(_numbers(content["facts"]["history"]))


def _numbers(ranges: Sequence[Sequence[int]]) -> Iterator[int]:
    for first, last in ranges:
        yield from range(first, last + 1)
