// Every sentence stands in both languages where it is said: w("česky", "in English").
export const czech = document.documentElement.lang !== "en";
export const w = (cs, en) => (czech ? cs : en);
