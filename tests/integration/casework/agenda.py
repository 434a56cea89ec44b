"""The agenda of the casework tests: a fee that is asked for and paid, and money nobody knows."""

from __future__ import annotations

import json

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:radnice="https://radnice.cz/bpmn/1.0" id="defs" targetNamespace="https://radnice.cz/test">'
)

FEE = f"""{HEAD}
  <bpmn:message id="received" name="payment.received"/>
  <bpmn:message id="withdraw" name="fee.withdrawn"/>
  <bpmn:process id="fee" name="Poplatek" isExecutable="true">
    <bpmn:startEvent id="begin" name="Podáno">
      <bpmn:extensionElements><radnice:start form="application" audience="public"/><radnice:public station="Podání"/>
      </bpmn:extensionElements></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="check"/>
    <bpmn:userTask id="check" name="Zkontrolovat žádost"><bpmn:extensionElements>
      <radnice:task form="check" group="secretariat" due="P5WD" subject="'Říčany'"/>
      <radnice:public station="Kontrola"/></bpmn:extensionElements></bpmn:userTask>
    <bpmn:sequenceFlow id="f2" sourceRef="check" targetRef="ask"/>
    <bpmn:serviceTask id="ask" name="Předepsat platbu"><bpmn:extensionElements>
      <radnice:connector name="payment.request" result="payment">
        <radnice:parameter name="amount">amount</radnice:parameter>
        <radnice:parameter name="due">"P14D"</radnice:parameter>
        <radnice:parameter name="purpose">"Poplatek"</radnice:parameter>
      </radnice:connector></bpmn:extensionElements></bpmn:serviceTask>
    <bpmn:sequenceFlow id="f3" sourceRef="ask" targetRef="paid"/>
    <bpmn:intermediateCatchEvent id="paid" name="Zaplaceno"><bpmn:extensionElements>
      <radnice:correlation key="variable_symbol">payment["variable_symbol"]</radnice:correlation>
      <radnice:public station="Platba"/></bpmn:extensionElements>
      <bpmn:messageEventDefinition messageRef="received"/></bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="f4" sourceRef="paid" targetRef="thank"/>
    <bpmn:userTask id="thank" name="Poděkovat"><bpmn:extensionElements>
      <radnice:task group="secretariat" differsFrom="check"/></bpmn:extensionElements></bpmn:userTask>
    <bpmn:sequenceFlow id="f5" sourceRef="thank" targetRef="end"/>
    <bpmn:endEvent id="end" name="Hotovo"><bpmn:extensionElements><radnice:public station="Hotovo"/>
      </bpmn:extensionElements></bpmn:endEvent>
    <bpmn:boundaryEvent id="withdrawn" attachedToRef="check"><bpmn:extensionElements>
      <radnice:offer label="Vzít žádost zpět" audience="applicant"/></bpmn:extensionElements>
      <bpmn:messageEventDefinition messageRef="withdraw"/></bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="f6" sourceRef="withdrawn" targetRef="gone"/>
    <bpmn:endEvent id="gone"/>
  </bpmn:process>
</bpmn:definitions>
"""

MONEY = f"""{HEAD}
  <bpmn:message id="unmatched_money" name="payment.unmatched"/>
  <bpmn:process id="unmatched" name="Nespárovaná platba" isExecutable="true">
    <bpmn:startEvent id="money_came"><bpmn:messageEventDefinition messageRef="unmatched_money"/></bpmn:startEvent>
    <bpmn:sequenceFlow id="m1" sourceRef="money_came" targetRef="decide"/>
    <bpmn:userTask id="decide" name="Přiřadit platbu"><bpmn:extensionElements>
      <radnice:task group="treasurer" subject='transaction["amount_text"]'/></bpmn:extensionElements></bpmn:userTask>
    <bpmn:sequenceFlow id="m2" sourceRef="decide" targetRef="assign"/>
    <bpmn:serviceTask id="assign"><bpmn:extensionElements>
      <radnice:connector name="payment.assign" result="assigned">
        <radnice:parameter name="transaction">transaction["id"]</radnice:parameter>
        <radnice:parameter name="variable_symbol">variable_symbol</radnice:parameter>
      </radnice:connector></bpmn:extensionElements></bpmn:serviceTask>
    <bpmn:sequenceFlow id="m3" sourceRef="assign" targetRef="done"/>
    <bpmn:endEvent id="done"/>
    <bpmn:boundaryEvent id="unknown" attachedToRef="assign"><bpmn:errorEventDefinition errorRef="no_such"/>
      </bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="m4" sourceRef="unknown" targetRef="decide"/>
  </bpmn:process>
  <bpmn:error id="no_such" name="unknown" errorCode="unknown-symbol"/>
</bpmn:definitions>
"""

MEMBERS = {
    "key": "members",
    "title": {"cs": "Členové", "en": "Members"},
    "schema": {
        "type": "object",
        "required": ["ico", "name"],
        "additionalProperties": False,
        "properties": {
            "ico": {"type": "string", "pattern": "^[0-9]{8}$"},
            "name": {"type": "string"},
            "kind": {"type": "string"},
            "since": {"type": "string"},
            "inhabitants": {"type": "integer"},
            "visible": {"type": "boolean"},
            "phone": {"type": "string"},
        },
    },
    "caption": "name + ' (' + kind + ')'",
    "unique": [["ico"]],
    "search": ["name", "ico"],
    "rights": {
        "read": ["treasurer"],
        "write": ["secretariat"],
        "fields": {"phone": {"read": ["secretariat"], "write": ["secretariat"]}},
    },
    "public": {"where": "visible != False", "fields": ["name", "kind", "since"]},
}

FILES: dict[str, bytes] = {
    "agenda.toml": b'key = "fees"\n',
    "fee.bpmn": FEE.encode(),
    "money.bpmn": MONEY.encode(),
    "registers/members.json": json.dumps(MEMBERS).encode(),
}
