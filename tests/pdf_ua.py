"""What a machine can check of PDF/UA-1 (ISO 14289-1): the clauses are named in what is found wrong."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pypdf
from pypdf.generic import ContentStream, DictionaryObject, IndirectObject

#: Operators that paint, and so must stand in marked content (7.1).
PAINTING = frozenset(
    {b"Tj", b"TJ", b"'", b'"', b"Do", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s", b"sh", b"INLINE IMAGE"}
)
MAY_BE_EMPTY = frozenset({"/Document", "/TR", "/TH", "/TD"})
#: Element → what it may stand in.
MAY_HOLD = {
    "/TH": {"/TR"},
    "/TD": {"/TR"},
    "/LI": {"/L"},
    "/TR": {"/Table", "/THead", "/TBody", "/TFoot"},
}


def faults(content: bytes) -> list[str]:
    """Everything that is wrong with a PDF; empty = nothing was found."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    return [*_document(reader), *_structure(reader), *_pages(reader)]


def words_for_pictures(content: bytes) -> list[str]:
    """What is said of the pictures of a PDF, in the order of reading."""
    root: Any = pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]
    elements = [element for _path, element in _elements(root["/StructTreeRoot"])]
    return [str(one.get("/Alt", "")) for one in elements if one["/S"] == "/Figure"]


def _document(reader: pypdf.PdfReader) -> Iterator[str]:
    root: Any = reader.trailer["/Root"]
    info = str(reader.metadata.title or "") if reader.metadata else ""
    described = root["/Metadata"].get_object().get_data().decode("utf-8", "replace") if "/Metadata" in root else ""
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "6.2: not marked as tagged"
    if not re.search(r"pdfuaid:part(?:>|=[\"'])1", described):
        yield "5: XMP doesn't say PDF/UA-1"
    if not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", str(root.get("/Lang", ""))):
        yield "7.2: no language"
    if not info or "<dc:title>" not in described:
        yield "7.1: no title"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "7.1: the window doesn't show the title"


def _elements(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    node = node.get_object()
    kids = node.get("/K", []) if isinstance(node, DictionaryObject) else []
    kind = str(node.get("/S", "")) if isinstance(node, DictionaryObject) else ""
    if kind:
        path = (*path, kind)
        yield path, node
    for kid in kids if isinstance(kids, list) else [kids]:
        found = kid.get_object()
        if isinstance(found, DictionaryObject) and "/S" in found:
            yield from _elements(found, path)


def _structure(reader: pypdf.PdfReader) -> Iterator[str]:
    root: Any = reader.trailer["/Root"]
    if "/StructTreeRoot" not in root:
        yield "7.1: no structure"
        return
    elements = list(_elements(root["/StructTreeRoot"]))
    yield from _headings([path[-1] for path, _element in elements])
    yield from _unheard(reader, elements)
    for path, element in elements:
        kind, parent = path[-1], path[-2] if len(path) > 1 else ""
        if kind in ("/Figure", "/Formula") and not str(element.get("/Alt", "")).strip():
            yield f"7.3: {kind} without words"
        if element.get("/K", []) == [] and kind not in MAY_BE_EMPTY:
            yield f"7.1: {kind} of nothing"
        if kind == "/TH" and not _scope(element):
            yield "7.5: a header cell that doesn't say what it heads"
        if parent not in MAY_HOLD.get(kind, {parent}):
            yield f"7.2: {kind} in {parent}"


def _unheard(reader: pypdf.PdfReader, elements: list[tuple[tuple[str, ...], Any]]) -> Iterator[str]:
    """Content that belongs to an element nobody comes to."""
    root: Any = reader.trailer["/Root"]
    heard = {element.indirect_reference.idnum for _path, element in elements}
    numbers = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    for owners in numbers[1::2]:
        listed = owners.get_object()
        for owner in listed if isinstance(listed, list) else ():
            if isinstance(owner, IndirectObject) and owner.idnum not in heard:
                yield "7.1: content that is in no element of the structure"


def _scope(element: Any) -> bool:
    attributes = element.get("/A", {})
    attributes = attributes.get_object()
    each = attributes if isinstance(attributes, list) else [attributes]
    return any(one.get_object().get("/Scope") in ("/Column", "/Row", "/Both") for one in each)


def _headings(kinds: list[str]) -> Iterator[str]:
    levels = [int(kind[2:]) for kind in kinds if re.fullmatch(r"/H[1-6]", kind)]
    if not levels or levels[0] != 1:
        yield f"7.4.2: the first heading is not of the first level: {levels[:1]}"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"7.4.2: a heading of level {after} after one of level {before}"


def _pages(reader: pypdf.PdfReader) -> Iterator[str]:
    for number, page in enumerate(reader.pages, start=1):
        annotated = page.get("/Annots")
        if annotated and page.get("/Tabs") != "/S":
            yield f"7.18.3: page {number} is walked through in another order than it is read"
        for annotation in annotated or ():
            told = annotation.get_object()
            if told.get("/Subtype") == "/Link" and not str(told.get("/Contents", "")).strip():
                yield f"7.18.5: a link without words on page {number}"
        yield from (f"{fault} on page {number}" for fault in _fonts(page))
        yield from (
            f"7.1: {operator} outside of marked content on page {number}" for operator in _unmarked(page, reader)
        )


def _fonts(page: Any) -> Iterator[str]:
    for name, font in page["/Resources"].get("/Font", {}).items():
        font = font.get_object()
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        described = inner.get("/FontDescriptor", {})
        described = described.get_object()
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(described):
            yield f"7.21.4.1: the font {name} is not in the file"
        if "/ToUnicode" not in font:
            yield f"7.21.7: letters of the font {name} can't be told"


def _unmarked(page: Any, reader: pypdf.PdfReader) -> Iterator[str]:
    """Painting operators that stand in no marked content, once each."""
    contents = page.get_contents()
    if contents is None:
        return
    depth, found = 0, set()
    for _operands, operator in ContentStream(contents, reader).operations:
        if operator in (b"BDC", b"BMC"):
            depth += 1
        elif operator == b"EMC":
            depth -= 1
        elif operator in PAINTING and depth == 0:
            found.add(operator.decode())
    yield from sorted(found)
