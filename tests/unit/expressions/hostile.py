"""Random texts of everything that may be light, given the most that a light text may be given.

`python -m tests.unit.expressions.hostile SEED TEXTS` runs those judged harmless in this process, which may use little
memory and time, and prints how many they were.
"""

from __future__ import annotations

import json
import resource
import sys
from random import Random

from engine.errors import ScriptError
from engine.expressions import _harmless, read
from engine.expressions.growth import _KEEPING, _SAFE_METHODS, _SMALL
from engine.expressions.running import run
from engine.model import Json

#: Above what the interpreter has when it begins.
MEGABYTES = 400
CPU_SECONDS = 120
NAMES = ("text", "rows", "number", "digits", "nested", "x", "y")
OPERATORS = ("+", "+", "+", "+", "-", "%", "%", "/", "//", "and", "or", "==", "<", "in")


def given(random: Random) -> dict[str, Json]:
    """Variables of any size around the limits."""
    size = random.choice((1, 10, 100, 1_000))
    return {
        "text": random.choice(("a", '"', "\\", "%s", "č", "\x01")) * size * 60,
        "rows": [{"a": str(n), "b": n} for n in range(size // 3)],
        "number": random.choice((0, 7, -1, 2.5, 10**300, 1e300)),
        "digits": "9" * size * 30,
        "nested": json.loads("[" * 20 + "]" * 20),
    }


def expression(random: Random, depth: int) -> str:
    """Something that reads as an expression, mostly."""
    if depth == 0 or random.random() < 0.15:
        return random.choice((*NAMES, '"%s%s"', "2", "99999999999999999999", '"a"', "None", "1.5"))

    def inner() -> str:
        return expression(random, depth - 1)

    match random.randrange(8):
        case 0 | 1 | 2:
            return f"({inner()} {random.choice(OPERATORS)} {inner()})"
        case 3:
            name = random.choice((*sorted(_SMALL | _KEEPING), *["str"] * 8, "range"))
            return f"{name}({', '.join(inner() for _ in range(random.choice((1, 1, 2, 3))))})"
        case 4:
            return f"({inner()}).{random.choice((*sorted(_SAFE_METHODS), 'join'))}({inner()})"
        case 5:
            return f"[{', '.join(inner() for _ in range(random.choice((1, 2, 4))))}]"
        case 6:
            return f"({inner()} if {inner()} else {inner()})"
    return f"({inner()})[{random.choice(('0', '1:', ':-1', 'number'))}]"


def text(random: Random) -> str:
    """A few assignments, each of which may use the one before."""
    lines = [f"{random.choice('xy')} {random.choice(('=', '+='))} {expression(random, 3)}" for _ in range(4)]
    product = random.choice(("", "y = int(y) * int(digits)", "y = number * number", "number *= number"))
    return "\n".join(["x = text", "y = digits", *random.sample(lines, 2), product, expression(random, 4)])


def main(seed: int, texts: int) -> int:
    """Run them; the process dies of one that wasn't harmless."""
    random, light = Random(seed), 0
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    resource.setrlimit(resource.RLIMIT_AS, (used * 4 + (MEGABYTES << 20),) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    for _ in range(texts):
        candidate, variables = text(random), given(random)
        reading = read(candidate)
        if not _harmless(reading, {name: variables[name] for name in reading.names if name in variables}):
            continue
        light += 1
        try:
            run(candidate, variables)
        except ScriptError:
            continue
    return light


if __name__ == "__main__":
    sys.stdout.write(str(main(int(sys.argv[1]), int(sys.argv[2]))))
