// The page around <moue-face> in a learning platform, which learns nothing of a face: `scorm-api.js` has no way
// to say it.
import { chooseLanguage, direction, explain, say, show } from "../element-words.js";
import { Session, findApi } from "./scorm-api.js";
import { readSettings } from "./settings.js";

/** After how long an opened page counts as completed. */
const SETTLED_MILLIS = 5000;

const place = (id) => document.getElementById(id);
let language = chooseLanguage(navigator.languages);

function setLanguage(chosen) {
  language = chosen;
  document.documentElement.lang = chosen;
  document.documentElement.dir = direction(chosen);
}

function keepSession(reports) {
  const found = findApi(window);
  if (found === null) return;
  const session = new Session(found, (call, error) => {
    console.warn(`moue: lms-refused: the learning platform answered ${call} with an error (${error})`);
  });
  if (!session.open()) return show(place("lms"), "lms-refused", say(language, "lms-refused"), language);
  // A page that is taken out of the browser's memory has a session that is closed.
  window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  window.addEventListener("pagehide", () => {
    if (reports) {
      session.complete();
      session.tellTime({ commit: false });
    }
    session.close();
  });
  if (!reports) return;
  // A platform may lose what comes while it opens the session, and what comes last.
  setTimeout(() => session.complete(), SETTLED_MILLIS);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden") return;
    session.complete();
    session.tellTime({ commit: true });
  });
}

async function settings() {
  let text;
  try {
    const answer = await fetch("settings.json", { cache: "no-cache" });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    text = await answer.text();
  } catch (error) {
    return { code: "settings-missing", message: `settings.json did not arrive (${error.message}). Put it beside index.html.` };
  }
  return readSettings(text);
}

async function begin() {
  const { code, message, ...chosen } = await settings();
  // The session is opened whatever the settings say: the platform waits for it.
  keepSession(code === undefined && chosen.report);
  if (code !== undefined) {
    setLanguage(language);
    place("title").textContent = document.title;
    show(place("lms"), code, say(language, "author-mistaken"), language);
    return show(place("trouble"), code, message, "en");
  }
  setLanguage(chosen.language === "" ? language : chosen.language);
  document.title = chosen.title;
  place("title").textContent = chosen.title;
  place("text").textContent = chosen.text;
  place("text").hidden = chosen.text === "";
  try {
    await import("../embed.js");
    await customElements.whenDefined("moue-face");
  } catch {
    return show(place("trouble"), "element-missing", say(language, "element-missing"), language);
  }
  // Where the platform keeps the camera to itself, or the learner does, a photo remains.
  for (const mode of ["camera", "image"]) place("face").append(element(mode, chosen));
}

function element(mode, chosen) {
  const face = document.createElement("moue-face");
  face.lang = language;
  const { purpose, "legal-basis": basis } = chosen;
  // Private: learners share computers, and some platforms take what is stored here to their server.
  const attributes = { mode, purpose, "legal-basis": basis, engine: place("face").dataset.engine, private: "true" };
  for (const [name, value] of Object.entries(attributes)) face.setAttribute(name, value);
  face.addEventListener("error", ({ detail }) => {
    // For the author.
    console.warn(`moue: ${detail.code}: ${detail.message}`);
    explain(place("trouble"), detail, language);
  });
  return face;
}

begin();
