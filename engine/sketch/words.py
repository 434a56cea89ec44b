"""What the sketch tells of each change, in Czech and English."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # --- the file ---
    "namespace": (
        "Soubor je v návrhu normy ({old}); převedli jsme jej na BPMN 2.0.",
        "The file follows a draft of the standard ({old}); it was turned into BPMN 2.0.",
    ),
    "foreign": (
        "Prvek {tag} cizího nástroje stál mimo rozšíření; přesunuli jsme jej tam.",
        "The element {tag} of another tool stood outside of extensions; it was moved there.",
    ),
    "unknown": ("Prvek {tag} BPMN 2.0 nezná; odstranili jsme jej.", "BPMN 2.0 knows no element {tag}; it was removed."),
    "invalid": (
        "Část, která odporuje schématu BPMN, jsme odstranili ({what}).",
        "A part that breaks the schema of BPMN was removed ({what}).",
    ),
    "executable": (
        "Postup byl jen nakreslený (isExecutable); označili jsme jej jako spustitelný.",
        "The process was only drawn (isExecutable); it is now marked as one that runs.",
    ),
    "public": ("Spustitelný postup nemůže být veřejný.", "A process that runs is not a public one."),
    "new_id": (
        "Prvek neměl vlastní id ({old}); dostal {new}.",
        "The element had no id of its own ({old}); it got {new}.",
    ),
    "moved": (
        "Prvek ležel uvnitř prvku {tag}, kam nepatří; přesunuli jsme jej do postupu.",
        "The element lay in {tag}, where it does not belong; it was moved into the process.",
    ),
    "no_execution": (
        "Choreografie a konverzace se nedají vykonat; {tag} jsme odstranili.",
        "Choreographies and conversations can't be executed; {tag} was removed.",
    ),
    "empty_pool": (
        "Bazén {name} je prázdný; bereme jej jako někoho mimo úřad.",
        "The pool {name} is empty; it is taken for somebody outside of the office.",
    ),
    "empty_process": ("Prázdný postup jsme odstranili.", "An empty process was removed."),
    "reference": (
        "Odkaz {attribute} vedl na {target}, který tu není; odstranili jsme jej.",
        "The reference {attribute} led to {target}, which is not here; it was removed.",
    ),
    "optional_data": (
        "Na data, která z výkresu nikdo neplní, krok nečeká; má-li čekat, zrušte optionalInputRefs",
        "The step does not wait for data that nobody fills; if it should, remove optionalInputRefs",
    ),
    "removed": (
        "Prvek {tag} odporoval normě a případ jej nepotřebuje; odstranili jsme jej ({why})",
        "The element {tag} broke the standard and no case needs it; it was removed ({why})",
    ),
    # --- flows ---
    "dangling": (
        "Spojnice {name} nevedla od prvku k prvku; odstranili jsme ji, dokreslete ji.",
        "The flow {name} did not lead from element to element; it was removed, draw it again.",
    ),
    "between_pools": (
        "Spojnice {name} vede mezi bazény; zůstala nakreslená jako souvislost, která nic nespouští.",
        "The flow {name} leads between pools; it stays drawn as an association that starts nothing.",
    ),
    "across_border": (
        "Spojnice {name} vedla přes okraj podprocesu; vede teď k podprocesu samotnému.",
        "The flow {name} crossed the border of a sub-process; it now joins the sub-process itself.",
    ),
    "twice": (
        "Tatáž spojnice tu byla dvakrát; jednu jsme odstranili.",
        "The same flow was here twice; one was removed.",
    ),
    "into_start": (
        "Do začátku nic nevede; spojnice {name} teď vede za něj.",
        "Nothing flows into a start event; the flow {name} now leads behind it.",
    ),
    "through_end": (
        "Z konce něco vedlo dál; udělali jsme z něj událost uprostřed.",
        "Something led on from the end event; it became an intermediate event.",
    ),
    "from_end": (
        "Z tohoto konce nemůže nic vést; spojnici {name} jsme odstranili.",
        "Nothing can lead on from this end event; the flow {name} was removed.",
    ),
    "into_boundary": (
        "Do události na okraji nic nevede; spojnici {name} jsme odstranili.",
        "Nothing flows into a boundary event; the flow {name} was removed.",
    ),
    "new_start": ("Chyběl začátek; doplnili jsme jej.", "There was no start event; one was added."),
    "loose_start": (
        "Nic sem nevedlo; doplnili jsme začátek, takže to poběží souběžně. Spojte to, kam to patří.",
        "Nothing led here; a start event was added, so that this runs beside the rest. Join it where it belongs.",
    ),
    "joined_start": (
        "Nic sem nevedlo; připojili jsme to k začátku.",
        "Nothing led here; it was joined to the start event.",
    ),
    "new_end": ("Nic odtud nevedlo; doplnili jsme konec.", "Nothing led on from here; an end event was added."),
    "no_start": (
        "Kdo případ zahájí, diagram neříká nebo o tom nevíme; zahájí jej člověk.",
        "The diagram does not say who begins the case, or it is not known here; a person begins it.",
    ),
    "message_flow": (
        "Tok zpráv {name} nevede mezi odesílatelem a příjemcem; zůstal nakreslený jako souvislost.",
        "The message flow {name} joins no sender with a receiver; it stays drawn as an association.",
    ),
    "condition_dropped": (
        "Podmínka tu nic neznamená; odložili jsme ji do popisu spojnice: {text}",
        "A condition means nothing here; it was kept in the description of the flow: {text}",
    ),
    # --- choices ---
    "choice": (
        "Kudy dál, rozhodne člověk v úkolu {task} (formulář {form}); nahraďte to podmínkami, má-li to plynout z údajů.",
        "A person decides where to go in the task {task} (form {form}); put conditions where the data can tell.",
    ),
    "condition_kept": (
        "Podmínka „{text}“ se tu nedá vyhodnotit; zůstala v popisu a rozhoduje člověk.",
        "The condition {text!r} can't be evaluated here; it is kept in the description and a person decides.",
    ),
    "inserted": (
        "Doplnili jsme úkol {name} před {before}.",
        "The task {name} was added before {before}.",
    ),
    "gateway": (
        "Odtud vede víc cest a jedna se vrací; doplnili jsme bránu, u níž vybere člověk.",
        "Several ways lead on from here and one comes back; a gateway was added where a person picks one.",
    ),
    "pause": (
        "Postup tu běžel v kruhu, aniž by na někoho čekal; doplnili jsme úkol {task}.",
        "The process ran in a circle here without waiting for anybody; the task {task} was added.",
    ),
    "both_ways": (
        "Vede odtud víc spojnic bez podmínek, takže se jde všemi najednou. Má-li to být volba, doplňte bránu.",
        "Several flows without conditions lead on, so all are taken at once. If it is a choice, add a gateway.",
    ),
    "pass_through": (
        "Brána nic nerozdělovala ani nespojovala; je z ní průchozí událost.",
        "The gateway neither split nor joined; it became an event that lets pass.",
    ),
    "direction": ("Směr brány neodpovídal spojnicím.", "The direction of the gateway did not fit its flows."),
    "plain_gateway": (
        "Brána druhu {kind} tu nemohla fungovat; je z ní {new}.",
        "A gateway of the kind {kind} could not work here; it became {new}.",
    ),
    "default_dropped": (
        "Výchozí spojnice tu nedává smysl; zrušili jsme její označení.",
        "A default flow makes no sense here; its mark was taken away.",
    ),
    "not_parallel": (
        "Větví by tu přibývalo bez konce; místo všech cest najednou vybere člověk jednu.",
        "Branches would multiply here without end; instead of all ways at once a person picks one.",
    ),
    "waits_for_all": (
        "Brána čekala na větve, které nemusí přijít; čeká teď jen na ty, které přijít mohou.",
        "The gateway waited for branches that may never come; it now waits only for those that can come.",
    ),
    # --- work ---
    "form": (
        "Úkol neměl formulář; dostal {form} s poznámkou. Doplňte, na co se má ptát.",
        "The task had no form; it got {form} with a note. Add what it should ask.",
    ),
    "start_form": (
        "Případ zahajuje člověk formulářem {form}; doplňte, na co se má ptát.",
        "A person begins the case with the form {form}; add what it should ask.",
    ),
    "group": (
        "Úkoly pro „{name}“ dostala skupina {group} podle dráhy nebo bazénu; založte ji v agendě.",
        "Tasks of {name!r} went to the group {group} after the lane or pool; add it to the agenda.",
    ),
    "person_does": (
        "Krok neříká, co má systém udělat ({why}); zatím jej udělá člověk a potvrdí.",
        "The step does not say what the system should do ({why}); for now a person does it and confirms.",
    ),
    "call": (
        "Volaný postup {called} v souboru není; zatím krok udělá člověk.",
        "The called process {called} is not in the file; for now a person does the step.",
    ),
    "empty_sub": (
        "Podproces je prázdný; dali jsme do něj úkol, aby se v něm něco dělo.",
        "The sub-process is empty; a task was put into it so that something happens there.",
    ),
    "vendor_script": (
        "Skript v jazyce {language} neumíme; text je v popisu a krok zatím udělá člověk.",
        "A script in {language} can't run; its text is in the description and for now a person does the step.",
    ),
    "how_many": (
        "Kolikrát se má činnost dělat, určí člověk v úkolu {task} (formulář {form}).",
        "A person says how many times the activity is done, in the task {task} (form {form}).",
    ),
    "once_more": (
        "Kdy opakování skončí, diagram neříká; po každém kole se zeptáme (formulář {form}).",
        "The diagram does not say when the loop ends; after each round a person is asked (form {form}).",
    ),
    "once": (
        "Kdy opakování skončí, diagram neříká; zatím proběhne jednou.",
        "The diagram does not say when the loop ends; for now it runs once.",
    ),
    "two_markers": (
        "Činnost měla dvě značky opakování; zůstala první.",
        "The activity had two loop markers; the first stays.",
    ),
    "quantity": ("Počty značek mají být aspoň 1.", "Quantities of tokens are at least 1."),
    # --- events ---
    "date": (
        "Čas „{text}“ nejde přečíst; datum zadá člověk v úkolu {task} (formulář {form}).",
        "The time {text!r} can't be read; a person enters the date in the task {task} (form {form}).",
    ),
    "month": (
        "Čas „{text}“ nejde přečíst a není se kdy zeptat; dali jsme měsíc (P1M), doplňte správný.",
        "The time {text!r} can't be read and there is no moment to ask; it is a month (P1M) now, put the right one.",
    ),
    "confirmed": (
        "Na „{what}“ tu nikdo neodpoví; že to nastalo, potvrdí člověk v úkolu {task}.",
        "Nobody here will send {what!r}; a person confirms in the task {task} that it happened.",
    ),
    "offered": (
        "Kdy událost nastane, diagram neříká; ohlásí ji člověk z případu.",
        "The diagram does not say when the event happens; a person reports it from the case.",
    ),
    "named": (
        "Událost neříkala, {kind} jakého jména; dostala „{name}“.",
        "The event did not say which {kind}; it got the name {name!r}.",
    ),
    "plain_event": (
        "Událost druhu {kinds} tu být nemůže; je z ní událost bez druhu.",
        "An event of the kind {kinds} is not possible here; it became a plain one.",
    ),
    "plain_end": (
        "Chybu {name} by nikdo nezachytil a případ by skončil závadou; je z ní obyčejný konec.",
        "Nobody would catch the error {name} and the case would end as an incident; it is a plain end now.",
    ),
    "interrupts": ("Událost tohoto druhu činnost vždy přeruší.", "This kind of event always interrupts."),
    "detached": (
        "Událost na okraji nebyla u žádné činnosti; je z ní událost v toku.",
        "The boundary event sat on no activity; it became one in the flow.",
    ),
    "not_aside": (
        "Událostní podproces byl v toku; je z něj obyčejný podproces.",
        "The event sub-process stood in the flow; it became a plain sub-process.",
    ),
    "no_undo": (
        "Kompenzace tu nemá, co by vrátila zpět; je z ní událost bez druhu.",
        "There is nothing to undo here; the event became a plain one.",
    ),
    "undo_joined": (
        "K činnosti, která vrací zpět, vede souvislost, ne spojnice; změnili jsme ji.",
        "An activity that undoes is joined by an association, not by a flow; it was changed.",
    ),
    "undo_flag": (
        "Činnost je v toku, takže nemůže vracet zpět.",
        "The activity stands in the flow, so it does not undo.",
    ),
    "link": ("Propojení nemá protějšek; {what}.", "The link has no partner; {what}."),
    "still_waits": (
        "Spuštěný nanečisto tu postup zůstal čekat.",
        "In a trial run the process kept waiting here.",
    ),
    "trial": ("Při spuštění nanečisto: {why}", "In a trial run: {why}"),
}
#: Names of what the sketch adds.
NAMES: dict[str, tuple[str, str]] = {
    "decide": ("Rozhodnout: {of}", "Decide: {of}"),
    "which_way": ("kudy dál", "which way"),
    "enter": ("Zadat: {of}", "Enter: {of}"),
    "confirm": ("Nastalo: {of}", "It happened: {of}"),
    "note": ("Poznámka", "Note"),
    "subject": ("Věc", "Subject"),
    "begin": ("Zahájení případu", "Beginning of the case"),
    "date": ("Datum: {of}", "Date: {of}"),
    "number": ("Kolikrát: {of}", "How many times: {of}"),
    "again": ("Ještě jednou?", "Once more?"),
    "was": ("V původním diagramu: {text}", "In the original drawing: {text}"),
    "do": ("Provést", "Do it"),
    "is_throw": ("je z něj konec", "it became an end"),
    "is_catch": ("je z něj začátek", "it became a start"),
    "exclusive": ("výlučná brána", "an exclusive gateway"),
    "inclusive": ("inkluzivní brána", "an inclusive gateway"),
}
