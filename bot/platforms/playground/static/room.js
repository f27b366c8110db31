// One column: whose conversation it is, its lines, and where to write.
import { avatar, el, seal } from "./dom.js";
import { Composer } from "./composer.js";
import { Log } from "./log.js";
import { language, recall, remember, say } from "./settings.js";

const PATIENCE = 180;
const FINAL = new Set(["malformed", "too-long", "nobody", "no-room"]);

/** The conversation of one person, or (without a person) of the group. */
export class Room {
  #pending = new Set();
  #timer = 0;

  constructor(id, { owner, stage, line }) {
    this.id = id;
    this.owner = owner;
    this.stage = stage;
    this.line = line;
    this.speaker = owner ?? stage.people.find((each) => each.id === recall("speaker", "")) ?? inOrder(stage.people)[0];
    this.log = new Log(this);
    this.composer = new Composer({
      text: (text) => this.#hand({ type: "say", text }),
      command: (name) => this.#command(name),
    });
    this.title = el("h2", {});
    this.about = el("p", { class: "about" });
    this.start = el("button", { type: "button", class: "button tone-primary start", onclick: () => this.#command(this.#met ? "today" : "start") });
    this.nothing = el("div", { class: "nothing" });
    this.speakers = el("div", { class: "speakers", role: "radiogroup", hidden: Boolean(owner) });
    const head = el("header", { class: "column-head" }, avatar(owner), el("div", {}, this.title, this.about));
    this.element = el("section", { class: "column", id: `room-${id}`, "data-room": id }, head, this.log.element, this.nothing, this.speakers, this.composer.element);
    this.refresh();
  }

  /** The id of who looks at this room. */
  get viewer() {
    return this.speaker.id;
  }

  get zone() {
    return this.speaker.zone;
  }

  get language() {
    return this.speaker.language;
  }

  get group() {
    return !this.owner;
  }

  get name() {
    return this.owner?.name ?? say("group");
  }

  /** Return the person of that id. */
  person(id) {
    return this.stage.people.find((each) => each.id === id);
  }

  /** Write everything again in the page's language. */
  refresh() {
    this.title.textContent = this.name;
    this.log.list.setAttribute("aria-label", this.group ? say("messagesGroup") : say("messages", { name: this.name }));
    this.element.setAttribute("aria-label", this.name);
    this.about.textContent = say(this.owner?.language ?? "groupAbout");
    this.#drawNothing();
    this.composer.offer(this.stage.menu, this.language);
    this.#drawSpeakers();
    this.log.redraw();
    this.#settle();
  }

  /** Show these lines and no others. */
  reset(lines) {
    this.log.reset(lines);
    this.#settle();
  }

  /** Show a line that just arrived. */
  put(line) {
    this.log.put(line, this.#pending.size > 0);
    this.#settle();
  }

  /** What was handed in under `key` is answered. Returns whether it was handed in here. */
  done(key) {
    if (!this.#pending.delete(key)) return false;
    this.#wait();
    this.element.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
    const lost = !document.activeElement?.checkVisibility() || document.activeElement === document.body;
    const roomy = matchMedia("(pointer: fine)").matches;
    if (this.#invitation() || (lost && roomy)) this.composer.field.focus({ preventScroll: true });
    return true;
  }

  /** What was handed in under `key` failed. */
  failed(key, fault) {
    if (!this.done(key)) return false;
    if (FINAL.has(fault)) this.line.confirm(key);
    this.log.complain(say(`faults.${fault}`), FINAL.has(fault) ? null : () => this.#again(key));
    return true;
  }

  /** A button was pressed (called by the log). */
  press(action, line, button) {
    if (button.hasAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    this.#hand({ type: "press", action, on: line.id });
  }

  #command(name) {
    this.#hand({ type: "command", name, args: "" });
  }

  #hand(frame) {
    this.#expect(this.line.handIn({ ...frame, room: this.id, person: this.viewer }));
  }

  #again(key) {
    this.#expect(key);
    this.line.again(key);
  }

  #expect(key) {
    this.log.expect();
    this.#pending.add(key);
    this.#wait();
  }

  #wait() {
    clearTimeout(this.#timer);
    this.log.working(false);
    if (this.#pending.size) this.#timer = setTimeout(() => this.log.working(true), PATIENCE);
  }

  #invitation() {
    return this.log.lastSaid?.message.entry ?? null;
  }

  #settle() {
    const empty = this.log.empty;
    this.nothing.hidden = !empty;
    this.log.element.hidden = empty;
    const entry = this.#invitation();
    this.composer.invite(entry ? entry.hint || entry.title : "");
  }

  /** Whether they talked with the bot before the playground was opened. */
  get #met() {
    return !this.group && this.person(this.id)?.met;
  }

  #drawNothing() {
    const kind = this.group ? "emptyGroup" : this.#met ? "emptyMet" : "empty";
    this.start.textContent = say(this.group ? "tryGroup" : this.#met ? "today" : "start");
    this.nothing.replaceChildren(seal(), el("p", { class: "nothing-title" }, say(kind)), el("p", {}, say(`${kind}About`)), this.start);
  }

  #drawSpeakers() {
    if (this.owner) return;
    this.speakers.setAttribute("aria-label", say("speakAs"));
    const pills = this.stage.people.map((person) => this.#pill(person));
    this.speakers.replaceChildren(el("span", { class: "speakers-title", "aria-hidden": "true" }, say("speakAs")), ...pills);
  }

  #pill(person) {
    const radio = el("input", { type: "radio", name: "speaker", value: person.id });
    radio.checked = person.id === this.viewer;
    radio.addEventListener("change", () => {
      this.speaker = person;
      remember("speaker", person.id);
      this.composer.offer(this.stage.menu, this.language);
      this.log.redraw();
      this.#settle();
    });
    return el("label", { class: "pill" }, radio, el("span", {}, avatar(person), person.name));
  }
}

/** Return the rooms' order for readers of the page's language: those who speak it first, the group last. */
export function inOrder(people) {
  const first = (person) => (person.language === language ? 0 : 1);
  return people.slice(0, 2).sort((one, other) => first(one) - first(other)).concat(people.slice(2));
}
