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


def _nearest(tree: Element, path: str | None) -> str | None:
    prefixes = {prefix: uri for prefix, uri in tree.nsmap.items() if prefix}
    try:
        found = tree.xpath(path or "*[0]", namespaces=prefixes)
    except etree.XPathEvalError:
        return None
    element = found[0] if isinstance(found, list) and found else None
    while isinstance(element, etree._Element):
        if element.get("id"):
            return element.get("id")
        element = element.getparent()
    return None
