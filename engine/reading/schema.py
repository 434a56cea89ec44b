"""The XML schema of BPMN, as SpiffWorkflow ships it."""

from __future__ import annotations

import copy
import re
import threading
from collections.abc import Iterator

from lxml import etree
from SpiffWorkflow.spiff.parser import VALIDATOR

from engine.reading.xml import Element

MOST = 20
_NAMESPACE = re.compile(r"\{[^}]*\}")
#: lxml's schema objects keep their log of errors in themselves.
_LOCK = threading.Lock()


def schema_problems(root: Element) -> Iterator[tuple[int, str | None, str]]:
    """Give (line, nearest element id, reason) for what the schema refuses, the first twenty."""
    tree = copy.deepcopy(root)
    with _LOCK:
        VALIDATOR.preprocess(tree)
        VALIDATOR.validator.validate(tree)
        errors = list(VALIDATOR.validator.error_log)[:MOST]
    for error in errors:
        yield error.line, _nearest(tree, error.path), _NAMESPACE.sub("", error.message)


def refused_parts(root: Element) -> list[tuple[Element | None, str]]:
    """Give what the schema refuses as elements of the very tree, with the reason; the first twenty."""
    with _LOCK:
        VALIDATOR.preprocess(root)
        VALIDATOR.validator.validate(root)
        errors = list(VALIDATOR.validator.error_log)[:MOST]
    prefixes = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    return [(_at(root, error.path, prefixes), _NAMESPACE.sub("", error.message)) for error in errors]


def _at(tree: Element, path: str | None, prefixes: dict[str, str]) -> Element | None:
    try:
        found = tree.xpath(path or "*[0]", namespaces=prefixes)
    except etree.XPathEvalError:
        return None
    element = found[0] if isinstance(found, list) and found else None
    return element if isinstance(element, etree._Element) else None


def _nearest(tree: Element, path: str | None) -> str | None:
    prefixes = {prefix: uri for prefix, uri in tree.nsmap.items() if prefix}
    element = _at(tree, path, prefixes)
    while isinstance(element, etree._Element):
        if element.get("id"):
            return element.get("id")
        element = element.getparent()
    return None
