"""What all tests share: figures that tests found worth telling stand in the closing summary."""

from __future__ import annotations

import pytest


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
