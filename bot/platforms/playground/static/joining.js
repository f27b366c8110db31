// The small sheet where a further person gets a name, a language and a time zone.
import { el } from "./dom.js";
import { language, say, zone } from "./settings.js";

const byId = (id) => document.getElementById(id);

/** The sheet is in the page; `line` sends. */
export class Joining {
  constructor(line) {
    this.line = line;
    this.sheet = byId("joining");
    this.complaint = byId("joining-complaint");
    const zones = new Set([zone, "UTC", ...(Intl.supportedValuesOf?.("timeZone") ?? [])]);
    byId("joining-zone").append(...[...zones].sort().map((each) => el("option", { value: each }, each.replaceAll("_", " "))));
    byId("joining-cancel").addEventListener("click", () => this.sheet.close());
    byId("joining-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.sheet.addEventListener("click", (event) => event.target === this.sheet && this.sheet.close());
  }

  /** Ask who sits down. */
  open() {
    byId("joining-name").value = "";
    byId("joining-zone").value = zone;
    document.querySelector(`[name=joining-language][value=${language}]`).checked = true;
    this.complaint.textContent = "";
    this.sheet.showModal();
    byId("joining-name").focus();
  }

  /** Whether somebody is being asked. */
  get asking() {
    return this.sheet.open;
  }

  /** They sat down. */
  close() {
    this.sheet.close();
  }

  /** They could not. */
  complain(fault) {
    this.complaint.textContent = say(`faults.${fault}`);
  }

  #send() {
    const name = byId("joining-name").value.trim();
    if (!name) {
      this.complain("no-name");
      return;
    }
    const spoken = document.querySelector("[name=joining-language]:checked").value;
    const sent = this.line.send({ type: "join", name, language: spoken, zone: byId("joining-zone").value });
    if (!sent) this.complain("malformed");
  }
}
