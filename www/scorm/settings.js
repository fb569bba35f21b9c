// Reads settings.json as `moue scorm` does (src/scorm/settings.rs): nothing unknown, nothing of another kind.

import { LANGUAGES } from "../element-words.js";

const DEFAULTS = { purpose: "self-reflection", "legal-basis": "", language: "", title: "What does my face look like?", text: "", report: false };

/** The settings, or `{ code, message }` that says what to change. */
export function readSettings(text) {
  let given;
  try {
    given = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    return { code: "settings-broken", message: `settings.json is no JSON (${error.message}). Look for a missing comma or quotation mark.` };
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return { code: "settings-broken", message: "settings.json is no object: it begins with { and ends with }." };
  }
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(DEFAULTS, key)) {
      return { code: "settings-unknown-key", message: `settings.json has “${key}”, which is none of: ${Object.keys(DEFAULTS).join(", ")}.` };
    }
    const kind = typeof DEFAULTS[key];
    if (typeof value !== kind) {
      const wanted = kind === "boolean" ? "true or false" : "a text in quotation marks";
      return { code: "settings-invalid", message: `In settings.json “${key}” is ${JSON.stringify(value)}; give it ${wanted}.` };
    }
  }
  const settings = { ...DEFAULTS, ...given };
  for (const key of Object.keys(settings)) if (typeof settings[key] === "string") settings[key] = settings[key].trim();
  if (settings.language !== "" && !LANGUAGES.includes(settings.language)) {
    return { code: "settings-invalid", message: `In settings.json “language” is “${settings.language}”; leave it empty, or give one of ${LANGUAGES.join(", ")}.` };
  }
  if (/\p{Cc}/u.test(settings.title)) return { code: "settings-invalid", message: "In settings.json “title” has a line break or another control character; write it in one line." };
  if (settings.title === "") return { code: "settings-invalid", message: "In settings.json “title” is empty; give it a text." };
  return settings;
}
