// Makes a package with its author's settings in this browser, from the files of the built page around it,
// by the program that `moue scorm` runs in a terminal (src/bin/packager.rs).

const ROOT = new URL("../", import.meta.url);
const SETTINGS = ["purpose", "legal-basis", "language", "title", "text"];
const TYPE = "application/zip";

const place = (id) => document.getElementById(id);

function say(sentence) {
  place("state").textContent = sentence;
}

function missing(path, reason) {
  const remedy = "Check the connection and press again; if that does not help, whoever runs this site publishes the whole folder of the built page.";
  throw new Error(`${path} did not arrive (${reason}). ${remedy}`);
}

/** A file's bytes; `arrived` hears how many of them there are so far. */
async function get(path, { signal, arrived = () => {} } = {}) {
  const answer = await fetch(new URL(path, ROOT), { cache: "no-cache", signal }).catch((error) => missing(path, error.message));
  if (!answer.ok) missing(path, `HTTP ${answer.status}`);
  const parts = [];
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    arrived(value.length);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

let loaded = null;

/** The program, fetched once. */
function program() {
  loaded ??= (async () => {
    const module = await import("../packager.js").catch((error) => missing("packager.js", error.message));
    await module.default();
    return module;
  })().catch((error) => {
    loaded = null;
    throw error;
  });
  return loaded;
}

async function makePackage(form) {
  const given = new FormData(form);
  const settings = Object.fromEntries(SETTINGS.map((key) => [key, given.get(key)]));
  const json = JSON.stringify({ ...settings, report: given.has("report") });
  const name = given.get("target");
  say("Fetching the program…");
  const { Packager } = await program();
  const manifest = await get("model/manifest.json");
  const packager = new Packager(json, name, given.has("without-webgpu"), given.has("in-scripts"), manifest);
  const fetching = new AbortController();
  try {
    let count = 0;
    const paths = packager.paths();
    const arrived = (bytes) => {
      count += bytes;
      say(`Fetching ${paths.length} files: ${(count / 1e6).toFixed(1)} MB`);
    };
    const files = await Promise.all(paths.map((path) => get(path, { signal: fetching.signal, arrived })));
    say("Packing…");
    // Lets the sentence be drawn before the program occupies the thread.
    await new Promise((resolve) => setTimeout(resolve, 50));
    return new File([packager.package(files)], name, { type: TYPE });
  } finally {
    // Where one file is missing, the others are of no use.
    fetching.abort();
    packager.free();
  }
}

let address = null;

function offer(file) {
  if (address !== null) URL.revokeObjectURL(address);
  address = URL.createObjectURL(file);
  const link = place("file");
  Object.assign(link, { href: address, download: file.name, textContent: `Save ${file.name} (${(file.size / 1e6).toFixed(2)} MB)` });
  place("result").hidden = false;
  link.focus();
}

place("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  place("trouble").hidden = place("result").hidden = true;
  place("progress").hidden = false;
  place("make").disabled = true;
  try {
    offer(await makePackage(event.target));
    say("The file is made.");
  } catch (error) {
    say("");
    place("trouble").textContent = error.message;
    place("trouble").hidden = false;
  } finally {
    place("progress").hidden = true;
    place("make").disabled = false;
  }
});
