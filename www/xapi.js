// Sends xAPI 1.0.3 statements about the use of <moue-face> to a learning record store (LRS). Off unless
// a page imports this and calls it. By default it tells when a session began and ended, never anything
// of a face; docs/e-learning.md says what the law has to do with that.
//
// Units: seconds; shares of time are 0 to 1.

const XAPI_VERSION = "1.0.3";
/** https://w3id.org/xapi/adl: the verbs that ADL published. */
const VERBS = {
  initialized: { id: "http://adlnet.gov/expapi/verbs/initialized", display: { en: "initialized" } },
  terminated: { id: "http://adlnet.gov/expapi/verbs/terminated", display: { en: "terminated" } },
  experienced: { id: "http://adlnet.gov/expapi/verbs/experienced", display: { en: "experienced" } },
};
/** The key of a summary in `result.extensions`. Drawn once; a form that says something else gets another. */
export const SUMMARY_KEY = "urn:uuid:4c18cd1d-cad8-47e4-8662-1f99b50f6b19";

const EXPRESSIONS = ["anger", "disgust", "fear", "happy", "sad", "surprise", "neutral"];
/** What a frame showed holds until the next one, but no longer than this. */
const LONGEST_HOLD_SECS = 1;
/** Waits between the tries to send one statement; after the last, it waits for the next occasion. */
const WAIT_SECS = [1, 4, 16];
/** Purposes that the element itself starts for with one of these bases only. */
const INSTITUTIONS = ["education-institution", "workplace"];
const INSTITUTION_BASES = ["medical", "safety", "outside-eu"];
/** On what ground a summary of somebody's face may be sent at all. */
export const LEGAL_BASES = [...INSTITUTION_BASES, "not-work-or-education"];

/** Options that cannot be used. `code` names the one, the message what to give instead. */
export class XapiOptionError extends TypeError {
  constructor(code, message) {
    super(message);
    this.name = "XapiOptionError";
    this.code = code;
  }
}

/**
 * Sends `initialized` when `element` is ready and `terminated` when `end()` is called, or when the page
 * is left. `element` is a <moue-face>, or what `connect` of moue-frame.js returns. Call this before the
 * element is ready.
 *
 * Options:
 * - `endpoint`: the LRS, to which `statements` is added; https:, or http: on this device;
 * - `auth`: the `Authorization` header, or `headers`: several headers. Whoever opens the page can read
 *   them: give a token that may only write, and only for this learner;
 * - `actor`: `{ account: { homePage, name } }`, a name that says nothing to others;
 * - `activity`: `{ id, name, type }`, of which `id` is an IRI of yours; the others may be left out;
 * - `language`: of the session, such as "en";
 * - `summaries`: true sends, with `terminated`, how the time was shared among the expressions: only of
 *   what the person agreed to share with this page, and only with a `legalBasis` of LEGAL_BASES;
 * - `onError(error)`: what could not be sent, with `code` `lrs-refused`, `lrs-rejected` or
 *   `lrs-unreachable`; by default a warning in the console;
 * - `waitSecs`: the waits between tries, for tests.
 *
 * Returns `{ end }`: `await end()` gives `{ unsent }`, the statements that did not arrive.
 *
 * Throws XapiOptionError.
 */
export function sendStatements(element, options) {
  const settings = checked(element, options ?? {});
  return new Sender(element, settings);
}

class Sender {
  #element;
  #settings;
  /** Statements that have not arrived, oldest first. */
  #unsent = [];
  #sending = null;
  /** `{ registration, began }` while a session is open. */
  #session = null;
  #share = null;
  #isShared = false;
  #wasOpen = false;

