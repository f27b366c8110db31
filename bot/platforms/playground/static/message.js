// From the tree of a message to elements: paragraphs, lists, quotes, code, pictures and buttons.
import { el, icon } from "./dom.js";
import { hint } from "./fit.js";
import { say } from "./settings.js";

const WEB = /^https?:\/\//;
// Emoji that are white squares, hardly to be seen on a white page.
const PALE = /([▫◽◻⬜]\ufe0f?)/;

const INLINES = {
  plain: ({ text }) => text.split(PALE).map((part) => (PALE.test(part) ? el("span", { class: "pale" }, part) : part)),
  bold: ({ text }) => el("strong", {}, text),
  code: ({ text }) => el("code", {}, text),
  anchor: ({ text, url }) => (WEB.test(url) ? el("a", outward(url), text) : text),
};

const BLOCKS = {
  text: ({ lines }) => el("p", {}, broken(lines)),
  quote: ({ lines }) => el("blockquote", {}, el("p", {}, broken(lines))),
  item: ({ lines }) => el("ul", {}, lines.map((line) => el("li", {}, inlines(line)))),
  fence: ({ text, language }) => fence(text, language),
};

/** Return the elements of a message; `press` is called with the action and the button. */
export function messageParts(message, press) {
  const parts = [];
  if (message.picture) parts.push(picture(message.picture));
  parts.push(el("div", { class: "words" }, message.blocks.map((block) => BLOCKS[block.kind](block))));
  if (message.rows.length) {
    const rows = message.rows.map((row) => el("div", { class: "row" }, row.map((each) => button(each, press))));
    parts.push(el("div", { class: "rows" }, rows));
  }
  return parts;
}

/** Show a picture as large as the window. */
function enlarge({ src, alt }) {
  const dialog = document.getElementById("large");
  const image = document.getElementById("large-picture");
  image.src = src;
  image.alt = alt;
  dialog.showModal();
}

function picture(of) {
  const image = el("img", { src: of.src, alt: of.alt, width: of.width, height: of.height, decoding: "async" });
  return el(
    "button",
    { type: "button", class: "picture", "aria-label": `${of.alt} – ${say("picture")}`, onclick: () => enlarge(of) },
    image,
  );
}

function inlines(line) {
  return line.flatMap((inline) => INLINES[inline.kind](inline));
}

function broken(lines) {
  return lines.flatMap((line, at) => (at ? [el("br"), ...inlines(line)] : inlines(line)));
}

function fence(text, language) {
  const pre = el("pre", { tabindex: "0" }, el("code", {}, text));
  const copy = el("button", { type: "button", class: "quiet copy", "aria-label": say("copy"), title: say("copy") }, icon("copy"));
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    copy.setAttribute("aria-label", say("copied"));
    copy.replaceChildren(say("copied"));
  });
  pre.addEventListener("scroll", () => hint(pre));
  const bar = el("figcaption", { class: "code-bar" }, el("span", {}, language), navigator.clipboard ? copy : null);
  return el("figure", { class: "code" }, language || navigator.clipboard ? bar : null, el("div", { class: "code-body" }, pre));
}

function outward(url) {
  return { href: url, target: "_blank", rel: "noopener noreferrer" };
}

function button(of, press) {
  if (of.kind === "link") {
    if (!WEB.test(of.url)) return el("span", { class: "button tone-plain" }, of.label);
    const label = say("opens", { label: of.label });
    return el("a", { class: "button tone-plain", "aria-label": label, ...outward(of.url) }, of.label, icon("out"));
  }
  const made = el("button", { type: "button", class: `button tone-${of.tone}` }, of.label);
  made.addEventListener("click", () => press(of.action, made));
  return made;
}
