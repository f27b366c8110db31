// The line to the bridge: connects again by itself, and hands in again what was not confirmed, under the same key.

const FIRST_WAIT = 400;
const LONGEST_WAIT = 8000;

/** Return a random version 4 UUID; crypto.randomUUID is missing where the page is served over plain http afar. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** A connection that outlives its websockets. `hear` gets every frame, `mood` whether there is a connection. */
export class Line {
  #socket = null;
  #wait = FIRST_WAIT;
  #unconfirmed = new Map();

  constructor(hear, mood) {
    this.hear = hear;
    this.mood = mood;
    this.#connect();
  }

  /** Send a frame that is lost when there is no connection; return whether it left. */
  send(frame) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Hand in what a person did: kept until confirmed, applied once however often it is sent. Returns its key. */
  handIn(frame) {
    const kept = { ...frame, key: uuid() };
    this.#unconfirmed.set(kept.key, kept);
    this.send(kept);
    return kept.key;
  }

  /** Send again what failed under `key`. */
  again(key) {
    const kept = this.#unconfirmed.get(key);
    if (kept) this.send(kept);
  }

  /** Forget what was handed in under `key`: it is done, or can never be. */
  confirm(key) {
    this.#unconfirmed.delete(key);
  }

  #connect() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/socket`);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#wait = FIRST_WAIT;
      this.mood(true);
      for (const frame of this.#unconfirmed.values()) this.send(frame);
    });
    socket.addEventListener("message", (event) => this.hear(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      this.mood(false);
      setTimeout(() => this.#connect(), this.#wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    });
  }
}
