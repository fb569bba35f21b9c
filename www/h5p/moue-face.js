// The content type MoueFace of H5P: <moue-face> with its author's settings. It makes no xAPI statement and
// keeps no state, so the platform learns nothing of a face. Platforms join such scripts with others, and
// want a constructor of the library's name whose prototype they may replace.
window.MoueFace = (function () {
  "use strict";

  const MISSING = "A file of this content did not arrive. Load the page again; if that does not help, whoever runs the platform installs the library MoueFace anew.";

  const CHARACTERS = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&#39;": "'", "&#039;": "'" };

  /** A text of the author's. Platforms escape it, because most content types take it for HTML. */
  const plain = (value) => (typeof value === "string" ? value.replace(/&(?:amp|lt|gt|quot|apos|#0?39);/g, (name) => CHARACTERS[name]).trim() : "");

  function add(parent, name, properties) {
    const element = document.createElement(name);
    parent.append(Object.assign(element, properties));
    return element;
  }

  function MoueFace(settings) {
    // Instances that inherited it would share one.
    H5P.EventDispatcher.call(this);
    const given = (key) => plain(settings[key]);
    const root = document.createElement("div");
    root.className = "moue-face";
    add(root, "h2", { textContent: given("title"), dir: "auto", hidden: given("title") === "" });
    add(root, "p", { textContent: given("text"), dir: "auto", hidden: given("text") === "" });
    const trouble = add(root, "p", { className: "moue-trouble", hidden: true });
    trouble.setAttribute("role", "alert");

    const begin = async () => {
      // Relative, it would be taken from where the joined scripts lie.
      const load = (file) => import(new URL(this.getLibraryFilePath(file), document.baseURI).href);
      let words;
      try {
        [words] = await Promise.all([load("element-words.js"), load("embed.js")]);
      } catch (error) {
        console.warn(`moue: ${error.message}`);
        // What would show it may be what did not arrive.
        Object.assign(trouble, { textContent: MISSING, lang: "en", dir: "ltr", hidden: false });
        trouble.dataset.code = "element-missing";
        return;
      }
      const language = words.chooseLanguage(given("language") === "" ? navigator.languages : [given("language")]);
      const told = ({ detail }) => {
        console.warn(`moue: ${detail.code}: ${detail.message}`);
        words.explain(trouble, detail, language);
      };
      // Where the platform keeps the camera to itself, or the learner does, a photo remains.
      for (const mode of ["camera", "image"]) {
        const face = document.createElement("moue-face");
        face.lang = language;
        // A package for H5P has no WebGPU program. Learners share computers.
        for (const [name, value] of Object.entries({ mode, engine: "cpu", private: "true", purpose: given("purpose") })) face.setAttribute(name, value);
        if (given("legal-basis") !== "") face.setAttribute("legal-basis", given("legal-basis"));
        face.addEventListener("error", told);
        root.append(face);
      }
    };

    // H5P measures with the frame one pixel high, in which the element would be lower than it is.
    const room = document.createElement("div");
    room.append(root);
    let height = 0;
    const followed = new ResizeObserver(() => {
      const now = Math.ceil(root.getBoundingClientRect().height);
      if (now === height) return;
      height = now;
      room.style.minHeight = `${height}px`;
      this.trigger("resize");
    });

    let isAttached = false;
    this.attach = ($container) => {
      $container.get(0).append(room);
      if (isAttached) return;
      isAttached = true;
      followed.observe(root);
      begin();
    };
  }

  return MoueFace;
})();
