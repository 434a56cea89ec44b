"""Which state is visited next: the nearest, and where there are very many, in turns those that look worst."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Hashable
from itertools import count
from typing import Generic, TypeVar

from engine.kernel.state import State

S = TypeVar("S")
#: So many states are visited in order of their distance, so that counterexamples are short.
IN_ORDER = 3_000


class Frontier(Generic[S]):
    """States still to be visited.

    A cut-off search by distance alone ends before anything has gone wrong: ten branches side by side have thousands of
    harmless states. So afterwards every other visit goes where tokens pile up, or where nearly all of them wait.
    """

    def __init__(self) -> None:
        self._near: deque[tuple[Hashable, S]] = deque()
        self._worst: tuple[list[tuple[int, int, Hashable, S]], ...] = ([], [])
        self._waiting: set[Hashable] = set()
        self._serial, self._turn = count(), 0

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def push(self, key: Hashable, state: State, snapshot: S) -> None:
        """Take a state that wasn't seen before."""
        tokens = state["tokens"].values()
        joining = sum(t["state"] == "join" for t in tokens)
        self._waiting.add(key)
        self._near.append((key, snapshot))
        serial = -next(self._serial)
        heapq.heappush(self._worst[0], (-len(tokens), serial, key, snapshot))
        if joining:
            heapq.heappush(self._worst[1], (len(tokens) - joining, serial, key, snapshot))

    def pop(self) -> tuple[Hashable, S]:
        """Give the next one."""
        self._turn += 1
        heap = self._worst[self._turn // 2 % 2]
        if self._turn > IN_ORDER and self._turn % 2:
            while heap:
                *_, key, snapshot = heapq.heappop(heap)
                if key in self._waiting:
                    self._waiting.remove(key)
                    return key, snapshot
        while True:
            key, snapshot = self._near.popleft()
            if key in self._waiting:
                self._waiting.remove(key)
                return key, snapshot
