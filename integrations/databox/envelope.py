"""The XML of ISDS: what a message is sent in and what comes back. By the published schema 3.07, dmBaseTypes.xsd."""

from __future__ import annotations

import base64
import re
from binascii import Error as BadBase64
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from lxml import etree

from integrations.databox.shape import REFUSED, Listed, NewMessage, Received, Standing
from integrations.failures import BusinessError, Permanent, Unreachable
from integrations.ports import File

ISDS, SOAP = "http://isds.czechpoint.cz/v20", "http://schemas.xmlsoap.org/soap/envelope/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
NIL = f"{{{_XSI}}}nil"
OK = "0000"
#: Longest subject, and longest reference number or file mark.
LONGEST_SUBJECT, LONGEST_MARK = 255, 50
#: Fields of the envelope in the order of the schema; each is there, if only as nil.
ENVELOPE = (
    "dmSenderOrgUnit",
    "dmSenderOrgUnitNum",
    "dbIDRecipient",
    "dmRecipientOrgUnit",
    "dmRecipientOrgUnitNum",
    "dmToHands",
    "dmAnnotation",
    "dmRecipientRefNumber",
    "dmSenderRefNumber",
    "dmRecipientIdent",
    "dmSenderIdent",
    "dmLegalTitleLaw",
    "dmLegalTitleYear",
    "dmLegalTitleSect",
    "dmLegalTitlePar",
    "dmLegalTitlePoint",
    "dmPersonalDelivery",
    "dmAllowSubstDelivery",
)


def create_message(message: NewMessage) -> etree._Element:
    """Give `CreateMessage`. Raises BusinessError("databox.refused") for what ISDS would refuse."""
    if not message.files:
        raise BusinessError(REFUSED, "A data message needs a file.")
    root = element("CreateMessage")
    add_envelope(_child(root, "dmEnvelope"), values_of(message))
    add_files(_child(root, "dmFiles"), message.files)
    return root


def values_of(message: NewMessage) -> Mapping[str, str]:
    """Give the filled fields of a message's envelope."""
    return {
        "dbIDRecipient": message.box,
        "dmToHands": message.to_hands,
        "dmAnnotation": _within(message.subject, LONGEST_SUBJECT, "subject"),
        "dmSenderRefNumber": _within(message.reference, LONGEST_MARK, "reference number"),
        "dmSenderIdent": _within(message.file_mark, LONGEST_MARK, "file mark"),
        "dmPersonalDelivery": _flag(message.personal),
        "dmAllowSubstDelivery": _flag(message.fiction),
    }


def add_envelope(parent: etree._Element, values: Mapping[str, str]) -> None:
    """Put all fields of an envelope in, in their order."""
    for name in ENVELOPE:
        node = _child(parent, name)
        if value := values.get(name):
            _fill(node, value)
        else:
            node.set(NIL, "true")


def add_files(parent: etree._Element, files: Sequence[File]) -> None:
    """Put files in; the first is the main one."""
    for number, file in enumerate(files):
        node = _child(parent, "dmFile")
        node.set("dmMimeType", file.media_type)
        node.set("dmFileMetaType", "enclosure" if number else "main")
        node.set("dmFileDescr", file.filename)
        _child(node, "dmEncodedContent").text = base64.b64encode(file.content).decode()


def of_message(operation: str, message_id: str) -> etree._Element:
    """Give a question about one message, such as `GetDeliveryInfo`."""
    root = element(operation)
    _child(root, "dmID").text = message_id
    return root


def of_period(operation: str, since: datetime, until: datetime, unit: str, limit: int) -> etree._Element:
    """Give a question for a list of messages; `unit` is the name of the field for a unit of the office."""
    root = element(operation)
    _child(root, "dmFromTime").text = since.isoformat(timespec="milliseconds")
    _child(root, "dmToTime").text = until.isoformat(timespec="milliseconds")
    _child(root, unit).set(NIL, "true")
    _child(root, "dmStatusFilter").text = "-1"
    _child(root, "dmOffset").text = "1"
    _child(root, "dmLimit").text = str(limit)
    return root


