// Building elements: text only ever becomes a text node, so nothing a person typed can become markup.

const SVG = "http://www.w3.org/2000/svg";

/** Return an element with attributes, listeners (`on…`) and children (strings become text). */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

const PATHS = {
  bell: "M12 4a5 5 0 0 0-5 5v3.2L5.3 15.5a.7.7 0 0 0 .6 1h12.2a.7.7 0 0 0 .6-1L17 12.2V9a5 5 0 0 0-5-5ZM10 19a2.1 2.1 0 0 0 4 0",
  send: "M12 19V5.5M6 11l6-6 6 6",
  plus: "M12 5v14M5 12h14",
  down: "M12 5v13M6.5 12.5 12 18l5.5-5.5",
  lock: "M7.5 11V8.5a4.5 4.5 0 0 1 9 0V11M6 11h12v8.5H6Z",
  people: "M9 11.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM3.5 19c.4-3.2 2.6-5 5.5-5s5.1 1.8 5.5 5M15.5 5.4a3 3 0 0 1 0 5.8M17 14.2c2 .6 3.2 2.3 3.5 4.8",
  auto: "M12 4a8 8 0 1 0 0 16ZM12 4a8 8 0 0 1 0 16",
  light: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  dark: "M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7Z",
  out: "M9 6h9v9M18 6 7 17",
  close: "M6 6l12 12M18 6 6 18",
  copy: "M9 9h10v10H9ZM15 9V5H5v10h4",
  play: "M8 5.5v13l10.5-6.5Z",
  stop: "M7 7h10v10H7Z",
};

/** Return a small line drawing that screen readers pass over. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** Return the seal of Xueban: a copy of the one at the top of the page. */
export function seal() {
  return document.querySelector(".brand .logo").cloneNode(true);
}

/** Return the round sign of a person (their first letter) or of the group. */
export function avatar(person) {
  if (!person) return el("span", { class: "avatar avatar-group", "aria-hidden": "true" }, icon("people"));
  const first = [...new Intl.Segmenter().segment(person.name)][0].segment.toUpperCase();
  return el("span", { class: `avatar hue-${person.hue}`, "aria-hidden": "true" }, first);
}
