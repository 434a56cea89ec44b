// What the panel asks of each kind of element, in the author's words. A section is {title, fields}.
import { w } from "./words.js";
import { events } from "./events.js";
import { area, code, keyed, line, name, note, nothing, pick, tick } from "./fields.js";

const HUMAN = ["bpmn:UserTask", "bpmn:ManualTask", "bpmn:Task"];
const ACTIVITY = "bpmn:Activity";
const NAMED_BY_TEXT = "bpmn:TextAnnotation";

export function sections(context) {
  const { bo } = context;
  return [said(context), start(context), who(context), when(context), form(context), action(context), decision(context), script(context),
    call(context), ...events(context), flow(context), ways(context), repeating(context), station(context)].filter((one) => one?.fields.length).map((one) => ({ ...one, of: bo.id }));
}

function said({ element, bo, process, edits }) {
  const own = process ?? bo;
  const fields = bo.$type === NAMED_BY_TEXT
    ? [area("text", w("Text", "Text"), bo.text, (text) => edits.set(element, { text }))]
    : [line("name", w("Název", "Name"), bo.name ?? own.name, (text) => (process && process !== bo ? rename(element, bo, process, edits, text) : edits.set(element, { name: text })))];
  const told = own.documentation?.[0]?.text;
  fields.push(area("documentation", w("Popis", "Description"), told, (text) => edits.documentation(element, own, text), {
    hint: w("U stanice je to věta, kterou uvidí žadatel.", "At a station it is the sentence that the applicant sees."),
  }));
  return { title: "", fields };
}

/** A pool and its procedure are called the same. */
function rename(element, bo, process, edits, text) {
  edits.set(element, { name: text });
  edits.part(element, process, { name: text });
}

function start({ element, bo, edits, choices }) {
  if (bo.$type !== "bpmn:StartEvent" || bo.eventDefinitions?.length || bo.$parent.$type !== "bpmn:Process") return null;
  const own = edits.one(bo, "radnice:Start") ?? {};
  const say = (values) => edits.say(element, bo, "radnice:Start", values);
  const fields = [formPick("start-form", w("Formulář, který postup začíná", "Form that begins the procedure"), own.form, choices, (form) => say({ form, ...(form ? {} : { audience: "", group: "" }) }))];
  if (own.form) {
    fields.push(pick("start-audience", w("Kdo ho podává", "Who sends it"), own.audience ?? "public", [
      { key: "public", title: w("kdokoli na portálu", "anybody on the portal") }, { key: "staff", title: w("pracovník úřadu", "staff of the office") },
    ], (audience) => say({ audience })));
    if (own.audience === "staff") fields.push(groupPick("start-group", w("Skupina", "Group"), own.group, choices, (group) => say({ group })));
  }
  return { title: w("Začátek", "Start"), fields };
}

const formPick = (id, label, value, choices, set) => pick(id, label, value, [nothing(w("bez formuláře", "no form")), ...choices.forms], set, {
  free: true, link: choices.forms.find((one) => one.key === value)?.url, linked: w("Otevřít formulář ve stavbě", "Open the form in the builder"),
});
const groupPick = (id, label, value, choices, set, none = w("žádná", "none")) => pick(id, label, value, [nothing(none), ...choices.groups], set, { free: true });

