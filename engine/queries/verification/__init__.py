"""Whether every case is where its history says: state, lists and history are three tellings of one thing."""

from engine.queries.verification.cases import verify
from engine.queries.verification.finding import Finding

__all__ = ["Finding", "verify"]
