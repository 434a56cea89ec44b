"""ARES, the Czech register of economic subjects: REST, with a memory of a day, or recorded answers only."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from engine.calendar import Clock
from integrations import strict_json
from integrations.failures import BusinessError, Busy, Permanent, Temporary, Unreachable
from integrations.guard import ask, guarded_client
from integrations.ports import Company, CompanyRegister

RECORDED = Path(__file__).parent / "recorded" / "ares"
OFFLINE = "offline"
INVALID, NOT_FOUND = "ares.invalid-ico", "ares.not-found"
DOWN = "The register of economic subjects does not answer now."
REMEMBERED = timedelta(hours=24)
#: After the register failed it is left alone for so long; nobody waits for it meanwhile.
LEFT_ALONE = timedelta(seconds=30)
MOST_REMEMBERED = 2_000


def checked_ico(text: str) -> str:
    """Give an IČO as eight digits. Raises BusinessError before anybody is asked about a wrong one."""
    digits = re.sub(r"\s", "", str(text))
    ico = digits.zfill(8)
    if not re.fullmatch(r"[0-9]{1,8}", digits) or not _passes(ico):
        raise BusinessError(INVALID, "The IČO is not valid: its check digit does not fit.")
    return ico


def company_of(answer: Mapping[str, Any], *, recorded: bool = False) -> Company:
    """Read an answer of ARES, in which nearly everything may be missing. Raises Permanent where it is none."""
    ico = str(answer.get("ico") or "")
    if not re.fullmatch(r"[0-9]{8}", ico):
        raise Permanent("The register answered something we don't understand.")
    return Company(
        ico=ico,
        name=str(answer.get("obchodniJmeno") or ""),
        answer=dict(answer),
        dissolved_on=_day(answer.get("datumZaniku")),
        recorded=recorded,
    )


class RecordedAres:
    """Answers from files: for the demo, tests and installations without a network."""

    def __init__(self, folder: Path = RECORDED) -> None:
        self._folder = folder

    def find(self, ico: str) -> Company:
        """Give a recorded subject. Raises BusinessError (ares.invalid-ico, ares.not-found)."""
        path = self._folder / f"{checked_ico(ico)}.json"
        try:
            answer = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise BusinessError(NOT_FOUND, "There is no recorded answer for this IČO.") from None
        return company_of(answer, recorded=True)


@dataclass
class Ares:
    """The register itself."""

    url: str
    client: httpx.Client
    clock: Clock
    _known: dict[str, tuple[datetime, Company]] = field(default_factory=dict)
    _down_until: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, ico: str) -> Company:
        """Give a subject, asked for at most once a day.

        Raises BusinessError (ares.invalid-ico, ares.not-found), Temporary where ARES is down, Permanent.
        """
        number = checked_ico(ico)
        now = self.clock.now()
        with self._lock:
            asked_at, company = self._known.get(number, (None, None))
        if company and asked_at and now - asked_at < REMEMBERED:
            return company
        if self._down_until and now < self._down_until:
            raise Unreachable(DOWN)
        try:
            company = self._ask(number)
        except Temporary:
            self._down_until = now + LEFT_ALONE
            raise
        with self._lock:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[number] = (now, company)
        return company

    def _ask(self, ico: str) -> Company:
        response = ask(self.client, "GET", f"{self.url}/ekonomicke-subjekty/{ico}")
        if response.status_code == 404:
            raise BusinessError(NOT_FOUND, "The register knows no subject with this IČO.")
        if response.status_code == 429:
            raise Busy(DOWN)
        if response.status_code >= 500:
            raise Unreachable(DOWN)
        if response.status_code != 200:
            raise Permanent(f"The register refused the question ({response.status_code}).")
        try:
            answer = strict_json.read(response.content)
        except strict_json.BadJson as error:
            raise Unreachable(DOWN) from error
        if not isinstance(answer, dict):
            raise Permanent("The register answered something we don't understand.")
        return company_of(answer)


@dataclass(frozen=True)
class AresOrRecorded:
    """The register, and a recorded answer where it can't be reached: for the demo."""

    register: CompanyRegister
    recorded: CompanyRegister

    def find(self, ico: str) -> Company:
        """Give a subject; the answer says whether it is a recorded one."""
        try:
            return self.register.find(ico)
        except Temporary as away:
            try:
                return self.recorded.find(ico)
            except BusinessError:
                raise away from None


def make_company_register(
    url: str, clock: Clock, *, recorded: bool = False, allow_private: bool = False
) -> CompanyRegister:
    """Give the register that the settings ask for; `offline` answers from recorded files only."""
    if url in {"", OFFLINE}:
        return RecordedAres()
    client = guarded_client([httpx.URL(url).host], allow_private=allow_private)
    ares = Ares(url=url.rstrip("/"), client=client, clock=clock)
    return AresOrRecorded(ares, RecordedAres()) if recorded else ares


def _passes(ico: str) -> bool:
    rest = sum(int(digit) * weight for digit, weight in zip(ico, range(8, 1, -1), strict=False)) % 11
    return int(ico[7]) == (11 - rest) % 10


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None