  constructor(element, settings) {
    this.#element = element;
    this.#settings = settings;
    for (const [type, listener] of this.#listeners()) element.addEventListener(type, listener);
    globalThis.addEventListener?.("pagehide", this.#leave);
    globalThis.addEventListener?.("pageshow", this.#return);
  }

  /** Ends the session and listens no longer. */
  async end() {
    for (const [type, listener] of this.#listeners()) this.#element.removeEventListener(type, listener);
    globalThis.removeEventListener?.("pagehide", this.#leave);
    globalThis.removeEventListener?.("pageshow", this.#return);
    this.#finish();
    await this.#send();
    return { unsent: [...this.#unsent] };
  }

  #listeners() {
    return [
      ["ready", this.#begin],
      ["consent", this.#consent],
      ["expression", this.#expression],
      ["face-lost", this.#lost],
    ];
  }

  #begin = () => {
    if (this.#session !== null) return;
    this.#session = { registration: crypto.randomUUID(), began: Date.now() };
    this.#share = this.#settings.summaries ? new Share() : null;
    this.#add(VERBS.initialized);
    this.#send();
  };

  #consent = ({ detail }) => {
    this.#isShared = detail?.shared === true;
    // Taken back: what was counted so far goes too.
    if (!this.#isShared && this.#share !== null) this.#share = new Share();
  };

  #expression = ({ detail }) => {
    if (this.#isShared) this.#share?.add(detail);
  };

  #lost = () => this.#share?.pause();

  /** The page is left: the last chance to send, without waiting for an answer. */
  #leave = () => {
    this.#wasOpen = this.#session !== null;
    this.#finish();
    for (const statement of this.#unsent) this.#post(statement, true).catch(() => {});
    this.#unsent = [];
  };

  /** The page comes back as the browser kept it: that is a new session. */
  #return = ({ persisted }) => {
    if (persisted && this.#wasOpen) this.#begin();
  };

  #finish() {
    if (this.#session === null) return;
    const duration = isoDuration((Date.now() - this.#session.began) / 1000);
    const summary = this.#isShared ? this.#share?.summary() : null;
    if (summary) {
      const extensions = { [SUMMARY_KEY]: { ...summary, legal_basis: this.#settings.legalBasis } };
      this.#add(VERBS.experienced, { duration, extensions });
    }
    this.#add(VERBS.terminated, { duration });
    this.#session = null;
    this.#share = null;
  }

  #add(verb, result) {
    const { actor, activity, language } = this.#settings;
    const context = { registration: this.#session.registration, platform: "moue" };
    if (language) context.language = language;
    const statement = { id: crypto.randomUUID(), actor, verb, object: activity, context, timestamp: new Date().toISOString() };
    if (result) statement.result = result;
    this.#unsent.push(statement);
  }

  /** Sends what has not arrived, one after the other and each once. */
  async #send() {
    if (this.#unsent.length > 0) this.#sending ??= this.#sendAll();
    await this.#sending;
  }

  async #sendAll() {
    try {
      while (this.#unsent.length > 0) {
        const statement = this.#unsent[0];
        const error = await this.#deliver(statement);
        if (error?.code === "lrs-unreachable") return this.#settings.onError(error);
        // Arrived, or such that no further try would help.
        this.#unsent = this.#unsent.filter((other) => other !== statement);
        if (error) this.#settings.onError(error);
      }
    } finally {
      this.#sending = null;
    }
  }

  /** Tries to deliver a statement; returns what was in the way, or null. */
  async #deliver(statement) {
    let reason;
    for (const wait of [0, ...this.#settings.waitSecs]) {
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait * 1000));
      try {
        const response = await this.#post(statement, false);
        // 409: an LRS that has this id already, from a try whose answer was lost.
        if (response.ok || response.status === 409) return null;
        reason = `it answered ${response.status}`;
        if (![408, 425, 429].includes(response.status) && response.status < 500) return refusal(response.status);
      } catch (error) {
        reason = String(error?.message ?? error);
      }
    }
    return failure("lrs-unreachable", `The LRS could not be reached (${reason}). Check the endpoint, and that it allows this page's origin (CORS).`);
  }

  #post(statement, keepalive) {
    const { url, headers } = this.#settings;
    return fetch(url, { method: "POST", headers, body: JSON.stringify(statement), keepalive, referrerPolicy: "no-referrer", credentials: "omit" });
  }
}

function refusal(status) {
  if (status === 401 || status === 403) {
    return failure("lrs-refused", `The LRS let nobody in (${status}). Check auth or headers, and that they may write statements.`);
  }
  return failure("lrs-rejected", `The LRS rejected a statement (${status}). Check endpoint, actor and activity.`);
}

const failure = (code, message) => Object.assign(new Error(message), { code });

/** How the time of one face alone was shared among the expressions. */
export class Share {
  #seconds = {};
  #leftOut = 0;
  #readings = 0;
  /** What the last frame showed, and when: `{ kind, seconds }`; null for nothing that holds. */
  #last = null;

  /** A reading: the detail of an `expression` event. */
  add(detail) {
    const seconds = detail?.seconds;
    if (!Number.isFinite(seconds) || !Array.isArray(detail.faces)) return;
    this.#hold(seconds);
    this.#last = { kind: kindOf(detail.faces), seconds };
    if (this.#last.kind !== null) this.#readings += 1;
  }

  /** Nothing holds any longer, as when the face was lost. */
  pause() {
    this.#last = null;
  }

  /** The shares, or null where no time was seen. */
  summary() {
    const total = Object.values(this.#seconds).reduce((sum, part) => sum + part, 0);
    if (total === 0) return null;
    const names = [...EXPRESSIONS, "unsure", "not-judged"];
    return {
      seen_seconds: rounded(total),
      // Nobody was seen.
      left_out_seconds: rounded(this.#leftOut),
      readings: this.#readings,
      share_of_time: Object.fromEntries(names.map((name) => [name, rounded((this.#seconds[name] ?? 0) / total)])),
    };
  }

  #hold(seconds) {
    if (this.#last === null) return;
    const held = Math.min(Math.max(seconds - this.#last.seconds, 0), LONGEST_HOLD_SECS);
    if (this.#last.kind === null) this.#leftOut += held;
    else this.#seconds[this.#last.kind] = (this.#seconds[this.#last.kind] ?? 0) + held;
  }
}

/** What the largest face of a frame shows; null where there is none. */
function kindOf(faces) {
  if (faces.length === 0) return null;
  const size = ({ box }) => box.width * box.height;
  const { expression, problem } = faces.reduce((largest, face) => (size(face) > size(largest) ? face : largest));
  if (EXPRESSIONS.includes(expression)) return expression;
  return problem ? "not-judged" : "unsure";
}

const rounded = (number) => Math.round(number * 1000) / 1000;

/** As ISO 8601 has it, to the hundredth of a second (xAPI 1.0.3, Data, 4.6). */
export function isoDuration(seconds) {
  return `PT${Math.max(0, Math.round(seconds * 100) / 100)}S`;
}

// ---- options --------------------------------------------------------------------------------------

function checked(element, options) {
  const { endpoint, auth, headers, summaries = false, legalBasis, language, onError, waitSecs = WAIT_SECS } = options;
  if (summaries) checkBasis(element, legalBasis);
  return {
    url: statementsOf(endpoint),
    headers: { ...headersOf(auth, headers), "content-type": "application/json", "x-experience-api-version": XAPI_VERSION },
    actor: actorOf(options.actor),
    activity: activityOf(options.activity),
    language: language || element.lang || "",
    summaries: summaries === true,
    legalBasis,
    onError: onError ?? ((error) => console.warn(`moue, xAPI: ${error.message}`)),
    waitSecs,
  };
}

function checkBasis(element, legalBasis) {
  if (!LEGAL_BASES.includes(legalBasis)) {
    throw new XapiOptionError("xapi-legal-basis", `summaries need a legalBasis: one of ${LEGAL_BASES.join(", ")}. Leave summaries out to send none.`);
  }
  const purpose = element.getAttribute?.("purpose");
  if (INSTITUTIONS.includes(purpose) && !INSTITUTION_BASES.includes(legalBasis)) {
    throw new XapiOptionError("xapi-legal-basis", `With the purpose ${purpose}, summaries need one of ${INSTITUTION_BASES.join(", ")} as legalBasis.`);
  }
}

function statementsOf(endpoint) {
  const url = asUrl(endpoint);
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(url?.hostname);
  if (url?.protocol !== "https:" && !(url?.protocol === "http:" && isHere)) {
    throw new XapiOptionError("xapi-endpoint", "endpoint is the address of an LRS on https:, such as https://lrs.example/xAPI/");
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return new URL("statements", url).href;
}

function headersOf(auth, headers) {
  if (auth !== undefined && typeof auth !== "string") {
    throw new XapiOptionError("xapi-auth", 'auth is the text of an Authorization header, such as "Bearer …"; several headers go into headers.');
  }
  return { ...(headers ?? {}), ...(auth ? { authorization: auth } : {}) };
}

/** An account and nothing besides: a name or an e-mail address would tell who the person is. */
function actorOf(actor) {
  const homePage = asUrl(actor?.account?.homePage)?.href;
  const name = actor?.account?.name;
  if (!homePage || typeof name !== "string" || name === "") {
    throw new XapiOptionError("xapi-actor", "actor is { account: { homePage, name } }: the address of the system that knows the learner, and what it calls them there.");
  }
  return { objectType: "Agent", account: { homePage: actor.account.homePage, name } };
}

function activityOf(activity) {
  if (!asUrl(activity?.id)) {
    throw new XapiOptionError("xapi-activity", "activity is { id, name, type } with an absolute IRI of yours as id, such as https://school.example/activities/mirror");
  }
  const definition = {};
  if (activity.name) definition.name = typeof activity.name === "string" ? { und: activity.name } : activity.name;
  if (activity.type) definition.type = activity.type;
  return { objectType: "Activity", id: activity.id, ...(Object.keys(definition).length > 0 ? { definition } : {}) };
}

function asUrl(text) {
  try {
    return typeof text === "string" ? new URL(text) : null;
  } catch {
    return null;
  }
}
