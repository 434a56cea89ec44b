// Our extension elements for bpmn-js, so that they are edited typed and written back as they were. docs/authoring.md
const attributes = (...names) => names.map((name) => ({ name, type: "String", isAttr: true }));
const body = (key) => [...attributes(key), { name: "value", type: "String", isBody: true }];
const element = (name, properties) => ({ name, superClass: ["Element"], properties });

export const radnice = {
  name: "Radnice",
  prefix: "radnice",
  uri: "https://radnice.cz/bpmn/1.0",
  xml: { tagAlias: "lowerCase" },
  associations: [],
  types: [
    element("Task", attributes("form", "formFrom", "group", "assignee", "candidates", "due", "audience", "comments", "differsFrom", "subject", "priority", "prefill")),
    element("Start", attributes("form", "audience", "group")),
    element("Connector", [...attributes("name", "result"), { name: "parameters", type: "Parameter", isMany: true }]),
    element("Parameter", body("name")),
    element("Decision", attributes("ref", "result")),
    element("Payload", body("name")),
    element("Correlation", body("key")),
    element("Offer", attributes("label", "audience", "form", "group")),
    element("Input", body("name")),
    element("Output", body("name")),
    element("Public", attributes("station", "usual")),
  ],
};
