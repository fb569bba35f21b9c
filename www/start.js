// Decides, before anything large is fetched, whether this browser can run the page, and starts it.
// Until the program is here it speaks the visitor's language, chosen as src/web/session/i18n.rs does.
(function () {
  "use strict";
  var root = document.documentElement;
  var script = document.currentScript;

  // What stands there meanwhile, what follows after a while, and what is said when that was all.
  var words = {
    en: ["Fetching the page…", "If nothing more happens, update your browser: moue needs one from 2023 or later.", "The page’s program did not start. Check the connection and load the page again."],
    de: ["Die Seite wird geladen…", "Wenn weiter nichts geschieht, aktualisieren Sie den Browser: moue braucht einen von 2023 oder später.", "Das Programm der Seite ist nicht gestartet. Prüfen Sie die Verbindung und laden Sie die Seite neu."],
    fr: ["Chargement de la page…", "Si rien ne se passe, mettez votre navigateur à jour : moue en demande un de 2023 ou plus récent.", "Le programme de la page n’a pas démarré. Vérifiez la connexion et rechargez la page."],
    es: ["Cargando la página…", "Si no ocurre nada más, actualiza el navegador: moue necesita uno de 2023 o posterior.", "El programa de la página no se ha iniciado. Comprueba la conexión y vuelve a cargar la página."],
    ar: ["يجري تحميل الصفحة…", "إن لم يحدث شيء، فحدّث متصفحك: يحتاج moue إلى إصدار من عام 2023 أو أحدث.", "لم يبدأ برنامج الصفحة. تحقّق من الاتصال وأعد تحميل الصفحة."],
    zh: ["正在加载页面…", "如果一直没有反应，请更新浏览器：moue 需要 2023 年或之后的版本。", "页面程序未能启动。请检查网络连接，然后重新加载页面。"],
  };

  function language() {
    var wanted = [/[?&]lang=([^&]*)/.exec(location.search)];
    wanted[0] = wanted[0] && wanted[0][1];
    try {
      wanted.push(localStorage.getItem("moue-language"));
    } catch (error) {
      // This browser keeps nothing.
    }
    wanted = wanted.concat(navigator.languages || navigator.language);
    for (var index = 0; index < wanted.length; index += 1) {
      var tag = String(wanted[index]).split(/[-_]/)[0].toLowerCase();
      if (words.hasOwnProperty(tag)) return tag;
    }
    return "en";
  }

  // The smallest module with a SIMD instruction (i8x16.splat, i8x16.popcnt).
  var simd = new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15,
    253, 98, 11,
  ]);

  function missing() {
    if (location.protocol === "file:") {
      return "web-server";
    }
    if (typeof WebAssembly !== "object" || typeof WebAssembly.validate !== "function") {
      return "wasm";
    }
    if (!WebAssembly.validate(simd)) {
      return "wasm-simd";
    }
    if (typeof Worker !== "function") {
      return "worker";
    }
    if (!startsModuleWorkers()) {
      return "module-worker";
    }
    return null;
  }

  // Whoever knows the option reads it. The address is none, so that no worker starts.
  function startsModuleWorkers() {
    var isRead = false;
    var options = {
      get type() {
        isRead = true;
        return "module";
      },
    };
    try {
      new Worker("https://%", options).terminate();
    } catch (error) {
      // The address.
    }
    return isRead;
  }

  function say(state, code, sentence) {
    root.dataset.state = state;
    var place = document.getElementById("waiting");
    if (!place) return;
    place.textContent = sentence;
    place.setAttribute("role", "alert");
    place.dataset.testid = "error";
    place.dataset.code = code;
  }

  function fail() {
    say("failed", "program", words[tag][2]);
  }

  var tag = language();
  root.lang = tag;
  root.dir = tag === "ar" ? "rtl" : "ltr";
  document.getElementById("waiting").textContent = words[tag][0];
  document.getElementById("patience").textContent = words[tag][1];

  var lack = missing();
  if (lack) {
    var more = document.createElement("script");
    more.onload = function () {
      say("unsupported", lack, window.startWords[lack][tag]);
    };
    more.onerror = fail;
    more.src = script.src.replace("start.js", "start-words.js");
    document.head.appendChild(more);
    return;
  }
  // A checksum of all files (.ci/precache.mjs); the worker's files are fetched with it.
  root.dataset.build = script.dataset.build;
  var program = new URL(script.dataset.program, document.baseURI).href;
  // Both at once; the program waits for its own bytes.
  var bytes = fetch(new URL(script.dataset.wasm, document.baseURI).href);
  import(program)
    .then(function (module) {
      return module.default({ module_or_path: bytes });
    })
    .catch(function (error) {
      console.error(error);
      fail();
    });
})();
