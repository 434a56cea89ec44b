"""Data objects and data associations: which variable a reference means, and what is copied where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.diagram import DataSet, Node, StoreRead, StoreWrite
from engine.reading.xml import BPMN, RADNICE, Element, children, content, local, plain


def variable_of(reference: str | None, by_id: Mapping[str, Element]) -> str | None:
    """Give the variable behind a reference to data; a reference to nothing is a variable's own name."""
    element = by_id.get(plain(reference) or "")
    if element is None:
        return reference
    if local(element) == "dataObjectReference":
        behind = by_id.get(plain(element.get("dataObjectRef")) or "")
        if behind is not None and behind.get("name"):
            return behind.get("name")
        return element.get("name") or element.get("dataObjectRef")
    return element.get("name") or element.get("id")


def declared(element: Element, by_id: Mapping[str, Element]) -> str:
    """Give the variable that a data object or property declares; one without a name has that of its reference."""
    name, identity = element.get("name"), element.get("id") or ""
    if name is None and local(element) == "dataObject":
        body = element.getparent()
        for reference in children(body, "dataObjectReference") if body is not None else ():
            if plain(reference.get("dataObjectRef")) == identity and reference.get("name"):
                return reference.get("name") or identity
    return name or identity


def read_data(node: Node, element: Element, by_id: Mapping[str, Element]) -> None:
    """Put into the node what its data associations copy before and after it."""
    for tag, pairs in (("dataInputAssociation", node.takes), ("dataOutputAssociation", node.gives)):
        for association in children(element, tag):
            if (store := store_of(association, by_id)) is None:
                pairs += copies(association, by_id)
            elif (register := register_of(association, by_id)) is not None:
                if tag == "dataInputAssociation":
                    node.reads += reads(association, register, by_id)
                else:
                    node.writes += writes(association, register, by_id)
            elif any(association.find(BPMN + computed) is not None for computed in ("transformation", "assignment")):
                node.stores.append(store)
    for spec in children(element, "ioSpecification"):
        sources = sources_of(element, by_id)
        node.input_sets = [data_set(one, "Input", by_id, sources) for one in children(spec, "inputSet")]
        node.output_sets = [data_set(one, "Output", by_id) for one in children(spec, "outputSet")]
    given = {name for name, _ in node.gives}
    outputs = (
        variable_of(output.get("id"), by_id) for output in element.iterfind(f"{BPMN}ioSpecification/{BPMN}dataOutput")
    )
    node.private = [name for name in outputs if name and (given or node.writes) and name not in given]


def store_of(association: Element, by_id: Mapping[str, Element]) -> str | None:
    """Give the name of the data store at one end of an association; None where there is none."""
    found = _store(association, by_id)
    return (found.get("name") or found.get("id")) if found is not None else None


def _store(association: Element, by_id: Mapping[str, Element]) -> Element | None:
    ends = (by_id.get(plain(content(end)) or "") for tag in ENDS for end in children(association, tag))
    return next((e for e in ends if e is not None and local(e) in ("dataStore", "dataStoreReference")), None)


#: Ends of a data association; one may be missing where it is only drawn.
ENDS = ("sourceRef", "targetRef")


def register_of(association: Element, by_id: Mapping[str, Element]) -> str | None:
    """Give the register behind the store of an association that says what is copied; None where it is a drawing."""
    store = _store(association, by_id)
    if store is None:
        return None
    behind = by_id.get(plain(store.get("dataStoreRef")) or "")
    named = [one.get(RADNICE + "register") for one in (store, behind) if one is not None]
    computed = any(next(children(association, tag), None) is not None for tag in ("transformation", "assignment"))
    other = next(by_id.get(plain(first(association, tag)) or "") for tag in ENDS if not _is_at(association, tag, store))
    drawn = other is None or "placeholder" in (other.get("name") or "")
    return None if drawn and not computed else next((one for one in named if one), None)


def _is_at(association: Element, tag: str, store: Element) -> bool:
    return plain(first(association, tag)) == store.get("id")


def reads(association: Element, register: str, by_id: Mapping[str, Element]) -> Iterator[StoreRead]:
    """Give what an association reads from a register."""
    chosen = {"key": association.get(RADNICE + "key"), "where": association.get(RADNICE + "where")}
    pairs = list(_assigned(association, by_id))
    if not pairs and (target := variable_of(first(association, "targetRef"), by_id)):
        pairs = [(target, first(association, "transformation"))]
    for name, text in pairs:
        yield StoreRead(name=name, register=register, text=text, **chosen)


def writes(association: Element, register: str, by_id: Mapping[str, Element]) -> Iterator[StoreWrite]:
    """Give what an association saves in a register."""
    key, transformation = association.get(RADNICE + "key"), first(association, "transformation")
    fields = [
        (to, text)
        for one in children(association, "assignment")
        if (to := first(one, "to")) and (text := first(one, "from"))
    ]
    text = "=" + transformation if transformation else variable_of(first(association, "sourceRef"), by_id)
    if fields or text:
        yield StoreWrite(register=register, text=None if fields else text, fields=fields, key=key)


def _assigned(association: Element, by_id: Mapping[str, Element]) -> Iterator[tuple[str, str | None]]:
    for assignment in children(association, "assignment"):
        value, name = first(assignment, "from"), variable_of(first(assignment, "to"), by_id)
        if value and name:
            yield name, value


#: What can be there or not: an association with anything else is looked at when it is carried out.
FILLED = frozenset({"dataObject", "dataObjectReference", "property"})


def sources_of(element: Element, by_id: Mapping[str, Element]) -> dict[str, set[str]]:
    """Give by data input the variables that it comes from."""
    found: dict[str, set[str]] = {}
    for association in children(element, "dataInputAssociation"):
        for source in children(association, "sourceRef"):
            behind = by_id.get(plain(content(source)) or "")
            if behind is not None and local(behind) in FILLED:
                found.setdefault(first(association, "targetRef") or "", set()).add(
                    variable_of(content(source), by_id) or ""
                )
    return found


def data_set(
    element: Element, which: str, by_id: Mapping[str, Element], sources: Mapping[str, set[str]] | None = None
) -> DataSet:
    """Read an input or output set: `sources` are the variables that inputs come from; outputs are such themselves."""
    listed = {plain(content(one)) or "" for one in children(element, f"data{which}Refs")}
    spared = {
        plain(content(one)) or ""
        for tag in (f"optional{which}Refs", f"whileExecuting{which}Refs")
        for one in children(element, tag)
    }
    needs = {
        name
        for one in listed - spared
        for name in (sources.get(one, set()) if sources is not None else {variable_of(one, by_id) or ""})
    }
    return DataSet(frozenset(variable_of(one, by_id) or "" for one in listed | spared), frozenset(needs))


def copies(association: Element, by_id: Mapping[str, Element]) -> Iterator[tuple[str, str]]:
    """Give what an association assigns: (variable, name copied or `=` and Starlark), but nothing to itself."""
    for name, value in _assigned(association, by_id):
        yield name, f"={value}"
    if next(children(association, "assignment"), None) is not None:
        return
    target, source = (variable_of(first(association, end), by_id) for end in ("targetRef", "sourceRef"))
    transformation = first(association, "transformation")
    if target and transformation:
        yield target, "=" + transformation
    elif target and source and target != source:
        yield target, source


def first(element: Element, tag: str) -> str | None:
    """Give the text of the first child of this name, None where it is empty or missing."""
    return next((content(child) or None for child in children(element, tag)), None)
