// Starts the engine's program in this worker. A failure here would end unheard, so it is told to
// the page in the words of src/web/protocol.rs.
const build = self.location.search;
try {
  const { default: init } = await import(`./engine.js${build}`);
  await init({ module_or_path: new URL(`./engine_bg.wasm${build}`, self.location.href) });
} catch (error) {
  const message = `The engine's program did not start (${error}). Check the connection and try again.`;
  self.postMessage(JSON.stringify({ type: "error", id: null, code: "engine-start", message }));
}
