// Puts <moue-face> into the frame embed.html and carries messages between it and the page around the
// frame: to the listed origins that said hello, and to nobody else.
import { frameMessage, readAttributes, readHostMessage, readOrigins, standing } from "./frame-messages.js";
import { chooseLanguage, direction, explain, say, show } from "./frame-words.js";

/** What the element tells; each is carried to the host under the same name. */
const EVENTS = ["ready", "engine-change", "consent", "expression", "face-lost", "error"];
/** What a host that says hello is told again, because it may come later than they. */
const STANDING = ["ready", "engine-change", "consent", "error"];

const { origins, refused: wrongOrigins } = readOrigins(document.querySelector('meta[name="moue-origins"]')?.content);
const { attributes, refused } = readAttributes(location.search);
const isFramed = window.parent !== window;
const around = standing({ isFramed, origins, ancestors: location.ancestorOrigins && [...location.ancestorOrigins] });

const language = chooseLanguage([attributes.lang ?? "", ...navigator.languages].filter(Boolean));
document.documentElement.lang = language;
document.documentElement.dir = direction(language);

const trouble = document.getElementById("trouble");
const sharedWith = document.getElementById("shared-with");

/** The origin that said hello. Nothing is told to anybody before. */
let host = null;
let element = null;
/** CSS pixels. */
let height = 0;
/** The last message of each kind in STANDING. */
const told = new Map();
/** Whether the person agreed that the page around this frame gets readings. */
let isShared = false;

/** Says something to the host, if there is one that may hear it. */
function tell(type, detail) {
  const message = frameMessage(type, detail);
  if (STANDING.includes(type)) told.set(type, message);
  if (host !== null) window.parent.postMessage(message, host);
}

/** Shows what is wrong, and tells the host. */
function complain(code, gaps) {
  const sentence = say(language, code, gaps);
  show(trouble, code, sentence, language);
  tell("error", { code, message: sentence });
}

function hear(event) {
  if (event.source !== window.parent || !isFramed || !origins.includes(event.origin)) return;
  const message = readHostMessage(event.data);
  if (message === null) return;
  if (message.type === "hello") return greet(event.origin);
  // Who has not said hello is not obeyed, because nobody could be told what came of it.
  if (event.origin === host && element !== null) obey(message);
}

function greet(origin) {
  host = origin;
  showHost(origin);
  tell("size", { height });
  for (const message of told.values()) window.parent.postMessage(message, host);
}

function obey({ type, format }) {
  // What goes wrong with a start is told by the element's event `error`.
  if (type === "start") element.start().catch(() => {});
  if (type === "stop") element.stop();
  if (type === "export") exportTo(format);
  if (type === "close") {
    element.close();
    told.clear();
  }
}

/** Answers `export`. The element gives nothing away before the person agreed. */
function exportTo(format) {
  try {
    tell("export", { format, text: element.exportData(format) });
  } catch ({ code, message }) {
    tell("error", { code, message });
  }
}

/** Names the page that would get what the person shares. */
function showHost(origin) {
  sharedWith.textContent = say(language, "shared-with", { host: origin });
  sharedWith.hidden = false;
}

function carry({ type, detail }) {
  if (type === "consent") isShared = detail.shared === true;
  // The element tells of no face before the person agreed. Should it ever err, the frame does not.
  if (["expression", "face-lost"].includes(type) && !isShared) return;
  tell(type, detail);
  if (type === "error") explain(trouble, detail, language);
}

function measure() {
  const now = Math.ceil(document.documentElement.getBoundingClientRect().height);
  if (now === height) return;
  height = now;
  tell("size", { height });
}

/** What keeps the frame from showing a face: a code and the gaps of its sentence, or null. */
function obstacle() {
  if (wrongOrigins.length > 0) return ["origins-invalid", { words: wrongOrigins.join(" ") }];
  if (around.state === "no-origins") return ["origins-missing"];
  if (around.state === "not-listed") return ["origin-not-listed", { host: around.host }];
  if (refused.length > 0) return ["bad-parameter", refused[0]];
  return null;
}

async function begin() {
  window.addEventListener("message", hear);
  new ResizeObserver(measure).observe(document.body);
  const stands = obstacle();
  if (stands !== null) return complain(...stands);
  if (around.state === "listed") showHost(around.host);
  try {
    await import("./embed.js");
    await customElements.whenDefined("moue-face");
  } catch {
    return complain("element-missing");
  }
  const face = document.createElement("moue-face");
  face.lang = language;
  for (const [name, value] of Object.entries(attributes)) face.setAttribute(name, value);
  for (const type of EVENTS) face.addEventListener(type, carry);
  element = face;
  document.getElementById("face").append(face);
}

begin();