def enveloped(body: etree._Element) -> bytes:
    """Put an element into a SOAP envelope."""
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP})
    etree.SubElement(root, f"{{{SOAP}}}Body").append(body)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def opened(content: bytes) -> etree._Element:
    """Give what a SOAP envelope holds. Raises Unreachable for half of one, Permanent for what is none."""
    if re.search(rb"<!\s*DOCTYPE|<!\s*ENTITY", content.replace(b"\0", b"")):
        raise Permanent("The data-box system gave an unknown answer.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unreachable("The data-box system gave an answer that is cut or no XML.") from error
    body = root.find(f"{{{SOAP}}}Body")
    if body is None or not len(body):
        raise Permanent("The data-box system gave an unknown answer.")
    return body[0]


def checked(answer: etree._Element) -> etree._Element:
    """Give an answer that says it is well. Raises BusinessError("databox.refused") with its code."""
    code = text_of(answer, "dmStatusCode") or text_of(answer, "dbStatusCode")
    if not code:
        raise Permanent("The data-box system gave an unknown answer.")
    if code != OK:
        # The message in words may hold names; the code tells an operator all.
        raise BusinessError(REFUSED, f"The data-box system refused it ({code[:8]}).")
    return answer


def standing_of(answer: etree._Element) -> Standing:
    """Read `GetDeliveryInfoResponse`."""
    return Standing(
        id=text_of(answer, "dmID"),
        state=_number(text_of(answer, "dmMessageStatus")),
        placed_at=_moment(text_of(answer, "dmDeliveryTime")),
        accepted_at=_moment(text_of(answer, "dmAcceptanceTime")),
        fiction=text_of(answer, "dmAllowSubstDelivery") not in ("false", "0"),
    )


def listed_in(answer: etree._Element) -> list[Listed]:
    """Read a list of messages."""
    return [
        Listed(
            id=text_of(record, "dmID"),
            sender=text_of(record, "dbIDSender"),
            recipient=text_of(record, "dbIDRecipient"),
            subject=text_of(record, "dmAnnotation"),
            file_mark=text_of(record, "dmSenderIdent"),
        )
        for record in answer.iter(f"{{{ISDS}}}dmRecord")
        if len(record)
    ]


def received_in(answer: etree._Element) -> Received:
    """Read `MessageDownloadResponse`."""
    return Received(id=text_of(answer, "dmID"), files=tuple(files_in(answer)))


def files_in(parent: etree._Element) -> Iterator[File]:
    """Give the files of a message."""
    for node in parent.iter(f"{{{ISDS}}}dmFile"):
        encoded, xml = node.find(f"{{{ISDS}}}dmEncodedContent"), node.find(f"{{{ISDS}}}dmXMLContent")
        if xml is not None and len(xml):
            content = etree.tostring(xml[0])
        else:
            try:
                content = base64.b64decode((encoded.text or "") if encoded is not None else "")
            except (BadBase64, ValueError) as error:
                raise Permanent("The data-box system gave a file that can't be read.") from error
        yield File(filename=node.get("dmFileDescr", ""), media_type=node.get("dmMimeType", ""), content=content)


def text_of(parent: etree._Element, name: str) -> str:
    """Give the text of the first such element; "" where there is none."""
    node = next(parent.iter(f"{{{ISDS}}}{name}"), None)
    return (node.text or "").strip() if node is not None else ""


def element(name: str) -> etree._Element:
    """Give an element of ISDS that stands alone."""
    return etree.Element(f"{{{ISDS}}}{name}", nsmap={"p": ISDS, "xsi": _XSI})


def _child(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{ISDS}}}{name}")


def _fill(node: etree._Element, value: str) -> None:
    try:
        node.text = value
    except ValueError as error:
        raise BusinessError(REFUSED, "A data message takes no such characters.") from error


def _within(value: str, longest: int, what: str) -> str:
    text = " ".join(value.split())
    if len(text) > longest:
        raise BusinessError(REFUSED, f"A text of a data message is too long ({what}, at most {longest}).")
    return text


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise Permanent("The data-box system gave an unknown answer.") from error


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Permanent("The data-box system gave an unknown answer.") from error
    # Moments without a zone would be read as ours, whichever that is.
    if moment.tzinfo is None:
        raise Permanent("The data-box system gave an unknown answer.")
    return moment
