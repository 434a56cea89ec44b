"""What every element does: one table, one behaviour per kind."""

from __future__ import annotations

from engine.kernel.bodies import CALL, AdHoc, SubProcess
from engine.kernel.events import Catch, Event, Throw
from engine.kernel.gateways import COMPLEX, INCLUSIVE, EventBased, Exclusive, Parallel
from engine.kernel.machine import Behaviour
from engine.kernel.work import Decide, Human, Receive, Script, Send, Service

BEHAVIOURS: dict[str, Behaviour] = {
    "task": Human(),
    "userTask": Human(),
    "manualTask": Human(),
    "scriptTask": Script(),
    "serviceTask": Service(),
    "businessRuleTask": Decide(),
    "sendTask": Send(),
    "receiveTask": Receive(),
    "subProcess": SubProcess(),
    "transaction": SubProcess(),
    "adHocSubProcess": AdHoc(),
    "callActivity": CALL,
    "exclusiveGateway": Exclusive(),
    "parallelGateway": Parallel(),
    "inclusiveGateway": INCLUSIVE,
    "complexGateway": COMPLEX,
    "eventBasedGateway": EventBased(),
    "startEvent": Event(),
    "endEvent": Throw(),
    "intermediateThrowEvent": Throw(),
    "intermediateCatchEvent": Catch(),
    "boundaryEvent": Event(),
}
