"""The sheet a sketch is worked on: the tree of the file, what was changed, which forms it needs."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from lxml import etree

from engine.diagram import BODIES, FLOW_NODES, HUMAN
from engine.model import Json
from engine.reading.xml import BPMN, RADNICE, Element, is_bpmn, local
from engine.sketch.sheet import Sheet
from engine.sketch.words import NAMES, SENTENCES

XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


@dataclass(frozen=True, slots=True)
class Todo:
    """One change, for the author to firm up."""

    element: str | None
    message: str


@dataclass
class Paper:
    """A diagram being made runnable."""

    root: Element
    lang: str
    #: Begins the names of its forms, so that several diagrams can lie in one folder.
    key: str
    todo: list[Todo] = field(default_factory=list)
    #: Human task → fields that its form asks, by variable.
    fields: dict[str, dict[str, Json]] = field(default_factory=dict)
    #: Node → the task that was put before it for asking.
    asking: dict[str, str] = field(default_factory=dict)
    forms: dict[str, Json] = field(default_factory=dict)
    #: Human task → name of its form.
    form_names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_id: dict[str, Element] = {}
        self.index()
        self.sheet = Sheet(self.root)

    def index(self) -> None:
        """Look up anew which element has which id."""
        self.by_id = {}
        #: (which end, node) → flows that were led there at some time.
        self._ends: dict[tuple[str, str], list[Element]] = {}
        for element in self.root.iter("{*}*"):
            if element.get("id") and not _is_drawing(element):
                self.by_id.setdefault(str(element.get("id")), element)

    # --- telling -----------------------------------------------------------------------------------------------------

    def say(self, sentence: str, element: Element | str | None, **facts: Json) -> None:
        """Note a change at an element."""
        place = element if isinstance(element, str) or element is None else element.get("id")
        czech, english = SENTENCES[sentence]
        told = Todo(place, (english if self.lang == "en" else czech).format(**facts))
        if told not in self.todo:
            self.todo.append(told)

    def word(self, key: str, **facts: Json) -> str:
        """Give a name for something new."""
        czech, english = NAMES[key]
        return (english if self.lang == "en" else czech).format(**facts)

    def remember(self, element: Element, text: str) -> None:
        """Keep a text of the original in the element's description."""
        note = etree.Element(BPMN + "documentation")
        note.text = self.word("was", text=text)
        element.insert(0, note)

    # --- looking -----------------------------------------------------------------------------------------------------

    def nodes(self, *kinds: str) -> list[Element]:
        """Give the flow nodes of these kinds."""
        return [e for e in self.root.iter(*(BPMN + kind for kind in (kinds or sorted(FLOW_NODES))))]

    def bodies(self) -> list[Element]:
        """Give processes and sub-processes."""
        return [e for e in self.root.iter(*(BPMN + kind for kind in sorted(BODIES)))]

    def members(self, body: Element) -> list[Element]:
        """Give the flow nodes that lie directly in a body."""
        return [e for e in body if is_bpmn(e) and local(e) in FLOW_NODES]

    def flows(self) -> list[Element]:
        """Give the sequence flows."""
        return list(self.root.iter(BPMN + "sequenceFlow"))

    def into(self, node: Element) -> list[Element]:
        """Give the flows that lead to a node."""
        return self._led(node, "targetRef")

    def out_of(self, node: Element) -> list[Element]:
        """Give the flows that leave a node."""
        return self._led(node, "sourceRef")

    def _led(self, node: Element, end: str) -> list[Element]:
        """Give the flows beside a node that name it. What the file lists may have moved since, so each is asked."""
        if not self._ends:
            for flow in self.flows():
                self._remember_ends(flow)
        body, identity = node.getparent(), node.get("id")
        listed = self._ends.get((end, identity or ""), ())
        return [f for f in listed if f.get(end) == identity and f.getparent() is body and local(f) == "sequenceFlow"]

    def _remember_ends(self, flow: Element) -> None:
        for end in ("sourceRef", "targetRef"):
            listed = self._ends.setdefault((end, flow.get(end) or ""), [])
            if flow not in listed:
                listed.append(flow)

    def source(self, flow: Element) -> Element:
        return self.by_id[flow.get("sourceRef") or ""]

    def target(self, flow: Element) -> Element:
        return self.by_id[flow.get("targetRef") or ""]

    def boundaries(self, node: Element) -> list[Element]:
        """Give the events on the boundary of an activity."""
        body = node.getparent()
        events = body.iterchildren(BPMN + "boundaryEvent") if body is not None else ()
        return [e for e in events if e.get("attachedToRef") == node.get("id")]

    # --- changing ----------------------------------------------------------------------------------------------------

    def fresh(self, word: str) -> str:
        """Give an id that nobody has."""
        number, name = 1, slug(word) or "x"
        name = name if name[0].isalpha() else "x" + name
        while (found := name if number == 1 else f"{name}_{number}") in self.by_id:
            number += 1
        return found

    def add(self, body: Element, kind: str, word: str, **attributes: str) -> Element:
        """Put a new element into a body."""
        element = etree.SubElement(body, BPMN + kind, {"id": self.fresh(word), **attributes})
        self.by_id[element.get("id") or ""] = element
        if self._ends and kind == "sequenceFlow":
            self._remember_ends(element)
        return element

    def lead(self, flow: Element, *, source: str | None = None, target: str | None = None) -> None:
        """Let a flow come from another node or lead to another, in the drawing too."""
        if source is not None:
            flow.set("sourceRef", source)
            self.sheet.lead_from(flow.get("id") or "", source)
        if target is not None:
            flow.set("targetRef", target)
            self.sheet.lead_to(flow.get("id") or "", target)
        if self._ends:
            self._remember_ends(flow)

    def join(self, source: Element, target: Element, word: str = "flow") -> Element:
        """Draw a sequence flow between two nodes of one body."""
        body = source.getparent()
        assert body is not None
        ends = {"sourceRef": source.get("id") or "", "targetRef": target.get("id") or ""}
        flow = self.add(body, "sequenceFlow", f"{word}_{source.get('id')}_{target.get('id')}", **ends)
        self.sheet.connect(flow.get("id") or "", ends["sourceRef"], ends["targetRef"])
        return flow

    def drop(self, element: Element) -> None:
        """Take an element out with all that refers to it as a part of the drawing."""
        for inner in [element, *element.iterdescendants("{*}*")]:
            identity = inner.get("id")
            if identity and self.by_id.get(identity) is inner:
                del self.by_id[identity]
                self.sheet.drop(identity)
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)

    def turn(self, element: Element, kind: str, *keep: str) -> None:
        """Make a node one of another kind; what only the old one had goes, but for the children named."""
        element.tag = BPMN + kind
        wanted = _SHARED | set(keep)
        for name in [a for a in element.attrib if not str(a).startswith("{") and a not in _ATTRIBUTES]:
            del element.attrib[name]
        for child in list(element):
            if is_bpmn(child) and local(child) not in wanted:
                self.drop(child)

    def in_lane_of(self, new: Element, beside: Element) -> None:
        """Put a new node into the lanes of another."""
        for reference in list(self.root.iter(BPMN + "flowNodeRef")):
            if (reference.text or "").strip() == beside.get("id"):
                lane = reference.getparent()
                if lane is not None:
                    etree.SubElement(lane, BPMN + "flowNodeRef").text = new.get("id")


