// Decides, before anything large is fetched, whether this browser can run the page, and starts it.
(function () {
  "use strict";
  var root = document.documentElement;
  var script = document.currentScript;

  // The smallest module with a SIMD instruction (i8x16.splat, i8x16.popcnt).
  var simd = new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15,
    253, 98, 11,
  ]);

  function missing() {
    if (location.protocol === "file:") {
      return ["web-server", "Browsers start this page only from a web server. Run “make serve” and open the address that it prints."];
    }
    if (typeof WebAssembly !== "object" || typeof WebAssembly.validate !== "function") {
      return ["wasm", "This browser does not run WebAssembly, which moue is made of. Update it, or allow WebAssembly if a strict security mode turned it off."];
    }
    if (!WebAssembly.validate(simd)) {
      return ["wasm-simd", "This browser’s WebAssembly lacks SIMD, which moue computes with. Update it: Chrome and Edge have it since 91, Firefox since 89, Safari since 16.4."];
    }
    if (typeof Worker !== "function") {
      return ["worker", "This browser offers pages no workers, in which moue computes. Update it or use another one."];
    }
    if (!startsModuleWorkers()) {
      return ["module-worker", "This browser’s workers load no modules, of which moue’s is one. Update it: Chrome and Edge do since 80, Safari since 15, Firefox since 114."];
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

  var lack = missing();
  if (lack) {
    say("unsupported", lack[0], lack[1]);
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
      say("failed", "program", "The page’s program did not start. Check the connection and load the page again.");
    });
})();
