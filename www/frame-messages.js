// What the frame (embed.html) and the page around it may say to each other. Plain data: nothing here
// knows of a window, so that it is tested with values of every kind.

/** Stands in every message. A message of another version is not understood, and ignored. */
export const VERSION = 1;

/** What a host may ask for. */
export const FROM_HOST = ["hello", "start", "stop", "close", "export"];
/** What the frame may tell: events of the element, its height, and the answer to `export`. */
export const FROM_FRAME = ["ready", "engine-change", "consent", "expression", "face-lost", "error", "size", "export"];
/** The first is meant where none is named, as with the element. */
export const EXPORT_FORMATS = ["json", "csv"];

/** The most faces that moue reads at once, as MAX_FACES in src/pipeline/mod.rs. */
const MOST_FACES = 64;
/** As MOST_SMOOTHING_SECONDS in src/page/host/options.rs. */
const LONGEST_HALF_LIFE_SECS = 10;
/** A host name has at most 253 characters; with scheme and port this is ample. */
const LONGEST_ORIGIN = 300;

const oneOf = (...allowed) => ({ is: (text) => allowed.includes(text), allowed: allowed.join(", ") });
const number = (least, most, whole) => ({
  is: (text) => /^\d{1,6}(\.\d{1,6})?$/.test(text) && (!whole || !text.includes(".")) && Number(text) >= least && Number(text) <= most,
  allowed: `${least} to ${most}`,
});

/**
 * The attributes of `<moue-face>` that an address may set. `model-base` is not among them: whoever
 * embeds the frame does not choose where its programs and weights come from.
 */
export const PARAMETERS = {
  purpose: oneOf(
    "self-reflection",
    "practice",
    "accessibility",
    "research",
    "ux-study",
    "game",
    "education-institution",
    "workplace",
  ),
  "legal-basis": oneOf("medical", "safety", "outside-eu"),
  lang: { is: (text) => /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(text), allowed: "a language tag such as en or de" },
  mode: oneOf("camera", "image"),
  engine: oneOf("auto", "webgpu", "cpu"),
  "max-faces": number(1, MOST_FACES, true),
  smoothing: number(0, LONGEST_HALF_LIFE_SECS, false),
  mirror: oneOf("auto", "true", "false"),
  private: oneOf("true", "false"),
};

/**
 * What a host's message asks for: `{ type }`, with `format` for an export, or null where it is no
 * message of this version. Takes any value that a browser can hand over and never throws.
 */
export function readHostMessage(data) {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return null;
  if (data.moue !== VERSION || !FROM_HOST.includes(data.type)) return null;
  if (data.type !== "export") return { type: data.type };
  const format = data.format ?? EXPORT_FORMATS[0];
  return EXPORT_FORMATS.includes(format) ? { type: "export", format } : null;
}

/** What a message may carry of an event's detail. A field that is not named here stays in the frame. */
const FIELDS = {
  ready: ["engine"],
  "engine-change": ["engine"],
  consent: ["camera", "shared"],
  expression: ["faces", "width", "height", "seconds"],
  "face-lost": ["number"],
  error: ["code", "message"],
  size: ["height"],
  export: ["format", "text"],
};

/** A message of the frame. */
export function frameMessage(type, detail) {
  const message = { moue: VERSION, type };
  for (const name of FIELDS[type]) if (detail?.[name] !== undefined) message[name] = detail[name];
  return message;
}

/**
 * The origins in the `content` of `<meta name="moue-origins">`, separated by spaces, and the words in
 * it that are none. An origin is a scheme, a host and perhaps a port; only https:, and http: on this
 * device, may hear of faces. A path, a wildcard or `null` is refused, not guessed at.
 */
export function readOrigins(content) {
  const origins = [];
  const refused = [];
  for (const word of String(content ?? "").split(/[\s,]+/)) {
    if (word === "") continue;
    const origin = originOf(word);
    if (origin === null) refused.push(word);
    else if (!origins.includes(origin)) origins.push(origin);
  }
  return { origins, refused };
}

function originOf(word) {
  if (word.length > LONGEST_ORIGIN || word.includes("*")) return null;
  let url;
  try {
    url = new URL(word);
  } catch {
    return null;
  }
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isHere)) return null;
  const isBare = url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "" && url.password === "";
  return isBare && !/[?#]/.test(word) ? url.origin : null;
}

/**
 * The attributes in an address's query, and what is wrong with it: `{ name, value, allowed }` for
 * each parameter of ours with a value that it cannot have. Other parameters, such as those that a
 * learning platform adds, are nobody's business here.
 */
export function readAttributes(search) {
  const attributes = {};
  const refused = [];
  for (const [name, value] of new URLSearchParams(String(search ?? ""))) {
    if (!Object.hasOwn(PARAMETERS, name)) continue;
    if (PARAMETERS[name].is(value)) attributes[name] = value;
    else refused.push({ name, value, allowed: PARAMETERS[name].allowed });
  }
  return { attributes, refused };
}

/**
 * Where the frame stands with the page around it:
 *
 * - `alone`: nothing is around it;
 * - `no-origins`: nobody was listed;
 * - `not-listed`: the page around it is known, and not on the list;
 * - `listed`: it is known, and on the list;
 * - `unknown`: this browser does not tell. A listed host makes itself known by `hello`.
 *
 * `ancestors` are `location.ancestorOrigins` as an array, or null where the browser has none.
 */
export function standing({ isFramed, origins, ancestors }) {
  if (!isFramed) return { state: "alone" };
  if (origins.length === 0) return { state: "no-origins" };
  const host = ancestors?.[0];
  if (host === undefined) return { state: "unknown" };
  return origins.includes(host) ? { state: "listed", host } : { state: "not-listed", host };
}
