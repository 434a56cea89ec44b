"""What failed, in the words of the page: by the action's own sentence where it is known, else by the kind of step."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext

from engine.queries.breakers import Silent
from engine.queries.definitions import model_of
from web.here import session
from web.i18n import _
from web.tenancy import tenant_key

#: What actions say when they fail, apart from what stands in brackets; the catalogue has each of them.
KNOWN = frozenset(
    {
        "The file of the scan is larger than 20 MB; divide the scan by its targets.",
        "The file of the scan has more than 2,000 different findings; divide the scan by its targets.",
        "The file of the scan is not in UTF-8.",
        "The file of the scan is not whole JSON: it is cut, or of another format.",
        "The file of the scan has an entry that is no finding of nuclei: it names no template or no host.",
        "The register of economic subjects does not answer now.",
        "The register answered something we don't understand.",
        "The register refused the question.",
        "The other system does not take the call now.",
        "The other system answered with an unexpected status.",
        "The mail server does not take the recipient now.",
        "The mail server refused our name or password.",
        "The mail server refused the mail.",
        "The mail server does not take mail now.",
        "The mail server did not answer.",
        "The name of the server could not be resolved.",
        "The server did not answer in time or the connection broke.",
        "The answer is too long.",
        "The case has no submission to make a copy of.",
        "This installation has no webhooks allowed.",
        "This installation calls no other systems.",
        "The other system does not know us or our key.",
        "This installation has no such key for the organisation.",
        "The key belongs to another server than the one that is called.",
        "A key is sent over HTTPS only.",
        "The answer is too long for a case.",
        "The other system says it answers in JSON, but it is none.",
        "The server answers too slowly.",
        "The data-box system does not answer now.",
        "The data-box system does not know our name or password.",
        "The data-box system refused it.",
        "The data-box system refused the question.",
        "The data-box system gave an unknown answer.",
        "The data-box system gave an answer that is cut or no XML.",
        "It is not known whether the data message went out; look among the sent ones before trying.",
        "A data message holds at most 20 MB.",
        "The organisation has no data box connected here.",
        "The contract was sent to the register, which has not answered yet.",
        "The register of contracts has not answered yet.",
        "This installation has no payment gateway.",
        "The payment gateway does not answer now.",
        "The payment gateway answered something we don't understand.",
        "It is not known whether the gateway returned the money; look there before trying.",
        "This installation is not connected to the register of contracts.",
        "The register of contracts gave an unknown answer.",
        "A document that should be attached is not in the case.",
        "The table is larger than 5 MB; divide it.",
        "The table has more than 20,000 rows; divide it.",
        "The table lacks columns that are needed.",
        "The table is cut, or it is no table.",
        "The IČO is not valid: its check digit does not fit.",
        "The register knows no subject with this IČO.",
        "There is no recorded answer for this IČO.",
        "The register takes no contract without a file.",
        "The register of contracts refused it.",
        "The register of contracts takes a text of 1 to 255 characters.",
        "The register of contracts takes no such characters.",
        "The contract's amount must not be negative.",
        "The contract's amount is not a number.",
        "The register of contracts gave an answer that is not XML.",
        "A data message needs a file.",
        "A text of a data message is too long.",
        "A data message takes no such characters.",
        "The data-box system gave a file that can't be read.",
        "This is no id of a data box.",
        "There is no such data box, or it takes no messages.",
        "The gateway does not take this payer.",
        "The gateway knows no such payment.",
        "The gateway did not take the refund.",
        "This is no number of a payment.",
        "The payment gateway answered something unreadable.",
        "The payment gateway refused it.",
        "The payment gateway does not know us.",
        "The gateway answered about another payment.",
        "A gateway does not take such an amount.",
        "The other system has nothing like that.",
        "The other system refused the call.",
        "The address is not an e-mail address.",
        "The mail has no recipient.",
        "The mail server refused the recipient.",
        "The action failed unexpectedly.",
        "The process did not come to rest within its budget of steps.",
        "too many expressions are being computed; try again",
    }
)
#: What could not be done, by connector or by the first part of its name.
BY_CONNECTOR: Mapping[str, str] = {
    "mail": lazy_gettext("The e-mail could not be sent."),
    "document": lazy_gettext("The document could not be made."),
    "submission": lazy_gettext("The copy of what was sent could not be made."),
    "ares": lazy_gettext("The register of economic subjects gave no answer."),
    "webhook": lazy_gettext("The other system could not be told."),
    "http": lazy_gettext("The other system gave no answer that the case could use."),
    "databox": lazy_gettext("The data message could not be sent or asked about."),
    "register": lazy_gettext("The record could not be read from the register or written to it."),
    "number": lazy_gettext("The number could not be drawn."),
    "payment": lazy_gettext("The payment could not be written down."),
    "scan": lazy_gettext("The results of the scan could not be read."),
    "bank": lazy_gettext("The order for the bank could not be written down."),
    "gateway": lazy_gettext("The payment gateway gave no answer."),
    "table": lazy_gettext("The table could not be made."),
    "contracts_register": lazy_gettext("The contract could not be published in the register of contracts."),
    "deadline": lazy_gettext("The period could not be set."),
}
#: Who is asked, by the first part of the connector's name.
OTHER_SIDES: Mapping[str, str] = {
    "mail": lazy_gettext("Mail server"),
    "ares": lazy_gettext("Register of economic subjects (ARES)"),
    "gateway": lazy_gettext("Payment gateway"),
    "contracts_register": lazy_gettext("Register of contracts"),
    "webhook": lazy_gettext("Another system"),
    "http": lazy_gettext("Another system"),
    "databox": lazy_gettext("Data boxes (ISDS)"),
}
#: Why an other side is left alone, by the kind of its failures.
SILENCES: Mapping[str, str] = {
    "unreachable": lazy_gettext("It gave no answer several times in a row."),
    "busy": lazy_gettext("It wants to be left alone for a while."),
    "locked-out": lazy_gettext("It doesn't know us: the name, password or key must be put right first."),
}
ACTION = lazy_gettext("The action could not be done.")
RULE = lazy_gettext("An expression or a rule of the process failed, so the case can't go on here.")
_LINE = re.compile(r" \(line (\d+)\)\.?$")
_IN_BRACKETS = re.compile(r" \([^()]*\)(?=\.?$)")


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A failure as people read it."""

    sentence: str
    #: What exactly happened, for whoever is to mend it; "" where the sentence says all.
    detail: str = ""


