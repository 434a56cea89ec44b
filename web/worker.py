"""The legs of the outbox: Celery carries hints, the rows in the database are the promises.

One code path for every set-up: a broker by settings (Redis, RabbitMQ), or none, when queue, worker and beat live in
threads of this very process. A lost hint costs a beat's delay and nothing else.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from celery import Celery
from celery.beat import Scheduler, Service
from celery.concurrency.thread import TaskPool
from celery.exceptions import WorkerShutdown
from celery.worker import WorkController
from kombu.exceptions import OperationalError

from engine.model import Hint
from web.bootstrap import Parts
from web.delivery import Delivery
from web.outside import Outside

#: How often the beat looks for work whose hint was lost, and for timers that have come.
SWEEP_SECONDS = 3.0
#: The longest the beat sleeps, and so the longest it takes to stop.
NAP_SECONDS = 0.5
#: What one sweep hands out of each kind.
SWEEP_LIMIT = 1_000
#: A moment nearer than this is given to the broker with its time; the beat finds later ones.
SOON = timedelta(seconds=30)

#: How long a stop waits for what runs.
STOP_SECONDS = 30
#: How long to wait before a worker that ended by itself begins anew.
BREATH_SECONDS = 1.0
#: How often what nobody wants any more is thrown away.
TIDY_SECONDS = 6 * 3600.0
#: How often the audit is sealed: the longest time in which a change to it could go unnoticed.
SEAL_SECONDS = 15.0
#: How often the words of cases are brought up to date: the longest time until what was sent is found.
WORD_SECONDS = 10.0
#: How often people of the staff are written to: the longest time until what somebody is told comes by mail.
MAIL_SECONDS = 20.0
#: How often the beat looks whether a directory is to be read this night, or again after a failure.
DIRECTORIES_SECONDS = 1800.0

#: How often data boxes and banks are asked for what is new.
FEEDS_SECONDS = 900.0

DELIVER, FIRE, PASS_ON, WATCH = "radnice.deliver", "radnice.fire", "radnice.pass_on", "radnice.watch"
BEGIN = "radnice.begin"
SWEEP, TIDY, WAKE = "radnice.sweep", "radnice.tidy", "radnice.wake"
LETTERS = "radnice.letters"
SEAL, WORD = "radnice.seal", "radnice.word"
DIRECTORIES, MAIL, IMPORTS = "radnice.directories", "radnice.mail", "radnice.imports"
BATCHES = "radnice.batches"
DATA_BOXES, BANKS = "radnice.data-boxes", "radnice.banks"
_TASK_OF = {"job": DELIVER, "timer": FIRE}

log = structlog.get_logger(__name__)


def make_celery(broker_url: str = "") -> Celery:
    """Give a Celery application that only carries hints; without a broker its queue is in memory."""
    app = Celery("radnice", broker=broker_url or "memory://localhost", set_as_current=False)
    options: dict[str, Any] = {"socket_connect_timeout": 2, "socket_timeout": 5}
    app.conf.update(
        # Several applications of one process share the memory transport; each has its own queue.
        task_default_queue="radnice" if broker_url else f"radnice-{uuid.uuid4().hex}",
        # With the usual interval the memory transport moves eight tasks a second.
        broker_transport_options=options if broker_url else {"polling_interval": 0.01},
        broker_connection_timeout=2,
        broker_connection_retry_on_startup=True,
        # A broker may be away for a night; the usual hundred tries end before the morning.
        broker_connection_max_retries=None,
        broker_channel_error_retry=True,
        task_ignore_result=True,
        task_acks_late=False,
        worker_prefetch_multiplier=4,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_send_task_events=False,
        beat_enable_remote_control=False,
        beat_schedule={
            SWEEP: {"task": SWEEP, "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
            LETTERS: {"task": LETTERS, "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
            IMPORTS: {"task": IMPORTS, "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
            BATCHES: {"task": BATCHES, "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
            SEAL: {"task": SEAL, "schedule": SEAL_SECONDS, "options": {"expires": SEAL_SECONDS}},
            WORD: {"task": WORD, "schedule": WORD_SECONDS, "options": {"expires": WORD_SECONDS}},
            MAIL: {"task": MAIL, "schedule": MAIL_SECONDS, "options": {"expires": MAIL_SECONDS}},
            DIRECTORIES: {
                "task": DIRECTORIES,
                "schedule": DIRECTORIES_SECONDS,
                "options": {"expires": DIRECTORIES_SECONDS},
            },
            DATA_BOXES: {"task": DATA_BOXES, "schedule": FEEDS_SECONDS, "options": {"expires": FEEDS_SECONDS}},
            BANKS: {"task": BANKS, "schedule": FEEDS_SECONDS, "options": {"expires": FEEDS_SECONDS}},
            TIDY: {"task": TIDY, "schedule": TIDY_SECONDS, "options": {"expires": TIDY_SECONDS}},
        },
        timezone="UTC",
    )
    return app


def wake() -> None:
    """Do nothing; a message that comes lets the worker see that it should stop."""


def register_tasks(app: Celery, delivery: Delivery) -> None:
    """Tell the application what its tasks do."""
    app.task(name=DELIVER, shared=False)(delivery.deliver)
    app.task(name=FIRE, shared=False)(delivery.fire)
    app.task(name=PASS_ON, shared=False)(delivery.pass_on)
    app.task(name=WATCH, shared=False)(delivery.fire_watch)
    app.task(name=BEGIN, shared=False)(delivery.begin)
    app.task(name=WAKE, shared=False)(wake)

    def sweep() -> None:
        due = delivery.due(SWEEP_LIMIT)
        kinds = ((DELIVER, due.job_ids), (FIRE, due.timer_ids), (PASS_ON, due.message_ids), (WATCH, due.watch_ids))
        for task, ids in (*kinds, (BEGIN, due.start_ids)):
            for row_id in ids:
                app.send_task(task, [row_id], expires=SWEEP_SECONDS * 20)

    app.task(name=SWEEP, shared=False)(sweep)
    beaten = {
        TIDY: delivery.tidy,
        SEAL: delivery.seal,
        WORD: delivery.word,
        MAIL: delivery.write_to_staff,
        LETTERS: delivery.write_letters,
        IMPORTS: delivery.carry_imports,
        BATCHES: delivery.carry_batches,
        DIRECTORIES: delivery.read_directories,
        DATA_BOXES: delivery.ask_data_boxes,
        BANKS: delivery.fetch_statements,
    }
    for name, act in beaten.items():
        app.task(name=name, shared=False)(_plainly(act))


def _plainly(act: Callable[[], None]) -> Callable[[], None]:
    # What the beat sends is a function: Celery would ask a method's `self` of it and send nothing.
    def plain() -> None:
        act()

    return plain


def send_hint(app: Celery, parts: Parts) -> Callable[[Sequence[Hint]], None]:
    """Give the listener that sends hints to the broker. It never fails: the rows are there without it."""

    def send(hints: Sequence[Hint]) -> None:
        now = parts.clock.now()
        for hint in hints:
            wait = (hint.at - now) if hint.at else timedelta(0)
            if wait > SOON:
                continue
            try:
                app.send_task(_TASK_OF[hint.kind], [hint.id], countdown=max(wait.total_seconds(), 0), retry=False)
            except Exception as error:
                log.warning("a hint was lost, the beat will find the row", kind=hint.kind, error=type(error).__name__)
                return

    return send


def connect_hints(parts: Parts) -> None:
    """Let a process without a worker send its hints to the broker; without a broker the beat has to do."""
    if parts.settings.broker_url:
        parts.hints.listener = send_hint(make_celery(parts.settings.broker_url), parts)


class OwnThreads(TaskPool):  # type: ignore[misc]  # celery has no types
    """Threads that know whose they are: several applications of one process would look tasks up in the last one."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.executor = ThreadPoolExecutor(max_workers=self.limit, initializer=self.app.set_current)


