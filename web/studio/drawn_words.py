"""What parts of a diagram, and what is said of them, are called where versions are compared."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext

from web.i18n import _
from web.studio.words import Word

#: What is said of an element → what it is called.
FACTS: Mapping[str, Word] = {
    "kind": lazy_gettext("kind"),
    "name": lazy_gettext("name"),
    "documentation": lazy_gettext("description"),
    "sourceRef": lazy_gettext("leads from"),
    "targetRef": lazy_gettext("leads to"),
    "default": lazy_gettext("way when no condition holds"),
    "lane": lazy_gettext("lane"),
    "attachedToRef": lazy_gettext("stands at"),
    "conditionExpression": lazy_gettext("condition"),
    "script": lazy_gettext("computation"),
    "calledElement": lazy_gettext("called procedure"),
    "task@form": lazy_gettext("form"),
    "task@group": lazy_gettext("group"),
    "task@assignee": lazy_gettext("who"),
    "task@audience": lazy_gettext("who does it"),
    "task@due": lazy_gettext("until when"),
    "task@subject": lazy_gettext("what it is about"),
    "start@form": lazy_gettext("form"),
    "start@audience": lazy_gettext("who sends it"),
    "connector@name": lazy_gettext("action"),
    "connector@result": lazy_gettext("result goes into"),
    "decision@ref": lazy_gettext("decision"),
    "decision@result": lazy_gettext("result goes into"),
    "public@station": lazy_gettext("station of the applicant"),
    "public@usual": lazy_gettext("shown beforehand"),
    "timerEventDefinition/timeDuration": lazy_gettext("waits for"),
    "timerEventDefinition/timeDate": lazy_gettext("waits until"),
    "timerEventDefinition/timeCycle": lazy_gettext("repeats"),
}
KINDS: Mapping[str, Word] = {
    "userTask": lazy_gettext("human task"),
    "manualTask": lazy_gettext("manual work"),
    "task": lazy_gettext("step"),
    "serviceTask": lazy_gettext("action of the system"),
    "sendTask": lazy_gettext("sending"),
    "receiveTask": lazy_gettext("receiving"),
    "scriptTask": lazy_gettext("computation"),
    "businessRuleTask": lazy_gettext("decision"),
    "callActivity": lazy_gettext("called procedure"),
    "subProcess": lazy_gettext("sub-process"),
    "sequenceFlow": lazy_gettext("way"),
    "messageFlow": lazy_gettext("message on its way"),
    "startEvent": lazy_gettext("start"),
    "endEvent": lazy_gettext("end"),
    "boundaryEvent": lazy_gettext("event at a step"),
    "intermediateCatchEvent": lazy_gettext("waiting"),
    "intermediateThrowEvent": lazy_gettext("event"),
    "exclusiveGateway": lazy_gettext("choice of a way"),
    "inclusiveGateway": lazy_gettext("choice of ways"),
    "parallelGateway": lazy_gettext("all ways at once"),
    "eventBasedGateway": lazy_gettext("what comes first"),
    "participant": lazy_gettext("participant"),
    "lane": lazy_gettext("lane"),
    "process": lazy_gettext("procedure"),
    "message": lazy_gettext("message"),
    "textAnnotation": lazy_gettext("note"),
    "dataObjectReference": lazy_gettext("document"),
    "dataStoreReference": lazy_gettext("register"),
}


def fact_name(key: str) -> str:
    """What a fact is called: the author's words, else as the file has it."""
    if key in FACTS:
        return str(FACTS[key])
    if key.startswith("connector/parameter["):
        return _("parameter %(name)s", name=key.partition("[")[2].partition("]")[0])
    return key
