"""Viruses: a file is shown to clamd over its own protocol (INSTREAM) before anybody keeps it."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from urllib.parse import urlsplit

from integrations.failures import Permanent, Temporary

SECONDS = 20
_CHUNK = 256 * 1024
#: More than this is no answer of clamd.
_LONGEST = 4096


class NoScanner:
    """An installation without clamd: every file passes."""

    def scan(self, content: bytes) -> str | None:
        """Find nothing."""
        return None


class Clamd:
    """clamd at `tcp://host:port` or `unix:///path`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme == "unix" and parts.path:
            self._family = socket.AF_UNIX
            self._address: str | tuple[str, int] = parts.path
        elif parts.scheme == "tcp" and parts.hostname:
            self._family, self._address = socket.AF_INET, (parts.hostname, parts.port or 3310)
        else:
            raise Permanent("clamd is at tcp://host:port or unix:///path.")

    def scan(self, content: bytes) -> str | None:
        """Give the name of what was found, None when the file is clean. Raises Temporary when clamd doesn't say."""
        try:
            with socket.socket(self._family, socket.SOCK_STREAM) as wire:
                wire.settimeout(SECONDS)
                wire.connect(self._address)
                return _verdict(_asked(wire, content))
        except OSError as error:
            raise Temporary(f"clamd does not answer ({type(error).__name__}).") from error


def _asked(wire: socket.socket, content: bytes) -> str:
    # clamd may refuse a long file before it has read all of it; its answer says so.
    with suppress(BrokenPipeError, ConnectionResetError):
        wire.sendall(b"zINSTREAM\0")
        for begin in range(0, len(content), _CHUNK):
            chunk = content[begin : begin + _CHUNK]
            wire.sendall(struct.pack("!L", len(chunk)) + chunk)
        wire.sendall(struct.pack("!L", 0))
    answer = b""
    while len(answer) < _LONGEST and b"\0" not in answer and (more := wire.recv(_LONGEST)):
        answer += more
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _verdict(answer: str) -> str | None:
    if answer == "stream: OK":
        return None
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise Temporary(f"clamd answered: {answer[:100] or 'nothing'}")
