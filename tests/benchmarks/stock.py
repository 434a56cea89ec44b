"""Stock SpiffWorkflow with its own serializer: its JSON is restored, moved by one task and saved again."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer import DEFAULT_CONFIG
from SpiffWorkflow.task import TaskState
from sqlalchemy import Engine as Database
from sqlalchemy import text

from tests.benchmarks.models import ANSWER


class Stock:
    """One case of stock SpiffWorkflow in a table of its own."""

    def __init__(self, database: Database, diagram: bytes, process: str) -> None:
        parser = SpiffBpmnParser()
        parser.add_bpmn_str(diagram)
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(DEFAULT_CONFIG))
        self._raw = database.raw_connection()
        self._is_sqlite = database.dialect.name == "sqlite"
        self._mark = "?" if self._is_sqlite else "%s"
        with database.begin() as connection:
            connection.execute(text("CREATE TABLE IF NOT EXISTS stock (id INTEGER PRIMARY KEY, state TEXT)"))
            connection.execute(text("DELETE FROM stock"))
            connection.execute(text("INSERT INTO stock VALUES (1, '')"))
        workflow = BpmnWorkflow(parser.get_spec(process), parser.get_subprocess_specs(process))
        workflow.do_engine_steps()
        self._save(workflow)

    def close(self) -> None:
        self._raw.close()

    def complete(self) -> float | None:
        """Complete the open task; gives the seconds, or None when there is none any more."""
        cursor = self._raw.cursor()
        begun = perf_counter()
        self._begin(cursor)
        cursor.execute("SELECT state FROM stock WHERE id = 1")
        workflow = self._serializer.deserialize_json(cursor.fetchone()[0])
        tasks = workflow.get_tasks(state=TaskState.READY, manual=True)
        if not tasks:
            self._raw.rollback()
            return None
        tasks[0].set_data(**ANSWER)
        tasks[0].run()
        workflow.do_engine_steps()
        self._write(cursor, workflow)
        self._raw.commit()
        return perf_counter() - begun

    def _save(self, workflow: BpmnWorkflow) -> None:
        cursor = self._raw.cursor()
        self._begin(cursor)
        self._write(cursor, workflow)
        self._raw.commit()

    def _write(self, cursor: Any, workflow: BpmnWorkflow) -> None:
        state = self._serializer.serialize_json(workflow)
        cursor.execute(f"UPDATE stock SET state = {self._mark} WHERE id = 1", (state,))

    def _begin(self, cursor: Any) -> None:
        if self._is_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