function who({ element, bo, edits, choices, activities }) {
  if (!HUMAN.includes(bo.$type)) return null;
  const own = edits.one(bo, "radnice:Task") ?? {};
  const say = (values) => edits.say(element, bo, "radnice:Task", values);
  const lane = laneOf(bo);
  const fields = [pick("audience", w("Kdo to dělá", "Who does it"), own.audience ?? "staff", [
    { key: "staff", title: w("úřad", "the office") }, { key: "applicant", title: w("žadatel na stránce případu", "the applicant on the page of the case") },
  ], (audience) => say({ audience: audience === "staff" ? "" : audience }))];
  if (own.audience !== "applicant") {
    fields.push(
      groupPick("group", w("Skupina", "Group"), own.group, choices, (group) => say({ group }), lane ? w(`podle dráhy: ${lane}`, `by the lane: ${lane}`) : w("žádná", "none")),
      code("assignee", w("Určitý člověk (výraz)", "One person (expression)"), own.assignee, (assignee) => say({ assignee }), { example: "mayor" }),
      code("candidates", w("Několik lidí (výraz)", "Several people (expression)"), own.candidates, (candidates) => say({ candidates }), { example: "[\"jitka\", \"petr\"]" }),
      pick("differs", w("Jiný člověk než v kroku", "Somebody else than in the step"), own.differsFrom, [nothing(w("nezáleží", "does not matter")), ...activities.filter((one) => one.key !== bo.id)], (differsFrom) => say({ differsFrom })),
    );
  }
  return { title: w("Kdo", "Who"), fields };
}

function laneOf(bo) { return (bo.lanes ?? []).at(-1)?.name; }

function when({ element, bo, edits }) {
  if (!HUMAN.includes(bo.$type)) return null;
  const own = edits.one(bo, "radnice:Task") ?? {};
  const say = (values) => edits.say(element, bo, "radnice:Task", values);
  return { title: w("Do kdy", "Until when"), fields: [
    code("due", w("Lhůta", "Due"), own.due, (due) => say({ due }), { reads: "due", example: "P5WD", hint: w("P5WD je pět pracovních dnů, P30D třicet dnů, P1M měsíc; nebo výraz.", "P5WD is five working days, P30D thirty days, P1M a month; or an expression.") }),
    line("priority", w("Přednost (50 je běžná)", "Priority (50 is usual)"), own.priority, (priority) => say({ priority }), { numeric: true }),
  ] };
}

function form({ element, bo, edits, choices }) {
  if (!HUMAN.includes(bo.$type)) return null;
  const own = edits.one(bo, "radnice:Task") ?? {};
  const say = (values) => edits.say(element, bo, "radnice:Task", values);
  return { title: w("Formulář", "Form"), fields: [
    formPick("form", w("Co se vyplní", "What is filled in"), own.form, choices, (value) => say({ form: value })),
    code("formFrom", w("Formulář podle případu (výraz)", "Form by the case (expression)"), own.formFrom, (formFrom) => say({ formFrom }), { example: "call[\"form\"]" }),
    tick("prefill", w("Předvyplnit tím, co případ ví", "Fill in beforehand what the case knows"), own.prefill !== "false", (yes) => say({ prefill: yes ? "" : "false" })),
    code("subject", w("O co jde (výraz pro seznam úkolů)", "What it is about (expression for the inbox)"), own.subject, (subject) => say({ subject })),
    line("comments", w("Proměnná s připomínkami k polím", "Variable with comments at fields"), own.comments, (comments) => say({ comments })),
  ] };
}

function action({ element, bo, edits, choices }) {
  if (!["bpmn:ServiceTask", "bpmn:SendTask"].includes(bo.$type)) return null;
  const own = edits.one(bo, "radnice:Connector");
  const options = [nothing(w("zatím nic", "nothing yet")), ...choices.actions.map((one) => ({ key: one.key, title: `${one.title} (${one.key})` }))];
  const change = (action) => {
    if (!action && own) return edits.remove(element, bo, own);
    if (own) return edits.part(element, own, { name: action });
    return action && edits.say(element, bo, "radnice:Connector", { name: action });
  };
  const fields = [pick("action", w("Co se udělá", "What is done"), own?.name, options, change, { free: true })];
  if (own) {
    const known = choices.actions.find((one) => one.key === own.name);
    fields.push(...parameters(element, own, known, edits, choices));
    fields.push(line("result", w("Výsledek do proměnné", "Result goes into the variable"), own.result, (result) => edits.part(element, own, { result: result || undefined })));
    if (known?.errors.length) fields.push(note(w("Může skončit chybou: ", "It may end by the error: ") + known.errors.map((one) => `${one.code} (${one.title})`).join(", ")));
  }
  return { title: w("Akce", "Action"), fields };
}

