// The lines of one room: appended, replaced in place, parted by days, and kept where the reader is reading.
import { avatar, el, icon } from "./dom.js";
import { fit } from "./fit.js";
import { messageParts } from "./message.js";
import { say, write, writeDay, writeMoment } from "./settings.js";

const MAX_LINES = 300;
const NEAR = 60;
const AIR = 14;

/** A scrolling list of lines. `view` says who looks: { viewer, zone, group, person(id), press(action, line) }. */
export class Log {
  #lines = new Map();
  #items = new Map();
  #following = true;
  #target = 0;
  #anchor = null;
  #day = "";
  #width = 0;

  constructor(view) {
    this.view = view;
    this.list = el("ol", { class: "lines", role: "log", "aria-live": "polite" });
    this.scroller = el("div", { class: "scroller", tabindex: "-1" }, this.list);
    this.below = el("button", { type: "button", class: "below", hidden: true, onclick: () => this.#toBottom() });
    this.element = el("div", { class: "log" }, this.scroller, this.below);
    this.scroller.addEventListener("scroll", () => this.#scrolled());
    const follow = new ResizeObserver(() => this.#following && this.#scroll());
    follow.observe(this.scroller);
    follow.observe(this.list);
    const widths = new ResizeObserver(() => this.#fitAgain());
    widths.observe(this.scroller);
  }

  /** Whether nothing is to be seen. */
  get empty() {
    return this.#items.size === 0;
  }

  /** The last line of the bot that the viewer sees, or undefined. */
  get lastSaid() {
    return [...this.#lines.values()].filter((line) => line.message && this.#seen(line)).at(-1);
  }

  /** Show exactly these lines. */
  reset(lines) {
    this.#lines = new Map(lines.map((line) => [line.id, line]));
    this.redraw();
  }

  /** Draw everything again: the viewer or the language changed. */
  redraw() {
    this.list.setAttribute("aria-live", "off");
    this.list.replaceChildren();
    this.#items.clear();
    this.#day = "";
    for (const line of this.#lines.values()) this.#append(line, false);
    fit(this.list);
    this.#anchor = null;
    this.#following = true;
    this.below.replaceChildren(icon("down"), say("newBelow"));
    this.#scroll();
    requestAnimationFrame(() => this.list.setAttribute("aria-live", "polite"));
  }

  /** Show a new line, or put it in the place of the line with its id; `asked`: the reader just did something here. */
  put(line, asked) {
    const known = this.#lines.has(line.id);
    this.#lines.set(line.id, line);
    if (!this.#seen(line)) return;
    if (known) this.#replace(line);
    else this.#append(line, true);
    fit(this.#items.get(line.id));
    if (known) return;
    if (line.by === this.view.viewer) this.#following = true;
    if (line.by || line.pushed || !asked || !this.#anchor) this.#anchor = this.#items.get(line.id);
    this.#trim();
    if (this.#following) this.#scroll();
    else this.below.hidden = false;
  }

  /** The reader did something: what comes next is what they want to read. */
  expect() {
    this.#anchor = null;
    this.#following = true;
  }

  /** Show that an answer is on its way. */
  working(on) {
    this.list.querySelector(".working")?.remove();
    if (!on) return;
    const dots = [1, 2, 3].map(() => el("i"));
    this.list.append(el("li", { class: "line bot working", title: say("working"), "aria-hidden": "true" }, el("div", { class: "bubble" }, dots)));
    if (this.#following) this.#scroll();
  }

  /** Say that something failed, with a way to try again if there is one. */
  complain(text, again) {
    const item = el("li", { class: "line complaint", role: "alert" }, text);
    if (again) {
      const button = el("button", { type: "button", class: "button tone-plain" }, say("again"));
      button.addEventListener("click", () => {
        item.remove();
        again();
      });
      item.append(button);
    } else setTimeout(() => item.remove(), 8000);
    this.list.append(item);
    this.#anchor = null;
    this.#scroll();
  }

  #fitAgain() {
    const width = this.scroller.clientWidth;
    if (width && width !== this.#width) fit(this.list);
    this.#width = width;
  }

  #seen(line) {
    return !line.only || line.only === this.view.viewer;
  }

  #append(line, fresh) {
    if (!this.#seen(line)) return;
    const day = writeDay(line.at, this.view.zone, "long");
    if (day !== this.#day) this.list.append(el("li", { class: "day", role: "separator" }, el("span", {}, day)));
    this.#day = day;
    const item = this.#draw(line);
    if (fresh) item.classList.add("fresh");
    this.#items.set(line.id, item);
    const working = this.list.querySelector(".working");
    if (working && !line.by) working.before(item);
    else this.list.append(item);
    if (working && line.by) this.list.append(working);
  }

  #replace(line) {
    const old = this.#items.get(line.id);
    const item = this.#draw(line);
    item.classList.add("changed");
    this.#items.set(line.id, item);
    const focused = old.contains(document.activeElement);
    old.replaceWith(item);
    if (!focused) return;
    (item.querySelector(".rows button, .rows a") ?? item.querySelector(".bubble")).focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  }

  #draw(line) {
    const mine = line.by === this.view.viewer;
    const kind = line.message ? "bot" : mine ? "mine" : "theirs";
    const bubble = el("div", { class: "bubble", tabindex: "-1" });
    const item = el("li", { class: `line ${kind}`, "data-id": line.id }, bubble);
    if (line.message) {
      bubble.lang = this.view.language;
      bubble.append(...messageParts(line.message, (action, button) => this.view.press(action, line, button)));
      item.classList.toggle("pushed", line.pushed);
      item.classList.toggle("has-picture", line.message.picture !== null);
    } else bubble.append(el("p", { class: "typed" }, line.text));
    const who = this.view.person(line.by);
    if (who && this.view.group && !mine) item.prepend(el("p", { class: "who" }, avatar(who), who.name));
    item.append(this.#meta(line));
    return item;
  }

  #meta(line) {
    const at = el("time", { datetime: new Date(line.at).toISOString(), title: writeMoment(line.at, this.view.zone) }, write(line.at, this.view.zone, { hour: "2-digit", minute: "2-digit" }));
    const meta = el("p", { class: "meta" });
    if (line.pushed) meta.append(el("span", { class: "bell" }, icon("bell"), say("pushed")));
    if (line.only) meta.append(el("span", { class: "only" }, icon("lock"), say("onlyYou", { name: this.view.person(line.only)?.name })));
    meta.append(at);
    return meta;
  }

  #trim() {
    for (const [id] of this.#lines) {
      if (this.#lines.size <= MAX_LINES) return;
      this.#lines.delete(id);
      this.#items.get(id)?.remove();
      this.#items.delete(id);
      const first = this.list.firstElementChild;
      if (first?.matches(".day") && first.nextElementSibling?.matches(".day")) first.remove();
    }
  }

  /** Go to the bottom, but never past the start of what the reader has not read. */
  #scroll() {
    const bottom = this.scroller.scrollHeight - this.scroller.clientHeight;
    const start = this.#anchor?.isConnected ? this.#anchor.offsetTop - AIR : bottom;
    this.#target = Math.max(0, Math.min(bottom, start));
    this.scroller.scrollTop = this.#target;
    this.below.hidden = true;
  }

  #toBottom() {
    this.#anchor = null;
    this.#following = true;
    this.#scroll();
  }

  #scrolled() {
    if (Math.abs(this.scroller.scrollTop - this.#target) < 2) return;
    const bottom = this.scroller.scrollHeight - this.scroller.clientHeight;
    this.#following = bottom - this.scroller.scrollTop < NEAR;
    if (this.#following) this.below.hidden = true;
  }
}
