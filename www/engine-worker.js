// Starts the engine's program in this worker. A failure here would end unheard, so it is told to
// the page in the words of src/page/protocol/mod.rs.
const program = new URL("./engine.js", import.meta.url);
const bytes = new URL("./engine_bg.wasm", import.meta.url);
const gpu = new URL("./gpu.js", import.meta.url);
const gpuBytes = new URL("./gpu_bg.wasm", import.meta.url);
/** Whether the program lies in a script that returns its bytes: `moue scorm --in-scripts` sets it. */
const IN_SCRIPTS = false;
const query = self.location.search;
if (new URLSearchParams(query).has("build")) {
  for (const url of [program, bytes, gpu, gpuBytes]) url.search = query;
} else {
  // Started by www/embed.js, which waits to hear that this was let in.
  self.postMessage("here");
}

/**
 * The program calls it where there is an adapter (src/web/engine/gpu.rs). Returns two promises: that
 * the files arrive, so that none is asked for later, and of the network.
 */
self.startGpu = (manifest, weights) => {
  const files = Promise.all([import(/* @vite-ignore */ /* webpackIgnore: true */ gpu.href), fetch(gpuBytes)]);
  const network = files.then(async ([{ default: init, GpuNetwork }, bytes]) => {
    await init({ module_or_path: bytes });
    return GpuNetwork.load(manifest, weights);
  });
  return [files, network];
};

start();

async function start() {
  try {
    const { default: init } = await import(/* @vite-ignore */ /* webpackIgnore: true */ program.href);
    const carried = IN_SCRIPTS && (await import(/* @vite-ignore */ /* webpackIgnore: true */ `${bytes.href}.js`));
    await init({ module_or_path: carried ? carried.default() : bytes });
  } catch (error) {
    const message = `The engine's program did not start (${error}). Check the connection and try again.`;
    self.postMessage(JSON.stringify({ error: { id: null, code: "engine-start", message } }));
  }
}
