"""A line to the town that can be cut: connections end in the middle of what is being sent, and none begins."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from urllib.parse import urlsplit

BLOCK = 65_536


class Line:
    """What lies between a phone and the town."""

    def __init__(self, url: str) -> None:
        self._town = (urlsplit(url).hostname or "", urlsplit(url).port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._carriers: list[Thread] = []
        #: A connection on which so many bytes went to the town breaks; None = none breaks.
        self.most: int | None = None
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def run(self) -> None:
        """Take connections until closed."""
        with suppress(OSError):
            while True:
                phone, _address = self._listener.accept()
                carrier = Thread(target=self._carry, args=(phone,), daemon=True)
                carrier.start()
                self._carriers.append(carrier)

    def close(self) -> None:
        """Take no more, and end what is open."""
        for one in (self._listener, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for carrier in self._carriers:
            carrier.join(timeout=5)

    def _carry(self, phone: socket.socket) -> None:
        with phone, socket.create_connection(self._town) as town:
            self._open += [phone, town]
            back = Thread(target=self._pass, args=(town, phone), daemon=True)
            back.start()
            self._pass(phone, town, is_sending=True)
            back.join()

    def _pass(self, source: socket.socket, target: socket.socket, *, is_sending: bool = False) -> None:
        gone = 0
        with suppress(OSError):
            while block := source.recv(BLOCK):
                gone += len(block)
                if is_sending and self.most is not None and gone > self.most:
                    break
                target.sendall(block)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@contextmanager
def shaky(url: str) -> Iterator[Line]:
    """Put a line in front of the town."""
    line = Line(url)
    Thread(target=line.run, daemon=True).start()
    try:
        yield line
    finally:
        line.close()
