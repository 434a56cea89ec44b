"""A Jinja environment for templates that an office writes itself: data in, text out, nothing else.

Mappings are read by name and nothing has attributes, so no template walks from a value to Python. Loops, texts and the
whole output have limits, so none eats the worker.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import CodeType
from typing import Any, ClassVar

from jinja2 import ChainableUndefined, DictLoader, Undefined, nodes
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext, TemplateReference
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

#: Rounds of all loops and calls of all macros of one rendering.
MAX_STEPS = 50_000
#: Characters of any one text and of the whole output.
MAX_TEXT = 4_000_000
MAX_SOURCE = 400_000

#: Bits of the biggest number.
MAX_BITS = 128

#: Compiled templates that are kept, the newest; a tenant's letter has some five (itself, the layout, its parts).
MAX_KEPT = 2_000

_FILTERS = re.findall(
    r"\w+",
    "abs capitalize count d default dictsort e escape first groupby int items last length list lower map max min "
    "reject rejectattr reverse round select selectattr sort striptags title trim truncate unique upper wordcount",
)
_LOOP = frozenset(["index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem"])
_VIEWS = frozenset(["items", "keys", "values"])


class Missing(ChainableUndefined):
    """A value that isn't there: false in a condition, empty in a loop, an error where it would be written."""

    def __str__(self) -> str:
        self._fail_with_undefined_error()


class Kept(BytecodeCache):
    """Compiled templates of one dialect, by name and by the digest of their text: what changed is compiled anew.

    Compiling folds what filters make of constants, so languages and kinds of output don't share.
    """

    _codes: ClassVar[dict[tuple[str, str, str], CodeType]] = {}

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template's code, if it is kept."""
        bucket.code = self._codes.get(self._key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template's code; the eldest goes."""
        if bucket.code:
            self._codes[self._key(bucket)] = bucket.code
        while len(self._codes) > MAX_KEPT:
            self._codes.pop(next(iter(self._codes)), None)

    def _key(self, bucket: Bucket) -> tuple[str, str, str]:
        return self.dialect, bucket.key, bucket.checksum


class Sandbox(SandboxedEnvironment):
    """One rendering's environment; its limits are counted in it, so it serves only once.

    `dialect` names what filters and output make of a template: sandboxes of one dialect share what they compiled.
    """

    intercepted_binops = frozenset(["*", "+", "**", "%"])

    def __init__(
        self,
        sources: Mapping[str, str],
        filters: Mapping[str, Callable[..., Any]],
        *,
        autoescape: bool = True,
        dialect: str = "",
    ) -> None:
        super().__init__(
            loader=DictLoader(sources),
            autoescape=autoescape,
            undefined=Missing,
            finalize=self._output,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=Kept(dialect) if dialect else None,
        )
        self.filters = {name: self.filters[name] for name in _FILTERS} | dict(filters)
        self.filters.update(join=_join(self), replace=_replace(self), string=self.text_of, sum=_sum)
        self.globals = {"range": self._range}
        #: Takes the meaning of what a template writes away in the language it is written in; HTML does it by itself.
        self.escape_output: Callable[[str], str] | None = None
        self.steps = 0
        self.written = 0

    def step(self) -> str:
        """Count one round of a loop or one call of a macro."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise SecurityError("The template goes round too many times.")
        return ""

    def bounded(self, value: Any) -> Any:
        """Refuse a text, list or number that has grown too big."""
        if isinstance(value, (str, list, tuple)) and len(value) > MAX_TEXT:
            raise SecurityError("The template makes too long a text.")
        if isinstance(value, int) and value.bit_length() > MAX_BITS:
            raise SecurityError("The template makes too big a number.")
        return value

    def text_of(self, value: Any) -> str:
        """Give a single value as text; lists and mappings have no text of their own."""
        if isinstance(value, Undefined):
            return str(value)
        if value is None or isinstance(value, (str, int, float, Decimal, date)):
            return "" if value is None else value if isinstance(value, str) else str(value)
        raise SecurityError("Only a single value can be written, not a list or a group of values.")

    def joined(self, *values: Any, separator: str = "") -> str:
        """Stand in for `~`, within the limit; marked-up parts keep their markup, others are escaped beside them."""
        texts = [self.text_of(value) for value in values]
        if sum(map(len, texts)) + len(separator) * len(texts) > MAX_TEXT:
            raise SecurityError("The template makes too long a text.")
        marked = any(isinstance(text, Markup) for text in texts)
        return Markup(separator).join(texts) if marked else separator.join(texts)  # noqa: S704 - Markup's join escapes

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Give a mapping's value; nothing else has attributes, save the loop's counters."""
        if isinstance(obj, Mapping):
            if attribute in obj:
                return obj[attribute]
            return getattr(obj, attribute) if attribute in _VIEWS else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, LoopContext) and attribute in _LOOP:
            return getattr(obj, attribute)
        if isinstance(obj, TemplateReference) and not attribute.startswith("_"):
            return obj[attribute]
        if isinstance(obj, Undefined):
            return obj
        return self.undefined(obj=obj, name=attribute, exc=SecurityError)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Give an item of a mapping, list or text."""
        if isinstance(obj, Mapping):
            return obj[argument] if argument in obj else self.undefined(obj=obj, name=argument)
        if isinstance(argument, (int, slice)) and isinstance(obj, (list, tuple, str)):
            try:
                return obj[argument]
            except IndexError:
                return self.undefined(obj=obj, name=str(argument))
        return self.getattr(obj, str(argument))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Let numbers be counted with, and refuse what would make a giant of a small text."""
        if operator in {"**", "%"} or (operator == "*" and not _are_numbers(left, right)):
            raise SecurityError(f"A template may not use {operator} here.")
        return self.bounded(super().call_binop(context, operator, left, right))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if len(source) > MAX_SOURCE:
            raise SecurityError("The template is too long.")
        tree = super()._parse(source, name, filename)
        repeated: Any = list(tree.find_all((nodes.For, nodes.Macro, nodes.CallBlock)))
        for node in repeated:
            step = nodes.Call(nodes.EnvironmentAttribute("step"), [], [], None, None)
            node.body.insert(0, nodes.ExprStmt(step).set_lineno(node.lineno))
        _without_concat(tree)
        return tree

    def is_safe_callable(self, obj: Any) -> bool:
        """Functions we hand in, macros and the views of mappings."""
        return callable(obj) and not isinstance(obj, type)

    def _range(self, *bounds: int) -> range:
        rounds = range(*bounds)
        if len(rounds) > MAX_STEPS:
            raise SecurityError("The template goes round too many times.")
        return rounds

    def _output(self, value: Any) -> Any:
        text = self.text_of(value)
        self.written += len(text)
        if self.written > MAX_TEXT:
            raise SecurityError("The template makes too long a text.")
        return self.escape_output(text) if self.escape_output else text


