// Reads settings.json as `moue scorm` does (src/scorm/settings.rs): nothing unknown, nothing of another kind. Of a
// key that stands there twice the last counts, which `moue scorm` refuses.

import { LANGUAGES } from "../element-words.js";

const DEFAULTS = { purpose: "self-reflection", "legal-basis": "", language: "", title: "What does my face look like?", text: "", report: false };
/** The most characters. */
const LONGEST = { title: 200, text: 4000 };

const refused = (kind, reason) => ({ code: `settings-${kind}`, message: `settings.json: ${reason}` });

/** The settings, or `{ code, message }` that says what to change. */
export function readSettings(text) {
  let given;
  try {
    given = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    return refused("broken", `this is no JSON (${error.message}). Look for a missing comma or quotation mark.`);
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) return refused("broken", "this is no object: it begins with { and ends with }.");
  const settings = { ...DEFAULTS };
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(DEFAULTS, key)) return refused("unknown-key", `“${key}” is none of: ${Object.keys(DEFAULTS).join(", ")}.`);
    const isText = typeof DEFAULTS[key] === "string";
    if (typeof value !== typeof DEFAULTS[key]) return refused("invalid", `“${key}” is ${JSON.stringify(value)}; give it ${isText ? "a text in quotation marks" : "true or false"}.`);
    settings[key] = isText ? value.trim() : value;
  }
  const { language, title } = settings;
  if (language !== "" && !LANGUAGES.includes(language)) return refused("invalid", `“language” is “${language}”; leave it empty, or give one of ${LANGUAGES.join(", ")}.`);
  if (/\p{Cc}/u.test(title)) return refused("invalid", "“title” has a line break or another control character; write it in one line.");
  if (title === "") return refused("invalid", "“title” is empty; give it a text.");
  for (const [key, most] of Object.entries(LONGEST)) {
    const { length } = [...settings[key]];
    if (length > most) return refused("invalid", `“${key}” has ${length} characters; give it at most ${most}.`);
  }
  return settings;
}
