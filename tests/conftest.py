"""What all tests share: figures that tests found worth telling stand in the closing summary."""

from __future__ import annotations

import pytest
from hypothesis import settings

# A busy machine is no failure: properties are never timed.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests recorded as `summary`; it travels with their reports, from other processes too."""
    told = [
        str(value)
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "summary"
    ]
    for line in dict.fromkeys(told):
        terminalreporter.write_line(line)