def _without_concat(node: nodes.Node) -> None:
    """Replace `~` by a call that knows the limit."""
    for name, value in node.iter_fields():
        if isinstance(value, list):
            setattr(node, name, [_replaced(item) for item in value])
        elif isinstance(value, nodes.Node):
            setattr(node, name, _replaced(value))


def _replaced(item: Any) -> Any:
    if not isinstance(item, nodes.Node):
        return item
    _without_concat(item)
    if isinstance(item, nodes.Concat):
        call = nodes.Call(nodes.EnvironmentAttribute("joined"), item.nodes, [], None, None)
        call.environment = item.environment
        return call.set_lineno(item.lineno)
    return item


def _join(env: Sandbox) -> Callable[..., Any]:
    def join(value: Any, separator: str = "", attribute: str | None = None) -> str:
        return env.joined(*(item[attribute] if attribute else item for item in value), separator=separator)

    return join


def _sum(value: Any, attribute: str | None = None) -> Any:
    items = [item[attribute] if attribute else item for item in value]
    if not _are_numbers(*items):
        raise SecurityError("Only numbers can be added up.")
    return sum(items)


def _replace(env: Sandbox) -> Callable[..., Any]:
    def replace(value: Any, old: str, new: str) -> str:
        text = str(env.text_of(value))
        if text.count(old) * len(new) > MAX_TEXT:
            raise SecurityError("The template makes too long a text.")
        return str(env.bounded(text.replace(old, new)))

    return replace


def _are_numbers(*values: Any) -> bool:
    return all(isinstance(value, (int, float)) for value in values)
