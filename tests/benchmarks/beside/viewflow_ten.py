"""Ten tasks in django-viewflow: a completion locks and loads its task, saves what was answered, opens the next one.

`viewflow_ten.py COMPLETIONS DATABASE`, with DATABASE as Django's setting in JSON; prints the seconds of each as JSON.
"""

from __future__ import annotations

import json
import sys
from time import perf_counter

import django
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

settings.configure(
    DATABASES={"default": json.loads(sys.argv[2])},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "viewflow", "viewflow.workflow", "town"],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

ANSWER = {"name": "Obec Horní Dolní", "inhabitants": 2540, "agreed": True, "note": "Usnesení č. 12/2026"}


def main() -> None:
    from django.contrib.auth.models import User
    from town.flows import STEPS, Ten
    from viewflow.workflow.models import Process

    call_command("migrate", verbosity=0)
    User.objects.create(username="jana")
    taken: list[float] = []
    while len(taken) < int(sys.argv[1]):
        Ten.start.run()
        process = Process.objects.latest("id").pk
        taken += [complete(process) for _ in range(STEPS - 1)]
    print(json.dumps(taken))


def complete(process: int) -> float:
    from viewflow.workflow.models import Task

    key = Task.objects.values_list("pk", flat=True).get(process=process, finished__isnull=True)
    begun = perf_counter()
    with transaction.atomic():
        task = Task.objects.select_related("process").get(pk=key)
        with task.activation() as activation:
            task.process.data = {**(task.process.data or {}), **ANSWER}
            task.process.save()
            activation.start(None)
            activation.execute()
    return perf_counter() - begun


main()
