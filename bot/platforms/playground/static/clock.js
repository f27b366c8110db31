// The clock bar: shows the turned time, turns it forward, and lets day after day pass.
import { el, icon } from "./dom.js";
import { say, write, writeDay, zone } from "./settings.js";

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const LENGTHS = { hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR };
const BREATH = 350;
const NEWS = 5000;
const MAX_NAMES = 3;

/** The bar's elements are in the page; `line` sends, `name` says whose a room is. */
export class ClockBar {
  #at = Date.now();
  #read = performance.now();
  #start = 0;
  #arrived = new Map();
  #playing = false;
  #turning = false;
  #forget = 0;

  constructor(line, name) {
    this.line = line;
    this.name = name;
    this.time = document.getElementById("clock-time");
    this.buttons = document.getElementById("clock-buttons");
    this.progress = document.getElementById("clock-progress");
    this.news = document.getElementById("clock-news");
    setInterval(() => this.#show(), SECOND);
  }

  /** The turned time in milliseconds. */
  now() {
    return this.#at + performance.now() - this.#read;
  }

  /** Whether the clock is being turned. */
  get turning() {
    return this.#turning;
  }

  /** Draw the buttons in the page's language. */
  refresh() {
    const step = (name, label, title, sign) =>
      el("button", { type: "button", class: `quiet step-${name}`, title, disabled: this.#turning || this.#playing, onclick: () => this.#turn(name) }, sign ?? null, el("span", {}, label));
    const moving = this.#turning || this.#playing;
    const play = el(
      "button",
      { type: "button", class: `quiet step-play${moving ? " is-on" : ""}`, title: say(moving ? "stop" : "playHint"), "aria-label": say(moving ? "stop" : "play"), onclick: () => (moving ? this.#halt() : this.#play()) },
      icon(moving ? "stop" : "play"),
      el("span", {}, say(moving ? "stop" : "play")),
    );
    const focused = [...this.buttons.children].indexOf(document.activeElement);
    this.buttons.replaceChildren(
      step("push", say("nextPush"), say("nextPushHint"), icon("bell")),
      step("hour", say("hour")),
      step("day", say("day")),
      step("week", say("week")),
      play,
    );
    if (focused >= 0) this.#refocus(focused);
    this.#show();
  }

  /** The connection told the time and whether it is being turned. */
  hello(frame) {
    this.#set(frame.now);
    this.#turning = frame.turning;
    this.#playing = false;
    this.#arrived.clear();
    this.refresh();
  }

  /** A message came to a room by itself. */
  brought(room) {
    if (this.#turning) this.#arrived.set(room, (this.#arrived.get(room) ?? 0) + 1);
  }

  /** The bridge turned the clock a little, or is done. */
  hear(frame) {
    this.#set(frame.now);
    if (frame.turning && !this.#turning && !this.#playing) this.#arrived.clear();
    const changed = this.#turning !== frame.turning;
    this.#turning = frame.turning;
    this.#follow(frame);
    if (!frame.turning) this.#done(frame);
    if (changed) this.refresh();
    this.#show();
  }

  /** Turning was refused or failed. */
  halt() {
    this.#playing = false;
    this.refresh();
  }

  /** Say something below the bar for a little while. */
  tell(text) {
    clearTimeout(this.#forget);
    this.news.textContent = text;
    this.#forget = setTimeout(() => (this.news.textContent = ""), NEWS);
  }

  #turn(step) {
    this.#start = this.now();
    if (!this.#playing) this.tell("");
    if (!this.line.send({ type: "turn", step })) this.halt();
  }

  #play() {
    this.#playing = true;
    this.#arrived.clear();
    this.#turn("day");
    this.refresh();
  }

  #halt() {
    this.#playing = false;
    this.line.send({ type: "stop" });
    this.refresh();
  }

  #follow(frame) {
    const length = LENGTHS[frame.step];
    this.progress.hidden = !frame.turning || this.#playing;
    if (length && this.#start) this.progress.value = Math.min(1, (frame.now - this.#start) / length);
    else this.progress.removeAttribute("value");
  }

  #done(frame) {
    const nothing = frame.step === "push" ? "nothingPlanned" : "nothingArrived";
    this.tell(this.#arrived.size ? say("arrived", { names: this.#names() }) : say(nothing));
    if (this.#playing) setTimeout(() => this.#playing && this.#turn("day"), BREATH);
  }

  #names() {
    const each = [...this.#arrived].map(([room, n]) => (n === 1 ? this.name(room) : say("arrivedMany", { name: this.name(room), n })));
    const names = each.slice(0, MAX_NAMES).join(say("between"));
    return each.length > MAX_NAMES ? say("arrivedMore", { names, rest: each.length - MAX_NAMES }) : names;
  }

  #set(moment) {
    this.#at = moment;
    this.#read = performance.now();
  }

  #refocus(at) {
    const button = this.buttons.children[at];
    (button.disabled ? this.buttons.lastElementChild : button).focus();
  }

  #show() {
    const now = this.now();
    const date = writeDay(now, zone, "short");
    const time = write(now, zone, { hour: "2-digit", minute: "2-digit" });
    this.time.dateTime = new Date(now).toISOString();
    this.time.replaceChildren(el("span", { class: "clock-date" }, date), el("span", { class: "clock-hands" }, time));
    this.time.title = say("turnedTime");
  }
}
