"""How this process and a guarded one talk: a length, then JSON."""

from __future__ import annotations

import json
import os
import select
import struct
import time

from engine.model import Json

_LENGTH = struct.Struct(">I")
LARGEST = 64_000_000


class Gone(Exception):
    """The other side is silent or no longer there."""


def send(fd: int, message: Json) -> None:
    """Write one message. Raises Gone, and ValueError for what is no JSON."""
    body = json.dumps(message, allow_nan=False).encode()
    if len(body) > LARGEST:
        raise ValueError("the variables are too large for an expression")
    rest = memoryview(_LENGTH.pack(len(body)) + body)
    try:
        while rest:
            rest = rest[os.write(fd, rest) :]
    except OSError as error:
        raise Gone from error


def receive(fd: int, seconds: float) -> Json:
    """Wait for one message. Raises Gone."""
    deadline = time.monotonic() + seconds
    (length,) = _LENGTH.unpack(_read(fd, _LENGTH.size, deadline))
    if length > LARGEST:
        raise Gone
    return json.loads(_read(fd, length, deadline))


def _read(fd: int, length: int, deadline: float) -> bytes:
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    found = bytearray()
    while len(found) < length:
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise Gone
        try:
            chunk = os.read(fd, min(length - len(found), 1 << 20))
        except OSError as error:
            raise Gone from error
        if not chunk:
            raise Gone
        found += chunk
    return bytes(found)
