"""What a Starlark text says before it runs: the names it uses, and whether it can grow.

Starlark is written like Python, so Python's own parser reads it; nothing is ever compiled or run by it. A text that it
can't read is left to the guarded process.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from dataclasses import dataclass
from functools import lru_cache

from engine.errors import ScriptError
from engine.expressions.growth import Growth, growth_of

#: Longer texts are refused unread.
LONGEST_TEXT = 50_000
_TOO_DEEP = "the text is nested too deeply"

_WORD = re.compile(r"[^\W\d]\w*")
_LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'')
_MARGIN = re.compile(r"^[ \t]+", re.MULTILINE)
#: What Python and Starlark read differently, or Python only with a warning: other escapes, control characters, and
#: prefixed literals with a backslash. A text with such a thing is never judged by Python's reading of it.
_READ_DIFFERENTLY = re.compile(r"""\\(?![\n'"\\abfnrtvxuU])|[\x00-\x09\x0b-\x1f\x7f]""")
_PREFIXED = re.compile(r"""\b[A-Za-z]{1,3}(?=['"])""")
KEYWORDS = frozenset(
    [
        "True",
        "False",
        "None",
        "and",
        "or",
        "not",
        "in",
        "if",
        "else",
        "elif",
        "for",
        "def",
        "return",
        "lambda",
        "pass",
        "break",
        "continue",
        "load",
        "while",
    ]
)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The names in a text."""

    #: The text without the indentation it has from the file around it.
    text: str
    #: Everything it mentions, in order: variables read or assigned, and its own local names.
    names: tuple[str, ...]
    #: Names it reads that are not its own parameters, loop variables or functions.
    reads: frozenset[str]
    #: Names it assigns at top level.
    assigns: frozenset[str]
    #: Those of them that it assigns whatever happens.
    surely: frozenset[str] = frozenset()
    #: Functions it calls by name.
    calls: frozenset[str]
    #: Names that stand only before a call's parenthesis.
    only_called: frozenset[str]
    #: It can't spin, and this is how it grows; None: it may do either.
    growth: Growth | None = None

    @property
    def light(self) -> bool:
        """It can neither spin nor grow, provided that what it is given fits `growth`."""
        return self.growth is not None


@lru_cache(maxsize=4096)
def read(text: str) -> Reading:
    """Read a text without running it. Raises ScriptError for one that is nested too deeply to be parsed safely."""
    try:
        tidy, tree = _parsed(text)
        return _reading(tidy, tree)
    except (RecursionError, MemoryError) as error:
        raise ScriptError(_TOO_DEEP) from error
    except (SyntaxError, ValueError) as error:
        if "too many nested" in str(error):
            raise ScriptError(_TOO_DEEP) from error
        words = [w for w in _WORD.findall(_LITERAL.sub('""', text[:LONGEST_TEXT])) if w not in KEYWORDS]
        found = frozenset(words)
        return Reading(
            text=textwrap.dedent(_unixed(text)).strip(),
            names=tuple(dict.fromkeys(words)),
            reads=found,
            assigns=found,
            calls=found,
            only_called=frozenset(),
        )


def tree_of(text: str) -> ast.Module | None:
    """Give a text's tree; None where only Starlark itself can read it."""
    try:
        return _parsed(text)[1]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _parsed(text: str) -> tuple[str, ast.Module]:
    """Parse a text as it stands; when that fails, as one whose first line alone has lost its indentation."""
    text = _unixed(text)
    if _READ_DIFFERENTLY.search(text) or ("\\" in text and _PREFIXED.search(text)):
        raise ValueError("only Starlark itself can say what this means")
    tidy = textwrap.dedent(text).strip()
    try:
        return tidy, ast.parse(tidy)
    except SyntaxError:
        cleaned = inspect.cleandoc(text)
        return cleaned, ast.parse(cleaned)


def _unixed(text: str) -> str:
    """Give a text with plain line ends and spaces in its margin, as Starlark wants them."""
    return _MARGIN.sub(lambda margin: margin[0].expandtabs(4), text.replace("\r\n", "\n"))


def _reading(text: str, tree: ast.Module) -> Reading:
    nodes = list(ast.walk(tree))
    names = [n for n in nodes if isinstance(n, ast.Name)]
    called = [n.func for n in nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
    own = _own_names(nodes)
    optional = _optional(nodes)
    plain = {n.id for n in names if not any(n is c for c in called)} if called else {n.id for n in names}
    return Reading(
        text=text,
        names=tuple(dict.fromkeys([n.id for n in names] + optional)),
        reads=frozenset(n.id for n in names if isinstance(n.ctx, ast.Load)) - own,
        assigns=_assigned(tree),
        surely=_surely_assigned(tree),
        calls=frozenset(c.id for c in called),
        only_called=frozenset(c.id for c in called) - plain - own,
        growth=growth_of(text, tree),
    )


def _own_names(nodes: list[ast.AST]) -> frozenset[str]:
    """Names that a text binds for itself: parameters, loop variables, functions."""
    own: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.arg):
            own.add(node.arg)
        elif isinstance(node, ast.FunctionDef):
            own.add(node.name)
            own |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        elif isinstance(node, (ast.comprehension, ast.For)):
            own |= {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}
    return frozenset(own)


def _optional(nodes: list[ast.AST]) -> list[str]:
    """Names asked for by `value_of("name", default)`."""
    calls = [n for n in nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "value_of"]
    first = [c.args[0] for c in calls if c.args]
    return [a.value for a in first if isinstance(a, ast.Constant) and isinstance(a.value, str)]


def _surely_assigned(tree: ast.Module) -> frozenset[str]:
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    return frozenset(target.id for target in targets if isinstance(target, ast.Name))


def _assigned(tree: ast.Module) -> frozenset[str]:
    found: set[str] = set()
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Assign):
            found |= {n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)}
        elif isinstance(node, ast.AugAssign):
            found |= {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}
        elif isinstance(node, (ast.If, ast.For)):
            waiting += [*node.body, *node.orelse]
    return frozenset(found)
