"""A few guarded processes, shared by all threads. One that dies or hangs is replaced; none outlives this process."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading
from pathlib import Path

from engine.errors import ScriptError
from engine.expressions import frames
from engine.expressions.guard import PATIENCE
from engine.model import Json
from engine.said import Said

MOST = 3
START_SECONDS = 60.0
#: How long a text waits for its turn.
QUEUE_SECONDS = 60.0
_ROOT = Path(__file__).resolve().parents[2]
_LIMITS = "the text used more memory or time than it may"


class Guard:
    """One guarded process."""

    def __init__(self) -> None:
        # It gets no environment: no password in it can be read there.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "engine.expressions.guard"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd=_ROOT,
            env={"PYTHONIOENCODING": "utf-8", "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
        )
        assert self.process.stdin and self.process.stdout
        self.there, self.here = self.process.stdin, self.process.stdout
        self.used = 0

    def ask(self, request: Json) -> Json:
        """Give the answer. Raises frames.Gone."""
        if not self.used:
            frames.receive(self.here.fileno(), START_SECONDS)
        self.used += 1
        frames.send(self.there.fileno(), request)
        return frames.receive(self.here.fileno(), PATIENCE)

    def stop(self) -> None:
        """End the process and wait for it, so that it leaves no zombie."""
        self.process.kill()
        self.forget()
        self.process.wait()

    def forget(self) -> None:
        """Close our ends of the pipes."""
        self.there.close()
        self.here.close()


class Pool:
    """Lends guarded processes to threads."""

    def __init__(self, most: int = MOST) -> None:
        self.turns = threading.BoundedSemaphore(most)
        self.lock = threading.Lock()
        self.idle: list[Guard] = []
        self.all: set[Guard] = set()
        #: How many texts were not computed to their end, of themselves or because there was too much to do.
        self.interrupted = 0

    def ask(self, request: Json) -> Json:
        """Give the guarded process's answer. Raises ScriptError."""
        if not self.turns.acquire(timeout=QUEUE_SECONDS):
            self.interrupted += 1
            raise ScriptError("too many expressions are being computed; try again")
        try:
            return self._answer(request)
        finally:
            self.turns.release()

    def _answer(self, request: Json) -> Json:
        guard = self._take()
        try:
            answer = guard.ask(request)
        except frames.Gone as error:
            self._drop(guard)
            self.interrupted += 1
            raise ScriptError(_LIMITS) from error
        except BaseException:
            self._drop(guard)
            raise
        with self.lock:
            self.idle.append(guard)
        if "error" in answer:
            raise ScriptError(Said(answer.get("czech", answer["error"]), answer["error"]))
        return answer

    def _take(self) -> Guard:
        with self.lock:
            while self.idle:
                guard = self.idle.pop()
                if guard.process.poll() is None:
                    return guard
                self.all.discard(guard)
                guard.stop()
        guard = Guard()
        with self.lock:
            self.all.add(guard)
        return guard

    def _drop(self, guard: Guard) -> None:
        with self.lock:
            self.all.discard(guard)
        guard.stop()

    def stop(self) -> None:
        """End all processes."""
        with self.lock:
            guards, self.all, self.idle = list(self.all), set(), []
        for guard in guards:
            guard.stop()

    def forget(self) -> None:
        """Let go of another process's guards without ending them; after a fork the locks may be held for ever."""
        for guard in self.all:
            guard.forget()
            # A fork's child may not wait for its parent's children.
            guard.process.returncode = 0


_pool = Pool()


def ask(request: Json) -> Json:
    """Ask one of the guarded processes. Raises ScriptError."""
    return _pool.ask(request)


def interrupted() -> int:
    """Tell how many texts this process didn't get computed to their end; what they said may be otherwise next time."""
    return _pool.interrupted


def stop() -> None:
    """End the guarded processes of this process; the next question starts new ones."""
    _pool.stop()


def _begin_anew_after_fork() -> None:
    global _pool
    _pool.forget()
    _pool = Pool()


atexit.register(stop)
os.register_at_fork(after_in_child=_begin_anew_after_fork)
