"""The read session of a request: opened on first use, closed at its end, never committed."""

from __future__ import annotations

from flask import Flask, g
from sqlalchemy.orm import Session, sessionmaker


def request_session(sessions: sessionmaker[Session]) -> Session:
    """The request's own session."""
    if "read_session" not in g:
        g.read_session = sessions()
    session: Session = g.read_session
    return session


def close_session(_error: BaseException | None = None) -> None:
    """End the request's read; what it saw is forgotten."""
    session: Session | None = g.pop("read_session", None)
    if session is not None:
        session.close()


def forget() -> None:
    """Close the read session before a command or a call outside, so that nothing is held meanwhile."""
    close_session()


def install(app: Flask) -> None:
    app.teardown_appcontext(close_session)
