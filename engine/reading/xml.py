"""XML as people send it: parsed without entities, network or absurd depth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from lxml import etree

from engine.errors import UnreadableModel

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
RADNICE = "{https://radnice.cz/bpmn/1.0}"
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"

#: A diagram of a thousand nodes has about 1 MB.
MAX_BYTES = 8 << 20
MAX_ELEMENTS = 200_000
#: Encodings that tools write. Others, such as UTF-7, could hide what filters look for.
ENCODINGS = ("utf-8", "utf8", "utf-16", "utf-32", "us-ascii", "ascii", "iso-8859-", "windows-125", "cp125")

Element = etree._Element


def parse_xml(data: bytes) -> Element:
    """Give the root of a BPMN file.

    Raises UnreadableModel for what is no XML, no BPMN, too large, too deep, or declares a document type.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableModel(f"The file is larger than {MAX_BYTES >> 20} MB.", reason="large")
    if begins_with_document_type(data):
        raise UnreadableModel("A document type declaration is not accepted.", reason="doctype")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableModel(f"The file is not readable XML: {error}", reason="xml", why=str(error)) from error
    encoding = (root.getroottree().docinfo.encoding or "UTF-8").lower()
    if not encoding.startswith(ENCODINGS):
        raise UnreadableModel(f"The encoding {encoding} is not accepted; save the file in UTF-8.", reason="encoding")
    if declares_document_type(root):
        raise UnreadableModel("A document type declaration is not accepted.", reason="doctype")
    if root.tag != BPMN + "definitions":
        raise UnreadableModel("The root is not a BPMN definitions element.", reason="root")
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise UnreadableModel(f"The file has more than {MAX_ELEMENTS} elements.", reason="many")
    return root


def begins_with_document_type(data: bytes) -> bool:
    """Tell whether a DOCTYPE stands before the root, so that it is refused before any entity is read.

    One that hides behind kilobytes of comments is found after parsing.
    """
    # Zeros are taken out, so that UTF-16 is seen through.
    rest = data[:8192].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    while rest.startswith((b"<?", b"<!--")):
        end = b"?>" if rest.startswith(b"<?") else b"-->"
        rest = rest.partition(end)[2].lstrip()
    return rest.startswith(b"<!DOCTYPE")


def declares_document_type(root: Element) -> bool:
    """Tell whether the file has a DOCTYPE, in which entities could hide."""
    return bool(getattr(root.getroottree().docinfo, "doctype", ""))


def local(element: Element) -> str:
    """Give the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def is_bpmn(element: Element) -> bool:
    """Tell whether an element belongs to BPMN itself, not to a tool's extension."""
    return str(element.tag).startswith(BPMN)


def children(element: Element, tag: str) -> Iterator[Element]:
    """Give the BPMN children of this name."""
    return element.iterchildren(BPMN + tag)


def text_of(element: Element, tag: str) -> str | None:
    """Give the text of the first child of this name; None where there is no such child."""
    found = element.find(BPMN + tag)
    return content(found) if found is not None else None


def content(element: Element) -> str:
    """Give the text of an element, with the spaces around it taken off."""
    return (element.text or "").strip()


def plain(reference: str | None) -> str | None:
    """Take the namespace prefix off a reference."""
    return reference.rpartition(":")[2] if reference else None


def flag(element: Element, name: str, default: bool = False) -> bool:
    """Read an XML boolean."""
    text = element.get(name)
    return default if text is None else text.strip() in ("true", "1")


def line_of(element: Element) -> int | None:
    """Give the line in the file where an element begins."""
    return cast("int | None", element.sourceline)


def whole(element: Element, name: str, default: int) -> int:
    """Read a whole number; raises UnreadableModel for anything else."""
    text = element.get(name)
    if text is None:
        return default
    try:
        return int(text)
    except ValueError as error:
        whose = element.get("id")
        raise UnreadableModel(
            f"{name}={text!r} of {whose} is not a whole number.", reason="whole", name=name, text=text, whose=whose
        ) from error
