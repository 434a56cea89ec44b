"""The guarded process: runs texts that may grow or spin. `python -m engine.expressions.guard`.

It may use little memory, write no file, and die: whoever asked gets a sentence and the next one a new process.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal

from engine.errors import ScriptError
from engine.expressions import frames
from engine.expressions.asking import Unanswered
from engine.expressions.running import LARGEST_ANSWER, parsed, run
from engine.model import Json
from engine.said import in_language, said_by

MEGABYTES = 512
#: Seconds of computing for one text with all that comes with it; Starlark's own limit comes first unless one native
#: operation is long.
HARD_SECONDS = 4.0
#: Seconds on the wall, on however busy a machine.
PATIENCE = 30.0
IDLE_SECONDS = 5.0


def main() -> None:
    """Answer until the one who asks is gone."""
    parent = os.getppid()
    _limit()
    frames.send(1, "ready")
    while os.getppid() == parent:
        try:
            request = frames.receive(0, IDLE_SECONDS) if _asked() else None
        except frames.Gone:
            return
        if request is not None:
            frames.send(1, _answered(request))


def _limit() -> None:
    memory = MEGABYTES << 20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The default action of this alarm ends the process, also in the middle of one endless native operation.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)


def _asked() -> bool:
    return bool(select.select([0], [], [], IDLE_SECONDS)[0])


def _answered(request: Json) -> Json:
    signal.setitimer(signal.ITIMER_PROF, HARD_SECONDS)
    try:
        return _answer(request)
    except Unanswered as asking:
        return {"asks": asking.question}
    except ScriptError as error:
        sentence = said_by(error)
        return {"error": str(sentence), "czech": in_language(sentence, "cs")}
    except (ValueError, RecursionError) as error:
        return {"error": str(error) or "the result is nested too deeply"}
    except MemoryError:
        return {"error": "the text used more memory than it may"}
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _answer(request: Json) -> Json:
    if request["do"] == "parse":
        parsed(request["text"])
        return {}
    value, changed = run(request["text"], request["given"], request.get("known"))
    answer = {"value": value, "changed": changed}
    if len(json.dumps(answer, allow_nan=False)) > LARGEST_ANSWER:
        raise ScriptError("the result is larger than it may be")
    return answer


if __name__ == "__main__":
    main()
