// Fields of which the panel's sections are made.

export const line = (id, label, value, set, more = {}) => ({ kind: "line", id, label, value: value ?? "", set, ...more });
export const code = (id, label, value, set, more = {}) => ({ kind: "code", id, label, value: value ?? "", set, ...more });
export const area = (id, label, value, set, more = {}) => ({ kind: "area", id, label, value: value ?? "", set, ...more });
export const pick = (id, label, value, options, set, more = {}) => ({ kind: "pick", id, label, value: value ?? "", options, set, ...more });
export const tick = (id, label, value, set, more = {}) => ({ kind: "tick", id, label, value: Boolean(value), set, ...more });
export const note = (text, more = {}) => ({ kind: "note", text, ...more });
export const name = (key) => ({ key, title: key });
export const nothing = (title) => ({ key: "", title });

/** A list of names with expressions. */
export function keyed(element, holder, edits, type, key, id, label) {
  const rows = edits.all(holder, type).map((one) => ({ key: one[key], value: one.value ?? "" }));
  return { kind: "pairs", id, label, rows, set: (row, value) => edits.keyed(element, holder, type, key, row, value) };
}
