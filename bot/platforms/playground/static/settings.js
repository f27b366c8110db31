// What this browser remembers of how somebody likes the page: language, theme, the open conversation.
import en from "./strings.en.js";
import zh from "./strings.zh.js";

const TABLES = { en, zh };

/** Return what is remembered under `name`; a browser that remembers nothing gives `otherwise`. */
export function recall(name, otherwise) {
  try {
    return localStorage.getItem(`xueban.${name}`) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** Remember `value` where the browser allows it. */
export function remember(name, value) {
  try {
    localStorage.setItem(`xueban.${name}`, value);
  } catch {
    // A browser that keeps nothing still shows everything.
  }
}

const wanted = navigator.languages.map((tag) => tag.split("-")[0]).find((tag) => tag in TABLES) ?? "en";

/** The language of the page itself: "zh" or "en". */
export let language = recall("language", wanted) in TABLES ? recall("language", wanted) : wanted;

/** Switch the page to the other language. */
export function switchLanguage() {
  language = language === "zh" ? "en" : "zh";
  remember("language", language);
}

/** Return one of the page's own sentences, with its {places} filled in. */
export function say(key, places = {}) {
  let text = key.split(".").reduce((table, part) => table?.[part], TABLES[language]) ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => places[name] ?? "");
}

/** The browser's own IANA zone. */
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";

/** Write a moment (milliseconds) in the page's language and a zone. */
export function write(moment, inZone, options) {
  const tag = language === "zh" ? "zh-CN" : "en-GB";
  return new Intl.DateTimeFormat(tag, { ...options, timeZone: inZone, hourCycle: "h23" }).format(moment);
}

/** Write a moment in full, with the zone it is told in. */
export function writeMoment(moment, inZone) {
  return `${writeDay(moment, inZone, "long")} ${write(moment, inZone, { hour: "2-digit", minute: "2-digit" })} · ${writeZone(moment, inZone)}`;
}

/** Write what a zone is called, "China Time"; zones without a name are called by their city. */
function writeZone(moment, inZone) {
  const tag = language === "zh" ? "zh-CN" : "en-GB";
  const parts = new Intl.DateTimeFormat(tag, { timeZone: inZone, timeZoneName: "longGeneric" }).formatToParts(moment);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? inZone.split("/").at(-1).replaceAll("_", " ");
}

/** Write a day with its weekday; `length` is "long" or "short". */
export function writeDay(moment, inZone, length) {
  const date = write(moment, inZone, { year: "numeric", month: language === "zh" ? "long" : length, day: "numeric" });
  const weekday = write(moment, inZone, { weekday: length });
  return language === "zh" ? `${date} ${weekday}` : `${weekday} ${date}`;
}

const THEMES = ["auto", "light", "dark"];

/** Return the theme: "auto" follows the system. */
export function theme() {
  return recall("theme", "auto");
}

/** Go on to the next theme. */
export function switchTheme() {
  remember("theme", THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);
  document.documentElement.dataset.theme = theme();
}
