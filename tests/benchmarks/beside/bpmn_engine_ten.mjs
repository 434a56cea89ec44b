// Ten tasks in bpmn-engine: its state is recovered, moved by one task and written to a file with fsync.
// `bpmn_engine_ten.mjs DIAGRAM FILE COMPLETIONS`; prints the seconds of each as JSON.
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { EventEmitter } from "node:events";
import { Engine } from "bpmn-engine";

const [diagram, file, completions] = process.argv.slice(2);
const source = readFileSync(diagram, "utf8");
const taken = [];

function save(state) {
  const handle = openSync(file, "w");
  writeSync(handle, JSON.stringify(state));
  fsyncSync(handle);
  closeSync(handle);
}

async function begin() {
  const engine = new Engine({ name: "ten", source });
  const listener = new EventEmitter();
  await engine.execute({ listener });
  const state = await engine.getState();
  await engine.stop();
  save(state);
}

async function complete() {
  const begun = performance.now();
  const engine = new Engine({ name: "ten" }).recover(JSON.parse(readFileSync(file, "utf8")));
  const listener = new EventEmitter();
  let waiting;
  listener.on("activity.wait", (task) => { waiting ??= task; });
  await engine.resume({ listener });
  const done = waiting;
  done.signal({ name: "Obec Horní Dolní", inhabitants: 2540, agreed: true });
  const state = await engine.getState();
  save(state);
  const seconds = (performance.now() - begun) / 1000;
  await engine.stop();
  return [seconds, done.id];
}

while (taken.length < Number(completions)) {
  await begin();
  for (let step = 0; step < 9; step += 1) {
    const [seconds, id] = await complete();
    if (id !== `u${step}`) throw new Error(`expected u${step}, completed ${id}`);
    taken.push(seconds);
  }
}
console.log(JSON.stringify(taken));
