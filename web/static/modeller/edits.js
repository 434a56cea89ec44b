// Reads and writes what an element says; each change is one step of undo.
import { named } from "./opening.js";
import { w } from "./words.js";

export class Edits {
  constructor(modeler) {
    this.modeling = modeler.get("modeling");
    this.moddle = modeler.get("moddle");
    this.bpmnFactory = modeler.get("bpmnFactory");
    this.modeler = modeler;
  }

  set(element, values) { this.modeling.updateProperties(element, values); }

  /** Change a part of an element that has no shape of its own. */
  part(element, part, values) { this.modeling.updateModdleProperties(element, part, values); }

  make(type, values, parent) {
    const made = this.bpmnFactory.create(type, values);
    if (parent) made.$parent = parent;
    return made;
  }

  standIn(name) { return named(this.moddle, name); }

  // --- extension elements --------------------------------------------------------------------------------------------

  all(holder, type) { return (holder.extensionElements?.values ?? []).filter((one) => one.$type === type); }

  one(holder, type) { return this.all(holder, type)[0]; }

  /** Say something in an extension element; it comes with its first word and goes with its last. */
  say(element, holder, type, values) {
    const found = this.one(holder, type);
    const told = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value === "" ? undefined : value]));
    if (found) {
      const stays = Object.entries({ ...plain(found), ...told }).some(([, value]) => value !== undefined);
      if (stays) return this.part(element, found, told);
      return this.remove(element, holder, found);
    }
    if (Object.values(told).some((value) => value !== undefined)) this.add(element, holder, this.moddle.create(type, told));
  }

  add(element, holder, extension) {
    const values = [...(holder.extensionElements?.values ?? []), extension];
    this.extensions(element, holder, values);
  }

  remove(element, holder, extension) {
    this.extensions(element, holder, (holder.extensionElements?.values ?? []).filter((one) => one !== extension));
  }

  extensions(element, holder, values) {
    if (!values.length) return this.part(element, holder, { extensionElements: undefined });
    const made = this.make("bpmn:ExtensionElements", { values }, holder);
    values.forEach((one) => { one.$parent = made; });
    this.part(element, holder, { extensionElements: made });
  }

  /** A value by its key: parameters, payload, correlation; empty takes it away. */
  keyed(element, holder, type, key, name, value) {
    const found = this.all(holder, type).find((one) => one[key] === name);
    if (found && value) return this.part(element, found, { value });
    if (found) return this.remove(element, holder, found);
    if (value) this.add(element, holder, this.moddle.create(type, { [key]: name, value }));
  }

  parameter(element, connector, name, value) {
    const others = connector.get("parameters");
    const found = others.find((one) => one.name === name);
    if (found && value) return this.part(element, found, { value });
    const made = value ? this.moddle.create("radnice:Parameter", { name, value }) : null;
    if (made) made.$parent = connector;
    this.part(element, connector, { parameters: [...others.filter((one) => one !== found), ...(made ? [made] : [])] });
  }

  // --- texts inside of an element ------------------------------------------------------------------------------------

  documentation(element, holder, text) {
    const rest = (holder.documentation ?? []).slice(1);
    const made = text ? [this.make("bpmn:Documentation", { text }, holder)] : [];
    this.part(element, holder, { documentation: [...made, ...rest] });
  }

  /** A condition, timer or other formal expression; empty takes it away. */
  expression(element, holder, name, text, others = {}) {
    const found = holder.get(name);
    if (found && text) {
      this.part(element, found, { body: text });
      return Object.keys(others).length ? this.part(element, holder, others) : undefined;
    }
    const made = text ? this.make("bpmn:FormalExpression", { body: text }, holder) : undefined;
    return this.part(element, holder, { ...others, [name]: made });
  }

  // --- what many elements share: messages, signals, errors, escalations -------------------------------------------------

  definitions() { return this.modeler.getDefinitions(); }

  shared(type) { return (this.definitions().rootElements ?? []).filter((one) => one.$type === type); }

  /** Refer to a shared thing by its name, made where there is none. */
  refer(element, holder, property, type, name, naming) {
    if (!name) return this.part(element, holder, { [property]: undefined });
    let found = this.shared(type).find((one) => one[naming] === name || one.name === name);
    if (!found) {
      found = this.make(type, { name, [naming]: name }, this.definitions());
      this.part(element, this.definitions(), { rootElements: [...this.definitions().rootElements, found] });
    }
    return this.part(element, holder, { [property]: found });
  }
}

/** An extension element's own words. */
function plain(one) {
  const names = one.$descriptor.properties.map((property) => property.ns.localName);
  const values = Object.fromEntries(names.filter((name) => !Array.isArray(one[name]) || one[name].length).map((name) => [name, one[name]]));
  return { ...values, ...one.$attrs };
}

export const KINDS = {
  "bpmn:Process": () => w("Postup", "Procedure"),
  "bpmn:Collaboration": () => w("Diagram s účastníky", "Diagram with participants"),
  "bpmn:Participant": () => w("Účastník", "Participant"),
  "bpmn:Lane": () => w("Dráha", "Lane"),
  "bpmn:StartEvent": () => w("Začátek", "Start"),
  "bpmn:EndEvent": () => w("Konec", "End"),
  "bpmn:BoundaryEvent": () => w("Událost na okraji kroku", "Event on the border of a step"),
  "bpmn:IntermediateCatchEvent": () => w("Čekání", "Wait"),
  "bpmn:IntermediateThrowEvent": () => w("Průběžná událost", "Event thrown"),
  "bpmn:Task": () => w("Krok", "Step"),
  "bpmn:UserTask": () => w("Úkol člověka", "Human task"),
  "bpmn:ManualTask": () => w("Ruční práce", "Manual work"),
  "bpmn:ServiceTask": () => w("Akce systému", "Action of the system"),
  "bpmn:SendTask": () => w("Odeslání", "Sending"),
  "bpmn:ReceiveTask": () => w("Příjem zprávy", "Receiving a message"),
  "bpmn:ScriptTask": () => w("Výpočet", "Computation"),
  "bpmn:BusinessRuleTask": () => w("Rozhodovací tabulka", "Decision table"),
  "bpmn:CallActivity": () => w("Volání jiného postupu", "Call of another procedure"),
  "bpmn:SubProcess": () => w("Podproces", "Sub-process"),
  "bpmn:Transaction": () => w("Transakce", "Transaction"),
  "bpmn:AdHocSubProcess": () => w("Podproces v libovolném pořadí", "Ad-hoc sub-process"),
  "bpmn:ExclusiveGateway": () => w("Jedna z cest", "One of the ways"),
  "bpmn:ParallelGateway": () => w("Všechny cesty najednou", "All ways at once"),
  "bpmn:InclusiveGateway": () => w("Jedna nebo více cest", "One or more ways"),
  "bpmn:EventBasedGateway": () => w("Podle toho, co přijde dřív", "By what comes first"),
  "bpmn:ComplexGateway": () => w("Cesty podle složité podmínky", "Complex gateway"),
  "bpmn:SequenceFlow": () => w("Cesta", "Way"),
  "bpmn:MessageFlow": () => w("Zpráva mezi účastníky", "Message between participants"),
  "bpmn:TextAnnotation": () => w("Poznámka", "Note"),
  "bpmn:DataObjectReference": () => w("Dokument", "Document"),
  "bpmn:DataStoreReference": () => w("Evidence", "Register"),
  "bpmn:Group": () => w("Rámeček", "Group"),
};
