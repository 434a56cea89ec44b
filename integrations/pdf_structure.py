"""The structure of a PDF brought to what PDF/UA-1 asks for where WeasyPrint leaves it at the elements of HTML.

Works on WeasyPrint's own objects before they are written: elements of the structure are dictionaries that name their
parent in `P` and their children in `K`, where a number is a piece of a page's content.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

#: Elements that stand for a place and mean something without content too.
MAY_BE_EMPTY = frozenset({"/Document", "/TR", "/TH", "/TD"})
#: Of an annotation: printed like it is seen.
PRINT = 4


def mend(_document: Any, pdf: Any) -> None:
    """Mend what is known to be wrong or awkward to listen to."""
    parts: list[Any] = [item for item in pdf.objects if isinstance(item, dict)]
    elements = {part.reference: part for part in parts if part.get("Type") == "/StructElem"}
    root = next(part for part in parts if part.get("Type") == "/StructTreeRoot")
    _name_what_headers_head(elements)
    _take_items_out_of_boxes(elements)
    _leave_out_empty(elements, root["K"])
    _make_artifacts_of_margins(pdf, parts, elements, root)
    for part in parts:
        if part.get("Subtype") == "/Link":
            part["F"] = PRINT


def _name_what_headers_head(elements: Mapping[Any, Any]) -> None:
    """Say of each header cell whether it heads a column or a row (7.5); WeasyPrint only tags it as one."""
    for header in [element for element in elements.values() if element["S"] == "/TH"]:
        row = elements[header["P"]]
        header["A"]["Scope"] = "/Column" if elements[row["P"]]["S"] == "/THead" else "/Row"


def _take_items_out_of_boxes(elements: Mapping[Any, Any]) -> None:
    """Let items stand in their list itself (7.2), also where HTML has `<dl><div><dt>`."""
    for whole in [element for element in elements.values() if element["S"] == "/L"]:
        items: list[Any] = []
        for kid in whole["K"]:
            box = elements.get(kid)
            inside = box["K"] if box is not None and box["S"] == "/Div" else [kid]
            for item in inside:
                if item in elements:
                    elements[item]["P"] = whole.reference
            items += inside
        whole["K"][:] = items


def _leave_out_empty(elements: Mapping[Any, Any], kids: list[Any]) -> None:
    """Let nothing be said of lines to write on and boxes that only look like something."""
    kept = []
    for kid in kids:
        element = elements.get(kid)
        if element is not None:
            _leave_out_empty(elements, element["K"])
            if not element["K"] and element["S"] not in MAY_BE_EMPTY:
                continue
        kept.append(kid)
    kids[:] = kept


def _make_artifacts_of_margins(pdf: Any, parts: list[Any], elements: Mapping[Any, Any], root: Any) -> None:
    """Mark what repeats in the margins of pages as such (7.8); WeasyPrint only leaves it out of the tree."""
    content = {item.reference: item for item in pdf.objects}
    numbers = content[root["ParentTree"]]["Nums"]
    owners = {
        number: whose for number, whose in zip(numbers[::2], numbers[1::2], strict=True) if isinstance(whose, list)
    }
    heard = set(_heard(elements, root["K"]))
    for page in [part for part in parts if part.get("Type") == "/Page"]:
        whose = owners.get(page.get("StructParents"), [])
        margins = {number for number, owner in enumerate(whose) if owner not in heard}
        _mark(content[page["Contents"]].stream, margins)
        whose[:] = ["null" if number in margins else owner for number, owner in enumerate(whose)]
    for reference in elements.keys() - heard:
        # Nobody names them any more, so they aren't written.
        elements[reference].free = "f"


def _heard(elements: Mapping[Any, Any], kids: list[Any]) -> Iterator[Any]:
    """Give the references of all elements that stand in the tree."""
    for kid in kids:
        if kid in elements:
            yield kid
            yield from _heard(elements, elements[kid]["K"])


def _mark(stream: list[Any], margins: set[int]) -> None:
    """Call pieces of a page's content artifacts of its pagination."""
    for place, part in enumerate(stream):
        if isinstance(part, dict) and part.get("MCID") in margins:
            stream[place - 1 : place + 1] = ["/Artifact", "<</Type /Pagination>>"]
