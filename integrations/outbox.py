"""One promised outside action from its parameters to its outcome. Nothing escapes: every end is a JobOutcome."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from engine.errors import EngineError
from engine.model import ClaimedJob, JobOutcome
from integrations.connectors import Runner
from integrations.failures import BusinessError, Permanent, Temporary
from integrations.ports import JobContext
from integrations.registry import CONNECTORS

log = structlog.get_logger(__name__)


def deliver(job: ClaimedJob, context: JobContext, runners: Mapping[str, Runner]) -> JobOutcome:
    """Do what a job asks for and say how it ended. No session is open meanwhile."""
    connector, run = CONNECTORS.get(job.connector), runners.get(job.connector)
    if connector is None or run is None:
        return refused(f"There is no connector {job.connector}.")
    parameters = {name: value for name, value in job.parameters.items() if value is not None}
    if problem := connector.problem(parameters):
        return refused(problem)
    try:
        done = run(parameters, context)
    except BusinessError as error:
        return JobOutcome(kind="error", code=error.code, message=str(error))
    except Temporary as error:
        return JobOutcome(kind="failed", message=str(error), cause=error.cause)
    except Permanent as error:
        return JobOutcome(kind="failed", message=str(error), cause=error.cause, retry=False)
    except EngineError as error:
        return refused(str(error))
    except Exception as error:
        return unexpected(job, error)
    return JobOutcome(kind="done", result=done.result, documents=done.documents)


def refused(message: str) -> JobOutcome:
    """Give the outcome of an action that another try would not help."""
    return JobOutcome(kind="failed", message=message, retry=False)


def unexpected(job: ClaimedJob, error: Exception) -> JobOutcome:
    """Give the outcome of a fault of ours: the log gets all of it, the incident only what kind it was."""
    log.error("outside action failed unexpectedly", job=job.id, connector=job.connector, exc_info=error)
    return JobOutcome(kind="failed", message=f"The action failed unexpectedly ({type(error).__name__}).")
