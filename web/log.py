"""One line of JSON for each request and fault. No names, no values of forms, no secrets of addresses."""

from __future__ import annotations

import logging
import re
import sys
import time
import uuid

import structlog
from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REQUESTS = Counter("radnice_requests_total", "Answered requests", ["endpoint", "method", "status"])
SECONDS = Histogram("radnice_request_seconds", "Time to answer", ["endpoint"])

log = structlog.get_logger("radnice.web")


def configure(*, verbose: bool = False) -> None:
    """Send log lines to standard error as JSON."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if verbose else logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )


def begin() -> None:
    """Give the request an id; one from the proxy in front is kept."""
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def finish(response: Response) -> Response:
    """Count and log the answer. The endpoint, never the address: addresses hold secrets."""
    endpoint = request.endpoint or "none"
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    # Anybody may invent methods; each would be a line of the metrics for ever.
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(endpoint, method, response.status_code).inc()
    SECONDS.labels(endpoint).observe(seconds)
    milliseconds = round(seconds * 1000, 1)
    log.info("request", endpoint=endpoint, method=method, status=response.status_code, ms=milliseconds)
    return response


def install(app: Flask) -> None:
    app.before_request(begin)
    app.after_request(finish)