function parameters(element, own, known, edits, choices) {
  const given = Object.fromEntries((own.parameters ?? []).map((one) => [one.name, one.value]));
  const wanted = known?.parameters ?? [];
  const unknown = Object.keys(given).filter((one) => !wanted.some((parameter) => parameter.name === one)).map((one) => ({ name: one, unknown: Boolean(known) }));
  return [...wanted, ...unknown].map((parameter) => {
    const words = (parameter.of ? choices[parameter.of] : parameter.choices) ?? [];
    return code(`p-${parameter.name}`, parameter.name + (parameter.required ? ` ${w("(povinné)", "(required)")}` : ""), given[parameter.name], (value) => edits.parameter(element, own, parameter.name, value), {
      suggestions: words.map((one) => JSON.stringify(one.key ?? one)),
      wrong: parameter.unknown ? w("Tohle akce nezná.", "The action does not know this.") : "",
      missing: parameter.required && !given[parameter.name],
    });
  });
}

function decision({ element, bo, edits, choices }) {
  if (bo.$type !== "bpmn:BusinessRuleTask") return null;
  const own = edits.one(bo, "radnice:Decision") ?? {};
  const say = (values) => edits.say(element, bo, "radnice:Decision", values);
  return { title: w("Rozhodnutí", "Decision"), fields: [
    pick("decision", w("Tabulka", "Table"), own.ref, [nothing(w("zatím žádná", "none yet")), ...choices.decisions], (ref) => say({ ref, ...(ref ? {} : { result: "" }) }), {
      free: true, link: choices.decisions.find((one) => one.key === own.ref)?.url, linked: w("Otevřít tabulku", "Open the table"),
    }),
    ...(own.ref ? [line("result", w("Výsledek do proměnné", "Result goes into the variable"), own.result, (result) => say({ result }))] : []),
  ] };
}

function script({ element, bo, edits }) {
  if (bo.$type !== "bpmn:ScriptTask") return null;
  return { title: w("Výpočet", "Computation"), fields: [
    code("script", w("Text ve Starlarku", "Text in Starlark"), bo.script, (text) => edits.set(element, { script: text, scriptFormat: bo.scriptFormat ?? "text/starlark" }), { rows: 8, completes: true, example: "fee = parameters[\"yearly_fee\"]" }),
  ] };
}

function call({ element, bo, edits, choices }) {
  if (bo.$type !== "bpmn:CallActivity") return null;
  const pairs = (type, id, label) => keyed(element, bo, edits, type, "name", id, label);
  return { title: w("Volaný postup", "Called procedure"), fields: [
    pick("called", w("Postup", "Procedure"), bo.calledElement, [nothing(w("zatím žádný", "none yet")), ...choices.processes.map(name)], (calledElement) => edits.set(element, { calledElement: calledElement || undefined }), { free: true }),
    pairs("radnice:Input", "in", w("Co dostane (bez toho všechno)", "What goes in (else everything)")),
    pairs("radnice:Output", "out", w("Co vrátí (bez toho všechno)", "What comes out (else everything)")),
  ] };
}

function flow({ element, bo, edits }) {
  if (bo.$type !== "bpmn:SequenceFlow") return null;
  const from = bo.sourceRef;
  const source = element.source;
  const isDefault = from.default === bo;
  const chooses = ["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway", "bpmn:ComplexGateway"].includes(from.$type) || from.$instanceOf(ACTIVITY);
  if (!chooses) return null;
  const fields = [];
  if (!isDefault) fields.push(code("condition", w("Kdy se tudy jde (výraz)", "When this way is taken (expression)"), bo.conditionExpression?.body, (text) => edits.expression(element, bo, "conditionExpression", text), { completes: true, example: "accepted == \"yes\"", rows: 2 }));
  fields.push(tick("default", w("Tudy, když neplatí žádná jiná podmínka", "This way when no other condition holds"), isDefault, (yes) => {
    if (yes && bo.conditionExpression) edits.part(element, bo, { conditionExpression: undefined });
    edits.set(source, { default: yes ? bo : undefined });
  }));
  return { title: w("Kdy tudy", "When this way"), fields };
}

