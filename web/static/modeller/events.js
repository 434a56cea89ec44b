// What the panel asks of events: messages, times, signals, errors, escalations, conditions, links.
import { w } from "./words.js";
import { code, keyed, line, note, pick, tick } from "./fields.js";

const THROWN = ["bpmn:IntermediateThrowEvent", "bpmn:EndEvent"];
const TIMERS = ["timeDuration", "timeDate", "timeCycle"];

export function events(context) {
  const { bo } = context;
  const found = (bo.eventDefinitions ?? []).map((one) => DEFINITIONS[one.$type]?.(context, one)).filter(Boolean);
  if (["bpmn:ReceiveTask", "bpmn:SendTask"].includes(bo.$type)) found.push(message(context, bo));
  if (bo.$type === "bpmn:BoundaryEvent" && found.length) found[0].fields.push(interrupting(context));
  return found;
}

function interrupting({ element, bo, edits }) {
  return tick("cancels", w("Krok se přeruší", "The step is interrupted"), bo.cancelActivity !== false, (yes) => edits.set(element, { cancelActivity: yes }));
}

/** A shared thing by its name, with the names there are. */
function named({ element, edits }, holder, property, type, label, naming = "name") {
  return line(`ref-${property}`, label, holder[property]?.[naming] ?? holder[property]?.name, (text) => edits.refer(element, holder, property, type, text, naming), {
    suggestions: edits.shared(type).map((one) => one[naming] ?? one.name).filter(Boolean),
  });
}

function message(context, holder) {
  const { element, bo, edits, choices } = context;
  const thrown = THROWN.includes(bo.$type) || bo.$type === "bpmn:SendTask";
  const fields = [named(context, holder, "messageRef", "bpmn:Message", w("Jméno zprávy", "Name of the message"))];
  fields.push(keyed(element, bo, edits, "radnice:Correlation", "key", "keys", w("Ke kterému případu patří", "Which case it belongs to")));
  if (thrown) fields.push(keyed(element, bo, edits, "radnice:Payload", "name", "payload", w("Co nese", "What it carries")));
  else fields.push(...offer(element, bo, edits, choices));
  return { title: w("Zpráva", "Message"), fields };
}

function offer(element, bo, edits, choices) {
  const own = edits.one(bo, "radnice:Offer") ?? {};
  const say = (values) => edits.say(element, bo, "radnice:Offer", values);
  const fields = [line("offer", w("Tlačítko v případu, kterým ji pošle člověk", "Button in the case with which a person sends it"), own.label, (label) => say({ label, ...(label ? {} : { audience: "", form: "", group: "" }) }))];
  if (!own.label) return fields;
  fields.push(
    pick("offer-audience", w("Kdo je smí použít", "Who may use it"), own.audience ?? "staff", [{ key: "staff", title: w("úřad", "the office") }, { key: "applicant", title: w("žadatel", "the applicant") }], (audience) => say({ audience })),
    pick("offer-form", w("Formulář", "Form"), own.form, [{ key: "", title: w("bez formuláře", "no form") }, ...choices.forms], (form) => say({ form }), { free: true }),
    pick("offer-group", w("Skupina", "Group"), own.group, [{ key: "", title: w("žádná", "none") }, ...choices.groups], (group) => say({ group }), { free: true }),
  );
  return fields;
}

function timer({ element, edits }, holder) {
  const kind = TIMERS.find((one) => holder[one]) ?? "timeDuration";
  const text = holder[kind]?.body;
  const turn = (to) => edits.part(element, holder, { ...Object.fromEntries(TIMERS.map((one) => [one, undefined])), [to]: edits.make("bpmn:FormalExpression", { body: text ?? EXAMPLES[to] }, holder) });
  return { title: w("Čas", "Time"), fields: [
    pick("timer-kind", w("Druh", "Kind"), kind, [
      { key: "timeDuration", title: w("po nějaké době", "after a period") }, { key: "timeDate", title: w("v určitý den", "on a day") }, { key: "timeCycle", title: w("opakovaně", "again and again") },
    ], turn),
    code("timer", w("Kdy", "When"), text, (value) => edits.expression(element, holder, kind, value), { reads: kind, example: EXAMPLES[kind], hint: HINTS[kind]() }),
  ] };
}

const EXAMPLES = { timeDuration: "P5WD", timeDate: "2027-01-31", timeCycle: "R3/P1W" };
const HINTS = {
  timeDuration: () => w("P5WD je pět pracovních dnů, P2W dva týdny, PT4H čtyři hodiny; nebo výraz.", "P5WD is five working days, P2W two weeks, PT4H four hours; or an expression."),
  timeDate: () => w("Den jako 2027-01-31, nebo výraz, který ho dá.", "A day such as 2027-01-31, or an expression that gives it."),
  timeCycle: () => w("R3/P1W je třikrát po týdnu, R/P1M každý měsíc.", "R3/P1W is three times a week apart, R/P1M every month."),
};

const DEFINITIONS = {
  "bpmn:MessageEventDefinition": message,
  "bpmn:TimerEventDefinition": timer,
  "bpmn:SignalEventDefinition": (context, holder) => ({ title: w("Signál", "Signal"), fields: [named(context, holder, "signalRef", "bpmn:Signal", w("Jméno signálu", "Name of the signal")),
    ...(THROWN.includes(context.bo.$type) ? [keyed(context.element, context.bo, context.edits, "radnice:Payload", "name", "payload", w("Co nese", "What it carries"))] : [])] }),
  "bpmn:ErrorEventDefinition": (context, holder) => ({ title: w("Chyba", "Error"), fields: [named(context, holder, "errorRef", "bpmn:Error", w("Kód chyby (bez něj každá)", "Code of the error (without it any)"), "errorCode")] }),
  "bpmn:EscalationEventDefinition": (context, holder) => ({ title: w("Eskalace", "Escalation"), fields: [named(context, holder, "escalationRef", "bpmn:Escalation", w("Kód eskalace", "Code of the escalation"), "escalationCode")] }),
  "bpmn:ConditionalEventDefinition": ({ element, edits }, holder) => ({ title: w("Podmínka", "Condition"), fields: [code("when", w("Až bude platit (výraz)", "Once this holds (expression)"), holder.condition?.body, (text) => edits.expression(element, holder, "condition", text), { completes: true })] }),
  "bpmn:LinkEventDefinition": ({ element, edits }, holder) => ({ title: w("Odkaz", "Link"), fields: [line("link", w("Jméno odkazu", "Name of the link"), holder.name, (text) => edits.part(element, holder, { name: text }))] }),
  "bpmn:TerminateEventDefinition": () => ({ title: w("Konec", "End"), fields: [note(w("Tady skončí celý případ, i ostatní větve.", "The whole case ends here, its other branches too."))] }),
};