class EmbeddedWorker:
    """A worker in a thread of this process. One that loses its broker in a way it can't mend is replaced."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._leaving = threading.Event()
        self._worker = self._made()

    def run(self) -> None:
        """Work until told to leave."""
        while not self._leaving.is_set():
            self._worker.start()
            if not self._leaving.wait(_after_an_end(self._worker)):
                self._worker = self._made()

    def leave(self) -> None:
        """Let the worker go once what runs is finished."""
        self._leaving.set()
        # A connection to a broker stands only one thread: the worker has to leave it by itself.
        self._worker.consumer.call_soon(_leave)

    def _made(self) -> WorkController:
        return WorkController(
            app=self._app,
            pool_cls=OwnThreads,
            concurrency=2,
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
            # The loop that takes what other threads ask of it.
            use_eventloop=False,
        )


def start_embedded(parts: Parts, outside: Outside | None = None) -> Callable[[], None]:
    """Start worker and beat in threads of this process; gives the function that stops them.

    What runs at that moment is finished first.
    """
    app = _application(parts, outside)
    worker = EmbeddedWorker(app)
    beat = Service(app, max_interval=NAP_SECONDS, scheduler_cls=Scheduler)
    threads = [
        threading.Thread(target=worker.run, name="radnice-worker", daemon=True),
        threading.Thread(target=beat.start, name="radnice-beat", daemon=True),
    ]
    for thread in threads:
        thread.start()
    parts.hints.listener = send_hint(app, parts)
    # What was left when this process ended last time doesn't wait for the first beat.
    for task in (SWEEP, TIDY):
        _nudge(app, task)

    def stop() -> None:
        parts.hints.listener = None
        beat.stop(wait=True)
        worker.leave()
        _nudge(app, WAKE)
        for thread in threads:
            thread.join(timeout=STOP_SECONDS)

    return stop


def _nudge(app: Celery, task: str) -> None:
    # A broker that is away has to do without: the beat comes anyway.
    with suppress(OperationalError):
        app.send_task(task, retry=False)


def _leave() -> None:
    raise WorkerShutdown(0)


def run_worker(parts: Parts, concurrency: int = 4) -> None:
    """Work until told to stop; a second signal doesn't wait for what runs."""
    app = _application(parts, None)
    parts.hints.listener = send_hint(app, parts)
    while True:
        worker = app.Worker(pool="threads", concurrency=concurrency, quiet=True, loglevel="WARNING")
        worker.start()
        if not worker.exitcode:
            return
        time.sleep(_after_an_end(worker))


def _after_an_end(worker: WorkController) -> float:
    """Say how long to breathe before a worker is replaced that ended by itself, as after two losses of Redis."""
    if not worker.exitcode:
        return 0.0
    log.error("the worker ended by itself and begins anew", status=worker.exitcode)
    return BREATH_SECONDS


def run_beat(parts: Parts) -> None:
    """Send the beat until told to stop."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    Service(_application(parts, None), max_interval=NAP_SECONDS, scheduler_cls=Scheduler).start()


def _application(parts: Parts, outside: Outside | None) -> Celery:
    app = make_celery(parts.settings.broker_url)
    register_tasks(app, Delivery(parts, outside or parts.outside))
    app.loader.import_default_modules()
    app.finalize()
    # The threads of a worker of its own look their tasks up in the default application.
    app.set_default()
    return app
