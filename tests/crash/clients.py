"""Programs that use the API while it is being killed: each request is repeated until it is answered."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import httpx

from tests.crash.agenda import TOKEN

#: Seconds before a request that wasn't answered is sent again.
PAUSE = 0.2


@dataclass(kw_only=True)
class Accepted:
    """What clients were told has happened."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    started: set[str] = field(default_factory=set)
    #: Ids of human tasks.
    completed: set[str] = field(default_factory=set)
    #: Ids of messages.
    sent: set[str] = field(default_factory=set)
    #: Answers that nobody should get, whatever is killed.
    wrong: list[str] = field(default_factory=list)

    def note(self, which: set[str], what: str) -> None:
        with self.lock:
            which.add(what)


@dataclass(kw_only=True)
class Client:
    """One program. It goes on until it is told to stop, then leaves whatever it is at."""

    name: str
    ports: Sequence[int]
    accepted: Accepted
    stop: threading.Event
    random: Random

    def run(self) -> None:
        """Bring case after case through."""
        with httpx.Client(headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30, trust_env=False) as self.http:
            number = 0
            while not self.stop.is_set():
                number += 1
                self.bring_through(f"{self.name}-{number}")

    def bring_through(self, case: str) -> None:
        """Start a case, pay for it, approve it."""
        start = {"process_key": "main", "business_key": case, "variables": {}}
        # 409: an earlier try got through, only its answer did not.
        if self.post("process-instances", start, (201, 409)) == 201:
            self.accepted.note(self.accepted.started, case)
        for _ in range(self.random.choice((1, 1, 2))):
            paid = {"name": "paid", "correlation": {"number": case}, "message_id": f"paid-{case}"}
            if self.post("messages", paid, (202,)) == 202:
                self.accepted.note(self.accepted.sent, f"paid-{case}")
        task = self.task_of(case)
        if task and self.post(f"human-tasks/{task}/complete", {"data": {}}, (200, 409)) == 200:
            self.accepted.note(self.accepted.completed, task)

    def task_of(self, case: str) -> str | None:
        """Wait a while for the case's task."""
        for _ in range(20):
            answer = self.ask("GET", "human-tasks", params={"q": case})
            if answer is not None and answer.status_code == 200:
                for task in answer.json():
                    if task["business_key"] == case:
                        return str(task["id"])
            if self.stop.wait(PAUSE):
                break
        return None

    def post(self, path: str, body: object, expected: tuple[int, ...]) -> int | None:
        """Post until there is an answer; None when told to stop."""
        while not self.stop.is_set():
            answer = self.ask("POST", path, json=body)
            if answer is not None and answer.status_code in expected:
                return answer.status_code
            if answer is not None and answer.status_code != 503:
                self.accepted.wrong.append(f"{path}: {answer.status_code} {answer.text[:200]}")
            time.sleep(PAUSE)
        return None

    def ask(self, method: str, path: str, **options: object) -> httpx.Response | None:
        """Ask one of the web servers; None when it died meanwhile or isn't there."""
        port = self.random.choice(self.ports)
        try:
            return self.http.request(method, f"http://127.0.0.1:{port}/api/v1/{path}", **options)  # type: ignore[arg-type]
        except httpx.TransportError:
            return None
