"""Small line drawings inside the shapes of a diagram, as SVG path data in a box of 16 by 16."""

from __future__ import annotations

EVENTS = {
    "message": "M2 4h12v9H2zM2 4l6 5 6-5",
    "timer": "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M8 4v4l3 2",
    "signal": "M8 2.5 14.5 13h-13z",
    "conditional": "M3 2h10v12H3zM5 5h6M5 8h6M5 11h6",
    "error": "M2.5 13 6 4l4 5 3.5-6.5",
    "escalation": "M8 2 13 14 8 9.5 3 14z",
    "compensate": "M8 3v10L2 8zM14 3v10L8 8z",
    "link": "M2 6h7V3l5 5-5 5v-3H2z",
    "cancel": "M3.5 3.5l9 9M12.5 3.5l-9 9",
    "terminate": "M8 3a5 5 0 1 0 0 10A5 5 0 1 0 8 3",
    "multiple": "M8 2l5.7 4.2-2.2 6.8H4.5L2.3 6.2z",
}
#: Drawn filled where the event throws.
FILLED_ALWAYS = frozenset({"terminate"})

TASKS = {
    "userTask": "M8 2.5a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M2.5 14.5c0-3.4 2.4-5 5.5-5s5.5 1.6 5.5 5",
    "manualTask": "M2 9V6l5-3 1 1-2 2h7v1.5H9M13 7.5H9M13 9H9M12.5 10.5H9M12 12H6L2 9",
    "serviceTask": "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M8 1.5v2.2M8 12.3v2.2M1.5 8h2.2M12.3 8h2.2"
    "M3.4 3.4 5 5M11 11l1.6 1.6M12.6 3.4 11 5M5 11l-1.6 1.6",
    "scriptTask": "M4.5 1.5h8c-3 3 2 9 -1 13h-8c3-4-2-10 1-13M5.5 5h5M5.7 8h5M6.5 11h4.5",
    "businessRuleTask": "M2 3h12v10H2zM2 6h12M6 6v7",
    "sendTask": "M2 4h12v9H2zM2 4l6 5 6-5",
    "receiveTask": "M2 4h12v9H2zM2 4l6 5 6-5",
}
GATEWAYS = {
    "exclusiveGateway": "M5 5l6 6M11 5l-6 6",
    "parallelGateway": "M8 3.5v9M3.5 8h9",
    "inclusiveGateway": "M8 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8",
    "complexGateway": "M8 3.5v9M3.5 8h9M5 5l6 6M11 5l-6 6",
    "eventBasedGateway": "M8 3a5 5 0 1 0 0 10A5 5 0 1 0 8 3M8 5l2.9 2.1-1.1 3.4H6.2L5.1 7.1z",
}
LOOPS = {
    "standard": "M11 12.5a5 5 0 1 0-6 0M5 9.5v3H2",
    "parallel": "M4 3v10M8 3v10M12 3v10",
    "sequential": "M3 4h10M3 8h10M3 12h10",
}
COLLAPSED = "M2 2h12v12H2zM8 5v6M5 8h6"
