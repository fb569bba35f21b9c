// <moue-face> and Moue: facial expressions, read on the visitor's own device, in anybody's page.
//
//   <script type="module" src="…/embed.js"></script>
//   <moue-face purpose="self-reflection" lang="en"></moue-face>
//
// Nothing else is fetched until somebody wants a reading; then the program of src/embed takes over.
// What both offer is described in npm/embed.d.ts. The build fills in the next three (.ci/embed.mjs).

export const version = "unbuilt";
const INTEGRITY = {};
const MANIFEST_SHA256 = null;
/** Whether each program and the weights lie in a script that returns their bytes: `moue scorm --in-scripts` sets it. */
const IN_SCRIPTS = false;

// Bundlers know a file by exactly this form, and put a small one into a data: address unless told
// not to, which a strict policy would not let the engine fetch.
const PROGRAM = new URL("./element.js", import.meta.url);
const PROGRAM_BYTES = new URL("./element_bg.wasm", import.meta.url);
const ENGINE = new URL("./engine.js", import.meta.url);
const ENGINE_BYTES = new URL("./engine_bg.wasm", import.meta.url);
const GPU = new URL("./gpu.js", import.meta.url);
const GPU_BYTES = new URL("./gpu_bg.wasm", import.meta.url);
const STYLE = new URL("./style.css", import.meta.url);
const MANIFEST = new URL("./model/manifest.json?no-inline", import.meta.url);
const WEIGHTS = new URL("./model/moue-int8.safetensors", import.meta.url);

const NAME = "moue-face";
const ATTRIBUTES = ["purpose", "legal-basis", "lang", "mode", "engine", "max-faces", "smoothing", "mirror", "private", "model-base"];
/** How an attribute reads as a property, where not as its text. */
const READ = { "max-faces": Number, smoothing: Number, mirror: (value) => ({ true: true, false: false })[value] ?? null, private: (value) => value === "true" };
const DEFAULTS = { mode: "camera", engine: "auto", private: false };

/** The first four of each are words of the page (www/locales), which tests/embed compares. */
const WORDS = {
  en: {
    camera: "Start camera",
    image: "Choose a photo",
    promise: "Your picture never leaves this device.",
    loading: "Fetching the engine…",
    failed: "This could not be started. Try again.",
  },
  de: {
    camera: "Kamera starten",
    image: "Foto auswählen",
    promise: "Ihr Bild verlässt dieses Gerät nie.",
    loading: "Das Rechenwerk wird geladen…",
    failed: "Das ließ sich nicht starten. Versuchen Sie es noch einmal.",
  },
  fr: {
    camera: "Démarrer la caméra",
    image: "Choisir une photo",
    promise: "Votre image ne quitte jamais cet appareil.",
    loading: "Chargement du moteur…",
    failed: "Le démarrage a échoué. Réessayez.",
  },
  es: {
    camera: "Iniciar la cámara",
    image: "Elegir una foto",
    promise: "Tu imagen nunca sale de este dispositivo.",
    loading: "Cargando el motor…",
    failed: "No se ha podido iniciar. Inténtalo de nuevo.",
  },
  ar: {
    camera: "شغّل الكاميرا",
    image: "اختر صورة",
    promise: "صورتك لا تغادر هذا الجهاز أبدًا.",
    loading: "جارٍ تحميل المحرّك…",
    failed: "تعذّر البدء. حاول مرة أخرى.",
  },
  zh: {
    camera: "打开摄像头",
    image: "选择照片",
    promise: "您的图片绝不会离开这台设备。",
    loading: "正在加载引擎…",
    failed: "无法启动。请重试。",
  },
};

/**
 * Names only what is the shell's own: it stays when the program's style joins it. Below the host stands one
 * div, which keeps out what the page sets for its own text, lengths of its root included.
 */
