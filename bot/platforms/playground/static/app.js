// The page: what the bridge says goes to the clock and the rooms, and the rooms stand side by side or one at a time.
import { ClockBar } from "./clock.js";
import { avatar, el, icon } from "./dom.js";
import { Joining } from "./joining.js";
import { Room, inOrder } from "./room.js";
import { language, recall, remember, say, switchLanguage, switchTheme, theme } from "./settings.js";
import { Line } from "./socket.js";

const HUES = 6;
const THEMES = { auto: "themeAuto", light: "themeLight", dark: "themeDark" };
const byId = (id) => document.getElementById(id);

const board = byId("board");
const switcher = byId("switcher");
const stage = { people: [], menu: [] };
const rooms = new Map();
let group = "group";
let current = recall("room", "");
let expected = "";

const line = new Line(hear, (connected) => (byId("offline").hidden = connected));
const clock = new ClockBar(line, (id) => rooms.get(id)?.name ?? id);
const joining = new Joining(line);

const HEARD = {
  hello: (frame) => {
    stage.menu = frame.menu;
    group = frame.group;
    clock.hello(frame);
    seat(frame.people);
    rooms.forEach((room, id) => room.reset(frame.rooms[id] ?? []));
  },
  people: (frame) => seat(frame.people),
  joined: (frame) => {
    joining.close();
    expected = frame.id;
    show(frame.id, true);
  },
  line: (frame) => {
    rooms.get(frame.room)?.put(frame.line);
    if (frame.line.pushed) clock.brought(frame.room);
    if (frame.room !== current) switcher.querySelector(`[data-room="${CSS.escape(frame.room)}"]`)?.classList.add("has-news");
  },
  done: (frame) => {
    line.confirm(frame.key);
    rooms.forEach((room) => room.done(frame.key));
  },
  clock: (frame) => clock.hear(frame),
  fault: (frame) => {
    const found = [...rooms.values()].some((room) => room.failed(frame.key, frame.fault));
    if (found) return;
    line.confirm(frame.key);
    if (joining.asking) joining.complain(frame.fault);
    else {
      clock.halt();
      clock.tell(say(`faults.${frame.fault}`));
    }
  },
};

function hear(frame) {
  HEARD[frame.type]?.(frame);
}

/** Give everybody, and the group, a column; those who have one keep it. */
function seat(people) {
  stage.people = people.map((person, at) => ({ ...person, hue: at % HUES }));
  const seats = [...inOrder(stage.people).map((person) => [person.id, person]), [group, null]];
  rooms.forEach((room, id) => {
    if (seats.some(([seat]) => seat === id)) return;
    room.element.remove();
    rooms.delete(id);
  });
  for (const [id, owner] of seats) {
    if (!rooms.has(id)) rooms.set(id, new Room(id, { owner, stage, line }));
    board.append(rooms.get(id).element);
  }
  board.append(adder);
  if (!rooms.has(current)) current = seats[0][0];
  words();
}

const adder = el("button", { type: "button", class: "adder", onclick: () => joining.open() }, icon("plus"));

/** Bring a room to the front: on a phone the only one to be seen, elsewhere scrolled to. */
function show(id, scroll) {
  current = id;
  remember("room", id);
  rooms.forEach((room, each) => room.element.classList.toggle("is-current", each === id));
  switcher.querySelectorAll("[data-room]").forEach((tab) => {
    const here = tab.dataset.room === id;
    tab.setAttribute("aria-current", String(here));
    if (here) tab.classList.remove("has-news");
    if (here) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  if (scroll) rooms.get(id)?.element.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (scroll && expected === id) rooms.get(id)?.start.focus();
  expected = "";
}

function tabs() {
  const made = [...rooms].map(([id, room]) =>
    el("button", { type: "button", class: "tab", "data-room": id, onclick: () => show(id, true) }, avatar(room.owner), el("span", {}, room.name)),
  );
  const add = el("button", { type: "button", class: "tab tab-add", "aria-label": say("addPerson"), onclick: () => joining.open() }, icon("plus"));
  switcher.replaceChildren(...made, add);
}

/** Write every word of the page in its language. */
function words() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = say("title");
  document.querySelectorAll("[data-say]").forEach((each) => (each.textContent = say(each.dataset.say)));
  document.querySelectorAll("[data-say-label]").forEach((each) => each.setAttribute("aria-label", say(each.dataset.sayLabel)));
  adder.setAttribute("aria-label", say("addPerson"));
  adder.title = say("addPerson");
  rooms.forEach((room) => room.refresh());
  clock.refresh();
  tabs();
  show(current, false);
  themeWords();
}

function themeWords() {
  const button = byId("theme");
  button.replaceChildren(icon(theme()));
  button.setAttribute("aria-label", say(THEMES[theme()]));
  button.title = say(THEMES[theme()]);
}

byId("language").addEventListener("click", () => {
  switchLanguage();
  words();
});
byId("theme").addEventListener("click", () => {
  switchTheme();
  themeWords();
});
const large = byId("large");
byId("large-close").append(icon("close"));
large.addEventListener("click", (event) => event.target.id !== "large-picture" && large.close());
words();