function ways({ bo, element }) {
  const out = (element.outgoing ?? []).filter((one) => one.businessObject.$type === "bpmn:SequenceFlow");
  if (!out.length || bo.$type === "bpmn:SequenceFlow") return null;
  const told = (flow) => (bo.default === flow ? w("jinak", "else") : flow.conditionExpression?.body ?? "");
  return { title: w("Co potom", "What then"), fields: out.map((one) => ({
    kind: "go", id: `to-${one.id}`, to: one.id, label: `${one.businessObject.name ? `${one.businessObject.name}: ` : ""}${one.target?.businessObject.name || one.target?.id || ""}`, hint: told(one.businessObject),
  })) };
}

function repeating({ element, bo, edits }) {
  const own = bo.loopCharacteristics;
  if (!own) return null;
  const set = (id, label, property, more) => code(id, label, own.get(property)?.body, (text) => edits.expression(element, own, property, text), more);
  if (own.$type === "bpmn:StandardLoopCharacteristics") {
    return { title: w("Opakování", "Repeating"), fields: [set("loop", w("Opakovat, dokud platí", "Repeat while this holds"), "loopCondition", { completes: true }),
      line("loop-most", w("Nejvýš kolikrát", "At most so many times"), own.loopMaximum, (text) => edits.part(element, own, { loopMaximum: Number(text) || undefined }), { numeric: true })] };
  }
  const data = (id, label, property) => line(id, label, item(own.get(property)), (text) => edits.part(element, own, { [property]: text ? edits.make(property === "inputDataItem" ? "bpmn:DataInput" : "bpmn:DataOutput", { name: text }, own) : undefined }));
  const list = (id, label, property) => line(id, label, item(own.get(property)), (text) => edits.part(element, own, { [property]: text ? edits.standIn(text) : undefined }));
  return { title: w("Opakování", "Repeating"), fields: [
    note(own.isSequential ? w("Pro každého ze seznamu, jeden po druhém.", "For each of a list, one after another.") : w("Pro každého ze seznamu, všichni najednou.", "For each of a list, all at once.")),
    list("list", w("Seznam (proměnná)", "The list (variable)"), "loopDataInputRef"),
    data("each", w("Proměnná jednoho z nich", "Variable of one of them"), "inputDataItem"),
    data("answer", w("Co z každého vzejde (proměnná)", "What comes of each (variable)"), "outputDataItem"),
    list("answers", w("Kam se to sebere (proměnná)", "Where it is gathered (variable)"), "loopDataOutputRef"),
    set("count", w("nebo kolikrát (výraz)", "or how many times (expression)"), "loopCardinality"),
    set("enough", w("Skončit dřív, když platí", "End sooner when this holds"), "completionCondition", { completes: true }),
  ] };
}

const item = (one) => one?.name ?? one?.dataObjectRef?.name ?? one?.id ?? "";

function station({ element, bo, edits }) {
  if (!bo.$instanceOf("bpmn:FlowNode")) return null;
  const own = edits.one(bo, "radnice:Public") ?? {};
  const say = (values) => edits.say(element, bo, "radnice:Public", values);
  return { title: w("Pro žadatele", "For the applicant"), fields: [
    line("station", w("Stanice na jeho cestě", "Station on the applicant's line"), own.station, (text) => say(text ? { station: text } : { station: "", usual: "" }), { hint: w("Kroky stejné stanice se ukazují jako jedna.", "Steps of the same station show as one.") }),
    ...(own.station ? [tick("usual", w("Ukázat ji předem každému", "Show it to everybody beforehand"), own.usual !== "false", (yes) => say({ usual: yes ? "" : "false" }))] : []),
  ] };
}
