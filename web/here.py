"""What the current request stands on. Views take it from here and hand it on as arguments."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from flask import current_app, g
from sqlalchemy.orm import Session

from engine.facade import Engine
from engine.store.session import see_as
from web.bootstrap import Parts
from web.db import request_session


def parts() -> Parts:
    """The parts this application was composed of."""
    return cast(Parts, current_app.extensions["radnice"])


def engine() -> Engine:
    """The facade that executes commands."""
    return parts().engine


def session() -> Session:
    """The read session of this request, closed with it. Commands never go through it."""
    opened = request_session()
    if g.get("tenant") is not None:
        see_as(opened, g.tenant.key)
    return opened


def now() -> datetime:
    """This moment by the installation's clock."""
    return parts().clock.now()