def failure(message: str, connector: str | None) -> Failure:
    """Say a failure of a step that does what `connector` names; of an expression or rule where it names nothing."""
    own = _IN_BRACKETS.sub("", message)
    if own in KNOWN and (line := _LINE.search(message)):
        return Failure(sentence=f"{_(own)} {_('Line %(number)s.', number=line[1])}")
    if own in KNOWN:
        return Failure(sentence=_(own), detail="" if own == message else message)
    return Failure(sentence=kind_of(connector), detail=message)


@dataclass(frozen=True, kw_only=True)
class Silence:
    """Another side that is left alone, as people read it."""

    name: str
    sentence: str
    #: What the last action got.
    last: Failure


def silence(one: Silent) -> Silence:
    """Say which other side doesn't answer and why it is left alone."""
    name = str(OTHER_SIDES.get(one.connector.partition(".")[0], one.connector))
    where = f"{name} ({one.target})" if one.target else name
    return Silence(name=where, sentence=str(SILENCES[one.cause]), last=failure(one.message, one.connector))


def kind_of(connector: str | None) -> str:
    """What a step of this kind could not do."""
    return str(RULE if connector is None else BY_CONNECTOR.get(connector.partition(".")[0], ACTION))


def connector_at(definition_id: str, node_id: str | None) -> str | None:
    """What a step of a process asks the world to do, if it does."""
    node = model_of(session(), tenant_key(), definition_id).nodes.get(node_id or "")
    return node.connector.name if node and node.connector else None