const SHELL_STYLE = `
:host { display: block }
:host([hidden]) { display: none }
:host > div { all: initial; display: block; visibility: inherit; color: inherit; color-scheme: inherit; font: medium/1.5 system-ui, sans-serif; overflow-wrap: break-word }
[part=start] { padding: .6em 1.2em; border: 1px solid transparent; border-radius: .6em; background: #0f766e; color: #fff; font: inherit; cursor: pointer }
[part=start]:focus-visible { outline: 3px solid; outline-offset: 3px }
[part=start][aria-disabled=true] { opacity: .6; cursor: default }
[part=promise], [part=error] { margin: .5em 0 0; font-size: .875em }`;

const failure = (code, message) => Object.assign(new Error(message), { code });

function mark(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

// ---- Trusted Types ------------------------------------------------------------------------------

let rule;

/** The address of a script, as a page wants it that demands Trusted Types. */
function trusted(address) {
  if (rule === undefined) {
    rule = null;
    try {
      rule = globalThis.trustedTypes?.createPolicy("moue", { createScriptURL: (text) => text });
    } catch {
      // The page's policy does not name it, which matters only where Trusted Types are demanded.
    }
  }
  return rule ? rule.createScriptURL(address) : address;
}

function checkTrust() {
  try {
    document.createElement("script").src = trusted(PROGRAM.href);
  } catch {
    const remedy = "Whoever runs this site adds moue to the directive trusted-types of its Content-Security-Policy: trusted-types moue.";
    throw failure("trusted-types", `This page demands Trusted Types (require-trusted-types-for), and lets moue make none. ${remedy}`);
  }
}

// ---- files --------------------------------------------------------------------------------------

/**
 * Whether these files come from another origin, such as a CDN. Then their checksums have to be those of
 * the build; on its own origin a site may let its tools change them.
 */
const isForeign = () => PROGRAM.protocol.startsWith("http") && PROGRAM.origin !== self.origin;

const integrity = (url) => (isForeign() ? INTEGRITY[url.pathname.split("/").pop()] : undefined) ?? "";

async function get(url, options) {
  const response = await fetch(url, { integrity: integrity(url), ...options });
  if (!response.ok) throw new Error(`${response.status} for ${url}`);
  return response;
}

/** Runs another origin's module only if its checksum is right; an import that follows gets this one. */
const check = (address, url) =>
  new Promise((resolve, reject) => {
    const script = document.createElement("script");
    const onerror = () => reject(new Error(`${url} did not arrive, or not as it was built`));
    Object.assign(script, { type: "module", crossOrigin: "anonymous", integrity: integrity(url), onload: resolve, onerror, src: trusted(address) });
    document.head.append(script);
  });

let tries = 0;

async function importProgram() {
  // A browser may remember a module that failed, by its address with the fragment.
  const address = PROGRAM.href + (tries > 0 ? `#${tries}` : "");
  if (isForeign()) await check(address, PROGRAM);
  return import(/* @vite-ignore */ /* webpackIgnore: true */ address);
}

/** The bytes of a file that lies in a script. */
async function unpack(url) {
  const { default: bytes } = await import(/* @vite-ignore */ /* webpackIgnore: true */ `${url.href}.js`);
  return bytes();
}

/** Where the weights are; of those that lie in a script, the program's load made an address. */
let weights = WEIGHTS.href;

async function load() {
  checkTrust();
  if (IN_SCRIPTS && isForeign()) {
    throw failure("program", "Programs in scripts start only on the page's own origin: put these files there, or use those of the npm package.");
  }
  const [module, bytes, style] = await Promise.all([
    importProgram(),
    IN_SCRIPTS ? unpack(PROGRAM_BYTES) : get(PROGRAM_BYTES),
    // A development server may answer a request for styles that does not say so with a script.
    get(STYLE, { headers: { accept: "text/css" } }).then((response) => response.text()),
  ]);
  await module.default({ module_or_path: bytes });
  if (IN_SCRIPTS) weights = URL.createObjectURL(new Blob([await unpack(WEIGHTS)]));
  return { FaceElement: module.FaceElement, Moue: module.Moue, style };
}

let loaded = null;

/** The program, fetched once for the whole page. */
function program() {
  loaded ??= load().catch((error) => {
    loaded = null;
    tries += 1;
    if (typeof error.code === "string") throw error;
    const from = isForeign() ? PROGRAM.origin : "'self'";
    const remedies = [
      "Check the connection and try again.",
      "Whoever runs this site serves all files of the package beside embed.js or the bundle that has it, unchanged,",
      `and allows ${from} in script-src and connect-src, and 'wasm-unsafe-eval' in script-src.`,
    ];
    throw failure("program", `moue's program did not start (${error.message}). ${remedies.join(" ")}`);
  });
  return loaded;
}

// ---- the engine's worker ------------------------------------------------------------------------

/** Runs in the worker, as www/engine-worker.js does: tells in the words of src/page/protocol/mod.rs what failed. */
const complain = (reason) =>
  postMessage(
    JSON.stringify({
      error: {
        id: null,
        code: "engine-start",
        message: `The engine's program did not start (${reason}). Check the connection and try again.`,
      },
    }),
  );

/** The start of a program whose script, as wasm-bindgen writes it, stands before it. */
const init = (bytes) => `__wbg_init({ module_or_path: fetch("${bytes}", { integrity: "${integrity(bytes)}" }) })`;

const source = async (url) => (await get(url)).text();

/** What www/engine-worker.js imports where it is called. A policy may let a blob import nothing, so the script is put into a function. */
async function startGpu() {
  if (!(await navigator.gpu?.requestAdapter().catch(() => null))) return "";
  const script = await source(GPU)
    .then((text) => text.replace(/^export (\{.*\};?$)?/gm, ""))
    .catch((error) => `throw new Error(${JSON.stringify(`${GPU}: ${error.message}`)});`);
  return `self.startGpu = (manifest, weights) => {
    ${script}
    const files = ${init(GPU_BYTES)};
    return [files, files.then(() => GpuNetwork.load(manifest, weights))];
  };`;
}

/** Browsers start no worker from another origin, so its script is fetched, checked, and started as a blob. */
async function foreignWorker() {
  const script = source(ENGINE)
    .then((text) => `${text}\n${init(ENGINE_BYTES)}.catch(complain);`)
    .catch((error) => `complain(${JSON.stringify(`${ENGINE}: ${error.message}`)});`);
  const parts = ['postMessage("here");', `const complain = ${complain};`, ...(await Promise.all([startGpu(), script]))];
  const address = URL.createObjectURL(new Blob([parts.join("\n")], { type: "text/javascript" }));
  try {
    return await answering(new Worker(trusted(address), { type: "module", name: "moue-engine" }));
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** A browser tells only later that a policy keeps a worker out, so its first message is awaited. */
const answering = (worker) =>
  new Promise((resolve, reject) => {
    worker.addEventListener("message", () => resolve(worker), { once: true });
    worker.addEventListener("error", () => reject(new Error("its script was refused or not found")), { once: true });
  });

/** Bundlers know a worker's script by exactly this form, so that its address is made a trusted one within the constructor. */
function ownWorker() {
  const { Worker: Untrusting } = globalThis;
  globalThis.Worker = function (address, options) {
    return new Untrusting(trusted(address), options);
  };
  try {
    return new Worker(new URL("./engine-worker.js", import.meta.url), { type: "module", name: "moue-engine" });
  } finally {
    globalThis.Worker = Untrusting;
  }
}

async function startWorker() {
  try {
    if (isForeign()) return await foreignWorker();
    return await answering(ownWorker());
  } catch (error) {
    throw failure("no-worker", error.message);
  }
}

/** What the program is made of, with the model below `modelBase` or else our own. */
function parts(modelBase) {
  const own = { manifest: MANIFEST.href, manifestSha256: MANIFEST_SHA256, weights };
  if (!modelBase) return { startWorker, ...own, key: own.manifest };
  try {
    const manifest = new URL("manifest.json", new URL(modelBase.replace(/\/?$/, "/"), document.baseURI)).href;
    return { startWorker, manifest, manifestSha256: null, weights: null, key: manifest };
  } catch {
    const remedy = "Give it the folder in which the model's manifest.json lies.";
    throw failure("model-base", `model-base is "${modelBase}", which is no address. ${remedy}`);
  }
}

// ---- the element --------------------------------------------------------------------------------

/** It does not bubble, because a window takes every `error` that reaches it for one of its scripts. */
const tell = (element, { code = "program", message }) =>
  element.dispatchEvent(new CustomEvent("error", { detail: { code, message }, composed: true }));

class MoueFace extends (globalThis.HTMLElement ?? class {}) {
  static version = version;
  static observedAttributes = ATTRIBUTES;

  #root = this.attachShadow({ mode: "open" });
  #shell = document.createElement("div");
  #button = document.createElement("button");
  #line = document.createElement("p");
  /** What the shell shows as long as the program shows nothing: "start", "loading" or "failed". */
  #state = "start";
  /** The program's part, once it is there, and the promise of it. */
  #face = null;
  #promised = null;
  /** How often it was closed and stopped: what was asked for before does not come true later. */
  #closings = 0;
  #stops = 0;

  async start() {
    const stops = this.#stops;
    const face = await this.#need();
    if (stops !== this.#stops) return;
    try {
      await face.start();
    } catch (error) {
      if (face === this.#face) this.#show("failed");
      throw error;
    }
  }

  stop() {
    this.#stops += 1;
    this.#face?.stop();
  }

  async analyze(source) {
    return (await this.#need()).analyze(source);
  }

  exportData(format) {
    if (!this.#face) throw failure("not-started", "Nothing was read yet, so there is nothing to export. Call start() first.");
    return this.#face.exportData(format);
  }

  close() {
    const face = this.#face;
    this.#closings += 1;
    this.#stops += 1;
    this.#face = this.#promised = null;
    face?.close();
    this.#dress();
    this.#show("start");
  }

  connectedCallback() {
    // What was assigned before this class was there hides the accessors below.
    for (const property of PROPERTIES.keys()) {
      if (!Object.hasOwn(this, property)) continue;
      const value = this[property];
      delete this[property];
      this[property] = value;
    }
    if (this.#face) this.#face.resumed();
    else this.#dress();
    this.#show(this.#state);
  }

  disconnectedCallback() {
    // Whoever moves an element takes it out first.
    queueMicrotask(() => this.isConnected || this.close());
  }

  /** Its sheets and the camera belong to the document that it left. */
  adoptedCallback() {
    this.close();
  }

  /** With it, moveBefore() is no removal. */
  connectedMoveCallback() {}

  attributeChangedCallback(name, _, value) {
    if (name === "model-base" && this.#face) return this.close();
    this.#face?.set(name, name === "lang" ? this.#language() : value);
    this.#show(this.#state);
  }

  #need() {
    if (this.isConnected) return (this.#promised ??= this.#load());
    const message = `Put the ${NAME} into the document first, or use the class Moue.`;
    return Promise.reject(failure("not-connected", message));
  }

  async #load() {
    const closings = this.#closings;
    this.#show("loading");
    try {
      const { FaceElement, style } = await program();
      if (closings !== this.#closings) throw failure("closed", "This was closed or removed while it was loading. Start it again.");
      const face = new FaceElement(this, this.#root, parts(this.modelBase));
      this.#dress(this.#unroot(style));
      for (const name of ATTRIBUTES) if (name !== "lang" && this.hasAttribute(name)) face.set(name, this.getAttribute(name));
      face.set("lang", this.#language());
      this.#face = face;
      this.#show("start");
      return face;
    } catch (error) {
      if (closings === this.#closings) {
        this.#promised = null;
        this.#show("failed");
        tell(this, error);
      }
      throw error;
    }
  }

  /** A policy may forbid attributes and inline styles, but no sheet that is made here. It is of one document. */
  #dress(...styles) {
    const view = this.ownerDocument.defaultView;
    if (!view) return;
    this.#root.adoptedStyleSheets = [SHELL_STYLE, ...styles].map((text) => {
      const sheet = new view.CSSStyleSheet();
      sheet.replaceSync(text);
      return sheet;
    });
  }

  /** Replaces a length of the page's root, which it may have resized, by that of the visitor. */
  #unroot(style) {
    const probe = this.#root.appendChild(document.createElement("div"));
    const rem = parseFloat(getComputedStyle(probe).fontSize);
    probe.remove();
    return style.replace(/([\d.]+)rem/g, (_, count) => `${count * rem}px`);
  }

  /** The element's own language, that of the text around it, or the visitor's. */
  #language() {
    const tags = [this.closest("[lang]")?.lang, ...navigator.languages];
    return tags.map((tag) => tag?.split("-")[0].toLowerCase()).find((tag) => tag in WORDS) ?? "en";
  }

  /** Shows a state, unless the program shows something. */
  #show(state) {
    this.#state = state;
    const isOurs = this.#shell.parentNode === this.#root;
    if (!this.isConnected || (this.#root.hasChildNodes() && !isOurs && this.#face)) return;
    if (this.mode === "headless") return this.#root.replaceChildren();
    const language = this.#language();
    const words = WORDS[language];
    const [part, role] = state === "failed" ? ["error", "alert"] : ["promise", "status"];
    mark(this.#shell, { lang: language, dir: language === "ar" ? "rtl" : "ltr" });
    mark(this.#button, { part: "start", type: "button", "aria-disabled": state === "loading" });
    mark(this.#line, { part, role });
    this.#button.textContent = words[this.mode] ?? words.camera;
    this.#line.textContent = words[state] ?? words.promise;
    // An event tells what failed.
    this.#button.onclick = () => this.#state === "loading" || this.start().catch(() => {});
    if (isOurs) return;
    this.#shell.append(this.#button, this.#line);
    this.#root.replaceChildren(this.#shell);
  }
}

/** Property → attribute, for all that HTML does not know. */
const PROPERTIES = new Map(
  ATTRIBUTES.filter((name) => name !== "lang").map((name) => [name.replace(/-./g, (end) => end[1].toUpperCase()), name]),
);
for (const [property, name] of PROPERTIES) {
  Object.defineProperty(MoueFace.prototype, property, {
    get() {
      const value = this.getAttribute(name);
      return value === null ? (DEFAULTS[name] ?? null) : (READ[name]?.(value) ?? value);
    },
    set(value) {
      if (value == null) this.removeAttribute(name);
      else this.setAttribute(name, value);
    },
    configurable: true,
    enumerable: true,
  });
}

// ---- without an element -------------------------------------------------------------------------

export class Moue {
  #moue;

  static async create(options = {}) {
    const its = parts(options.modelBase);
    const { Moue: Program } = await program();
    const moue = new Moue();
    moue.#moue = await Program.create(options, its);
    return moue;
  }

  analyze(source) {
    return this.#moue.analyze(source);
  }

  close() {
    this.#moue.close();
  }
}

// Importing this where there is no document, as on a server, does nothing.
if (globalThis.customElements) {
  const there = customElements.get(NAME);
  if (!there) customElements.define(NAME, MoueFace);
  else if (there.version !== version) {
    const message = `This page loads moue ${version} after ${there.version}, which stays in use. Load only one of them.`;
    const error = failure("two-versions", message);
    console.warn(message);
    for (const element of document.querySelectorAll(NAME)) tell(element, error);
  }
}
