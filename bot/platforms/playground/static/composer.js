// Where a person writes: text, Enter to send, Shift+Enter for a new line, and "/" for the commands.
import { el, icon } from "./dom.js";
import { say } from "./settings.js";

const MAX_TEXT = 4096;
let count = 0;

/** A text field with its command menu; `on.text(text)` and `on.command(name)` are called when something is sent. */
export class Composer {
  #menu = [];
  #found = [];
  #chosen = 0;
  #language = "en";
  #hint = "";

  constructor(on) {
    this.on = on;
    const id = `commands-${(count += 1)}`;
    this.list = el("ul", { class: "commands", id, role: "listbox", hidden: true });
    this.field = el("textarea", { rows: "1", maxlength: MAX_TEXT, "aria-controls": id, "aria-autocomplete": "list", enterkeyhint: "send" });
    this.slash = el("button", { type: "button", class: "quiet square slash" }, "/");
    this.submit = el("button", { type: "submit", class: "send" }, icon("send"));
    this.note = el("p", { class: "note", hidden: true });
    this.element = el("form", { class: "composer" }, this.list, this.note, el("div", { class: "composer-row" }, this.slash, this.field, this.submit));
    this.#listen();
  }

  /** Offer the menu in a person's language. */
  offer(menu, language) {
    this.#menu = menu;
    this.#language = language;
    this.field.lang = language;
    this.refresh();
  }

  /** Invite to type an answer (`hint` says what), or take the invitation back (""). */
  invite(hint) {
    this.#hint = hint;
    this.element.classList.toggle("invited", hint !== "");
    this.refresh();
  }

  /** Write all labels again, in the page's language. */
  refresh() {
    this.field.placeholder = this.#hint || say("write");
    this.field.setAttribute("aria-label", this.#hint || say("write"));
    for (const [button, key] of [[this.slash, "commands"], [this.submit, "send"]]) {
      button.setAttribute("aria-label", say(key));
      button.title = say(key);
    }
    this.list.setAttribute("aria-label", say("commands"));
  }

  #listen() {
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.field.addEventListener("input", () => this.#changed());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("blur", () => this.#close());
    this.slash.addEventListener("mousedown", (event) => event.preventDefault());
    this.slash.addEventListener("click", () => {
      const open = !this.list.hidden;
      this.field.value = open ? "" : "/";
      this.field.focus();
      this.#changed();
    });
  }

  #key(event) {
    // While an input method composes Chinese, Enter picks the characters and must not send.
    if (event.isComposing || event.keyCode === 229) return;
    const open = !this.list.hidden;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.#choose(this.#chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (open && event.key === "Escape") {
      event.preventDefault();
      this.#close();
    } else if (open && this.#found.length && (event.key === "Enter" || event.key === "Tab") && !event.shiftKey) {
      event.preventDefault();
      this.#take(this.#found[this.#chosen]);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    }
  }

  #send() {
    const text = this.field.value;
    if (!text.trim()) return;
    this.#write("");
    this.on.text(text);
  }

  #take(row) {
    const typed = this.field.value.slice(1);
    const whole = namesOf(row).some((name) => name.toLowerCase() === typed.toLowerCase());
    if (row.argument) {
      this.#write(`/${whole ? typed : row.localized[this.#language]} `);
      this.note.textContent = row.argument[this.#language];
      this.note.lang = this.#language;
      this.note.hidden = false;
      this.field.focus();
    } else if (whole) {
      this.#send();
    } else {
      this.#write("");
      this.on.command(row.name);
    }
  }

  #write(text) {
    this.field.value = text;
    this.#changed();
  }

  #changed() {
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight}px`;
    const text = this.field.value;
    this.note.hidden = true;
    if (/^\/\S*$/.test(text)) this.#open(text.slice(1).toLowerCase());
    else this.#close();
  }

  #open(begin) {
    this.#found = this.#menu.filter((row) => namesOf(row).some((name) => name.toLowerCase().startsWith(begin)));
    this.list.replaceChildren(...this.#found.map((row, at) => this.#option(row, at)));
    if (!this.#found.length) this.list.append(el("li", { class: "none" }, say("noCommand")));
    this.list.hidden = false;
    this.#choose(0);
  }

  #option(row, at) {
    const option = el(
      "li",
      { role: "option", id: `${this.list.id}-${at}`, lang: this.#language },
      el("span", { class: "command" }, `/${row.localized[this.#language]}`),
      el("span", { class: "about" }, row.description[this.#language]),
    );
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("mousemove", () => this.#chosen !== at && this.#choose(at));
    option.addEventListener("click", () => this.#take(row));
    return option;
  }

  #choose(at) {
    const options = [...this.list.querySelectorAll("[role=option]")];
    if (!options.length) return this.field.removeAttribute("aria-activedescendant");
    this.#chosen = (at + options.length) % options.length;
    options.forEach((option, each) => option.setAttribute("aria-selected", String(each === this.#chosen)));
    this.field.setAttribute("aria-activedescendant", options[this.#chosen].id);
    options[this.#chosen].scrollIntoView({ block: "nearest" });
    return undefined;
  }

  #close() {
    this.list.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }
}

function namesOf(row) {
  return [row.name, row.localized.zh, row.localized.en];
}
