"""Gives a place on the sheet to decisions that nobody has drawn, so that an editor can show them."""

from __future__ import annotations

from itertools import count

from lxml import etree

from engine.dmn.read import read_root

DI = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
DC = "http://www.omg.org/spec/DMN/20180521/DC/"
LINES = "http://www.omg.org/spec/DMN/20180521/DI/"
#: Local name of what is drawn → width and height.
SIZES = {
    "decision": (180, 80),
    "inputData": (125, 45),
    "businessKnowledgeModel": (135, 46),
    "knowledgeSource": (100, 63),
}
BETWEEN, LEVEL, EDGE = 40, 150, 100
#: Newer namespaces whose files the editor reads under the name of 1.3; what only they have stays as it is.
NEWER = ("20211108", "20230324", "20240513")


def placed(content: bytes) -> bytes:
    """The file with every part of it drawn, in DMN 1.3; unchanged where it is so already. Raises UnreadableModel."""
    content = _in_1_3(content)
    root = read_root(content)
    if root.find("{*}DMNDI") is not None:
        return content
    parts = {str(one.get("id")): one for one in root if _kind(one) in SIZES and one.get("id")}
    if parts:
        root.append(_drawing(parts))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _in_1_3(content: bytes) -> bytes:
    for newer in NEWER:
        content = content.replace(f"omg.org/spec/DMN/{newer}/".encode(), b"omg.org/spec/DMN/20191111/")
    return content


def _drawing(parts: dict[str, etree._Element]) -> etree._Element:
    drawing = etree.Element(f"{{{DI}}}DMNDI", nsmap={"dmndi": DI, "dc": DC, "di": LINES})
    sheet = etree.SubElement(drawing, f"{{{DI}}}DMNDiagram", id="sheet_of_decisions")
    places = _places(parts)
    for key, (x, y, width, height) in places.items():
        shape = etree.SubElement(sheet, f"{{{DI}}}DMNShape", id=f"{key}_place", dmnElementRef=key)
        etree.SubElement(shape, f"{{{DC}}}Bounds", x=str(x), y=str(y), width=str(width), height=str(height))
    numbers = count(1)
    for key, part in parts.items():
        for requirement, asked in _requirements(part):
            if asked in places:
                name = requirement.get("id") or f"{key}_asks_{next(numbers)}"
                requirement.set("id", name)
                _line(sheet, name, places[asked], places[key])
    return drawing


def _line(sheet: etree._Element, key: str, low: tuple[int, int, int, int], high: tuple[int, int, int, int]) -> None:
    edge = etree.SubElement(sheet, f"{{{DI}}}DMNEdge", id=f"{key}_line", dmnElementRef=key)
    points = ((low[0] + low[2] // 2, low[1]), (high[0] + high[2] // 2, high[1] + high[3]))
    for x, y in points:
        etree.SubElement(edge, f"{{{LINES}}}waypoint", x=str(x), y=str(y))


def _places(parts: dict[str, etree._Element]) -> dict[str, tuple[int, int, int, int]]:
    """What asks stands above what it asks."""
    depth = _depths(parts)
    bottom, found, widths = max(depth.values()), {}, dict.fromkeys(depth.values(), EDGE)
    for key, level in depth.items():
        width, height = SIZES[_kind(parts[key])]
        found[key] = (widths[level], EDGE + (bottom - level) * LEVEL, width, height)
        widths[level] += width + BETWEEN
    return found


def _depths(parts: dict[str, etree._Element]) -> dict[str, int]:
    depth = dict.fromkeys(parts, 0)
    for _round in parts:
        for key, part in parts.items():
            below = [depth[asked] for _, asked in _requirements(part) if asked in depth and asked != key]
            # Decisions in a circle, which the check refuses, would climb for ever.
            depth[key] = min(max(depth[key], *(one + 1 for one in below)) if below else depth[key], len(parts))
    return depth


def _requirements(part: etree._Element) -> list[tuple[etree._Element, str]]:
    kinds = ("informationRequirement", "knowledgeRequirement", "authorityRequirement")
    found = [one for one in part if _kind(one) in kinds]
    return [(one, str(target.get("href") or "").rpartition("#")[2]) for one in found for target in one]


def _kind(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
