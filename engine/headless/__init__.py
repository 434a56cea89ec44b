"""Running a file headless on a virtual clock. Nothing leaves the machine."""

from engine.headless.batch import MOST_STEPS, main, run, run_line
from engine.headless.play import RunResult

__all__ = ["MOST_STEPS", "RunResult", "main", "run", "run_line"]
