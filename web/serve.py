"""The web server of the product: waitress, with the embedded worker beside it."""

from __future__ import annotations

import signal
from typing import Any

from flask import Flask
from waitress.server import create_server

from web import log
from web.app import create_app
from web.bootstrap import Parts
from web.warming import start_warming
from web.worker import start_embedded

THREADS = 8


def make_server(app: Flask, parts: Parts, port: int, host: str = "127.0.0.1") -> Any:
    """Listen. X-Forwarded-* from strangers are dropped; where a proxy stands in front, `web.app` reads them."""
    clear = not parts.settings.proxies
    return create_server(app, host=host, port=port, threads=THREADS, ident=None, clear_untrusted_proxy_headers=clear)


def serve(parts: Parts, port: int, *, worker: bool = True, host: str = "127.0.0.1") -> None:
    """Serve until interrupted or told to stop; what runs is finished first."""
    # Also where a shell without job control started us and lets us ignore Ctrl+C.
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, signal.default_int_handler)
    log.configure()
    app = create_app(parts)
    server = make_server(app, parts, port, host)
    stop_warming = start_warming(app, parts)
    stop = start_embedded(parts) if worker else None
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        stop_warming()
        server.close()
        if stop is not None:
            stop()
