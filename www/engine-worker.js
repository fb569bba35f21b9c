// Starts the engine's program in this worker. A failure here would end unheard, so it is told to
// the page in the words of src/page/protocol/mod.rs.
const program = new URL("./engine.js", import.meta.url);
const bytes = new URL("./engine_bg.wasm", import.meta.url);
const query = self.location.search;
if (new URLSearchParams(query).has("build")) {
  program.search = bytes.search = query;
} else {
  // Started by www/embed.js, which waits to hear that this was let in.
  self.postMessage("here");
}
start();

async function start() {
  try {
    const { default: init } = await import(/* @vite-ignore */ /* webpackIgnore: true */ program.href);
    await init({ module_or_path: bytes });
  } catch (error) {
    const message = `The engine's program did not start (${error}). Check the connection and try again.`;
    self.postMessage(JSON.stringify({ error: { id: null, code: "engine-start", message } }));
  }
}
