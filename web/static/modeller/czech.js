// The words of bpmn-js and diagram-js in Czech. What is missing stays English.
const TYPES = {
  "message": "zpráva", "timer": "časovač", "signal": "signál", "error": "chyba", "escalation": "eskalace",
  "conditional": "podmínka", "compensation": "vrácení zpět", "link": "odkaz", "cancel": "zrušení", "terminate": "ukončení všeho",
};
const EVENTS = { "start event": "Začátek", "end event": "Konec", "boundary event": "Událost na okraji", "intermediate catch event": "Čekání", "intermediate throw event": "Vyslání" };

const WORDS = {
  "Activate create/remove space tool": "Udělat místo nebo je ubrat",
  "Activate global connect tool": "Spojovat šipkou",
  "Activate hand tool": "Posouvat plátno",
  "Activate lasso tool": "Vybrat víc prvků",
  "Create start event": "Nový začátek",
  "Create end event": "Nový konec",
  "Create intermediate/boundary event": "Nová událost",
  "Create gateway": "Nové rozhodnutí",
  "Create task": "Nový krok",
  "Create expanded sub-process": "Nový podproces",
  "Create data object reference": "Nový dokument",
  "Create data store reference": "Nová evidence",
  "Create pool/participant": "Nový účastník (bazén)",
  "Create group": "Nový rámeček",
  "Create {type}": "Vytvořit: {type}",
  "Append task": "Připojit krok",
  "Append end event": "Připojit konec",
  "Append gateway": "Připojit rozhodnutí",
  "Append intermediate/boundary event": "Připojit událost",
  "Append receive task": "Připojit příjem zprávy",
  "Append message intermediate catch event": "Připojit čekání na zprávu",
  "Append timer intermediate catch event": "Připojit čekání na čas",
  "Append conditional intermediate catch event": "Připojit čekání na podmínku",
  "Append signal intermediate catch event": "Připojit čekání na signál",
  "Append compensation activity": "Připojit krok, který vrací zpět",
  "Append {type}": "Připojit: {type}",
  "Add text annotation": "Připsat poznámku",
  "Add lane above": "Přidat dráhu nad",
  "Add lane below": "Přidat dráhu pod",
  "Divide into two lanes": "Rozdělit na dvě dráhy",
  "Divide into three lanes": "Rozdělit na tři dráhy",
  "Connect to other element": "Spojit s jiným prvkem",
  "Connect using association": "Spojit poznámkou",
  "Connect using data input association": "Spojit s daty",
  "Change element": "Změnit druh",
  "Change type": "Změnit druh",
  "Delete": "Smazat",
  "Remove": "Smazat",
  "Align elements": "Zarovnat prvky",
  "Align elements ": "Zarovnat prvky ",
  "Align elements left": "Zarovnat vlevo", "Align elements center": "Zarovnat na střed", "Align elements right": "Zarovnat vpravo",
  "Align elements top": "Zarovnat nahoru", "Align elements middle": "Zarovnat doprostřed", "Align elements bottom": "Zarovnat dolů",
  "Distribute elements horizontally": "Rozmístit vodorovně",
  "Distribute elements vertically": "Rozmístit svisle",
  "Search in diagram": "Hledat v diagramu",
  "Search": "Hledat",
  "Toggle non-interrupting": "Přeruší krok, nebo ne",
  "Loop": "Opakovat, dokud platí",
  "Parallel multi-instance": "Pro každého najednou",
  "Sequential multi-instance": "Pro každého postupně",
  "Collection": "Více kusů",
  "Participant multiplicity": "Více účastníků",
  "Ad-hoc": "V libovolném pořadí",
  "Open {element}": "Otevřít: {element}",
  "Open minimap": "Otevřít mapku", "Close minimap": "Zavřít mapku",
  "Task": "Krok",
  "User task": "Úkol člověka",
  "Manual task": "Ruční práce",
  "Service task": "Akce systému",
  "Send task": "Odeslání",
  "Receive task": "Příjem zprávy",
  "Script task": "Výpočet",
  "Business rule task": "Rozhodovací tabulka",
  "Call activity": "Volání jiného postupu",
  "Sub-process": "Podproces",
  "Sub-process (collapsed)": "Podproces (sbalený)",
  "Sub-process (expanded)": "Podproces (rozbalený)",
  "Ad-hoc sub-process": "Podproces v libovolném pořadí",
  "Ad-hoc sub-process (collapsed)": "Podproces v libovolném pořadí (sbalený)",
  "Ad-hoc sub-process (expanded)": "Podproces v libovolném pořadí (rozbalený)",
  "Event sub-process": "Podproces na událost",
  "Transaction": "Transakce",
  "Exclusive gateway": "Jedna z cest",
  "Parallel gateway": "Všechny cesty najednou",
  "Inclusive gateway": "Jedna nebo více cest",
  "Complex gateway": "Cesty podle složité podmínky",
  "Event-based gateway": "Podle toho, co přijde dřív",
  "Event based instantiating Gateway": "Začíná tím, co přijde",
  "Parallel Event based instantiating Gateway": "Začíná vším, co přijde",
  "Start event": "Začátek",
  "End event": "Konec",
  "Boundary event": "Událost na okraji",
  "Intermediate throw event": "Průběžná událost",
  "Sequence flow": "Cesta",
  "Default flow": "Cesta, když neplatí žádná jiná",
  "Conditional flow": "Cesta s podmínkou",
  "Data object reference": "Dokument",
  "Data store reference": "Evidence",
  "Empty pool/participant": "Účastník bez postupu",
  "Expanded pool/participant": "Účastník s postupem",
  "Text annotation": "Poznámka",
  "Events": "Události", "Tasks": "Kroky", "Gateways": "Rozhodnutí", "Sub-processes": "Podprocesy", "Sub-Processes": "Podprocesy",
  "Data": "Data", "Participants": "Účastníci", "Participant": "Účastník", "Pool": "Účastník", "Group": "Rámeček",
  "no parent for {element} in {parent}": "{element} tu nemá kam patřit",
  "Create element": "Nový prvek", "Append element": "Připojit prvek", "Append": "Připojit", "Create": "Vytvořit",
  "element not found": "prvek se nenašel", "No matching entries": "Nic takového tu není",
};

const NON = " (non-interrupting)";

/** Put an event's name together: „Timer boundary event (non-interrupting)“. */
function event(text) {
  const still = text.endsWith(NON);
  const plain = (still ? text.slice(0, -NON.length) : text).toLowerCase();
  for (const [end, name] of Object.entries(EVENTS)) {
    const kind = plain.endsWith(" " + end) && TYPES[plain.slice(0, -end.length - 1)];
    if (kind) return `${name}: ${kind}${still ? " (krok běží dál)" : ""}`;
  }
  return null;
}

export function translate(template, replacements = {}) {
  const text = WORDS[template] ?? event(template) ?? template;
  return text.replace(/{([^}]+)}/g, (whole, key) => replacements[key] ?? whole);
}
