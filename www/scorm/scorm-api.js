// A session with a learning platform, by SCORM 1.2 or SCORM 2004 (ADL, "Run-Time Environment": the API
// instance is in a parent of the window, or of its opener). What can be said is fixed here: that the page
// was opened, that it is completed, and for how many seconds it was open. Nothing of a face.

/** How many windows are looked into, in case their parents go in a circle. */
const MOST_WINDOWS = 64;

const EDITIONS = [
  {
    name: "API_1484_11",
    calls: { open: "Initialize", set: "SetValue", commit: "Commit", close: "Terminate", error: "GetLastError" },
    status: "cmi.completion_status",
    time: "cmi.session_time",
    spell: (seconds) => `PT${seconds.toFixed(2)}S`,
  },
  {
    name: "API",
    calls: { open: "LMSInitialize", set: "LMSSetValue", commit: "LMSCommit", close: "LMSFinish", error: "LMSGetLastError" },
    status: "cmi.core.lesson_status",
    time: "cmi.core.session_time",
    spell: clock,
  },
];

/** Seconds as CMITimespan of SCORM 1.2: HHHH:MM:SS.SS. */
export function clock(seconds) {
  const hundredths = Math.min(Math.round(seconds * 100), 9999 * 360_000 + 359_999);
  const part = (value, digits) => String(value).padStart(digits, "0");
  const whole = Math.floor(hundredths / 100);
  return `${part(Math.floor(whole / 3600), 4)}:${part(Math.floor(whole / 60) % 60, 2)}:${part(whole % 60, 2)}.${part(hundredths % 100, 2)}`;
}

/** The property of a window, or null: windows of other origins throw. */
function read(window, name) {
  try {
    return window[name] ?? null;
  } catch {
    return null;
  }
}

/** The windows in which the API may be: the window, and the parent and the opener of each of them. */
function around(start) {
  const found = new Set([start]);
  // The set grows meanwhile.
  for (const window of found) {
    for (const name of ["parent", "opener"]) {
      const next = read(window, name);
      if (next !== null && found.size < MOST_WINDOWS) found.add(next);
    }
  }
  return found;
}

/** The platform's API and its edition, or null where there is none. */
export function findApi(start) {
  for (const edition of EDITIONS) {
    for (const window of around(start)) {
      const api = read(window, edition.name);
      if (api !== null && typeof read(api, edition.calls.open) === "function") return { api, edition };
    }
  }
  return null;
}

/** A session, from `open` to `close`. No call throws, whatever the platform does. */
export class Session {
  #api;
  #edition;
  #began;
  #state = "new";
  #isCompleted = false;
  #refused;

  /** `refused(call, error)` hears of every call that the platform answers with an error. */
  constructor({ api, edition }, refused, now = () => performance.now()) {
    this.#api = api;
    this.#edition = edition;
    this.#refused = refused;
    this.now = now;
  }

  /** Opens the session; false if the platform refuses. */
  open() {
    this.#began = this.now();
    this.#state = this.#call("open", "") ? "open" : "refused";
    return this.#state === "open";
  }

  /** Says that the page is completed, until the platform has taken it once. */
  complete() {
    if (this.#state !== "open" || this.#isCompleted) return;
    this.#isCompleted = this.#call("set", this.#edition.status, "completed");
    this.#call("commit", "");
  }

  /** Says for how long the page was open so far; `commit` is for where it goes on. */
  tellTime({ commit }) {
    if (this.#state !== "open") return;
    const seconds = Math.max(0, (this.now() - this.#began) / 1000);
    this.#call("set", this.#edition.time, this.#edition.spell(seconds));
    if (commit) this.#call("commit", "");
  }

  /** Closes the session, once. */
  close() {
    if (this.#state !== "open") return;
    this.#state = "closed";
    this.#call("close", "");
  }

  /** Calls the platform; the answer is the text "true", or for some platforms the value. */
  #call(what, ...values) {
    const call = this.#edition.calls[what];
    try {
      const answer = this.#api[call](...values);
      if (String(answer) === "true") return true;
      this.#refused(call, String(this.#api[this.#edition.calls.error]?.() ?? ""));
    } catch (error) {
      this.#refused(call, String(error));
    }
    return false;
  }
}