#: Attributes and children of every flow node or activity.
_ATTRIBUTES = frozenset(
    {"id", "name", "default", "isForCompensation", "startQuantity", "completionQuantity", "attachedToRef"}
)
_SHARED = frozenset(
    {
        *("documentation", "extensionElements", "auditing", "monitoring", "categoryValueRef", "incoming", "outgoing"),
        *("standardLoopCharacteristics", "multiInstanceLoopCharacteristics"),
        *("ioSpecification", "property", "dataInputAssociation", "dataOutputAssociation"),
    }
)


def _is_drawing(element: Element) -> bool:
    return "/DI" in str(element.tag) or "/DC" in str(element.tag)


def slug(text: str) -> str:
    """Give a text as a name that files and Starlark take."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_")[:60]


def title(element: Element) -> str:
    """Give what people call an element."""
    return " ".join((element.get("name") or "").split()) or element.get("id") or ""


def formal(parent: Element, tag: str, text: str) -> Element:
    """Put a formal expression into an element in place of one of the same name."""
    for old in list(parent.iterchildren(BPMN + tag)):
        parent.remove(old)
    element = etree.SubElement(parent, BPMN + tag)
    element.set(XSI_TYPE, _prefixed(parent, "tFormalExpression"))
    element.text = text
    return element


def _prefixed(element: Element, name: str) -> str:
    prefix = next((p for p, uri in element.nsmap.items() if uri == BPMN[1:-1]), None)
    return f"{prefix}:{name}" if prefix else name


def extension(element: Element, tag: str, **attributes: str) -> Element:
    """Put one of our extension elements into an element."""
    holder = element.find(BPMN + "extensionElements")
    if holder is None:
        holder = etree.Element(BPMN + "extensionElements")
        element.insert(len(list(element.iterchildren(BPMN + "documentation"))), holder)
    return etree.SubElement(holder, RADNICE + tag, attributes, nsmap={"radnice": RADNICE[1:-1]})


def ours(element: Element, tag: str) -> Element | None:
    """Give one of our extension elements of an element."""
    return element.find(f"{BPMN}extensionElements/{RADNICE}{tag}")


def is_person(element: Element) -> bool:
    """Say whether a person does this."""
    return is_bpmn(element) and local(element) in HUMAN


def forget(element: Element, *names: str) -> None:
    """Take attributes off an element, if they are there."""
    for name in names:
        if name in element.attrib:
            del element.attrib[name]
