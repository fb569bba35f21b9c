// One cell of the table: the same network in both runtimes, in one page, forward by forward.

async function bytes(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Loads ours: the wasm program of src/bin/bench.rs with the page's own model. */
async function ours({ engine }) {
  const { default: init, Network } = await import('/ours/bench.js');
  await init({ module_or_path: '/ours/bench_bg.wasm' });
  const manifest = await bytes('/model/manifest.json');
  const { weights, input } = JSON.parse(new TextDecoder().decode(manifest));
  const network = await Network.load(manifest, await bytes(`/model/${weights.file}`), engine);
  return { side: input.size, forward: (plane) => network.forward(plane) };
}

/**
 * Loads onnxruntime-web with the settings that its documentation gives for speed. On WebGPU these
 * are a graph that is captured once and replayed, from a buffer that stays on the GPU: `captured`.
 */
async function theirs({ bundle, provider, threads, captured, side }) {
  const ort = await import(`/ort/${bundle}`);
  ort.env.logLevel = 'error';
  ort.env.wasm.wasmPaths = '/ort/';
  ort.env.wasm.numThreads = threads;
  ort.env.webgpu.powerPreference = 'high-performance';
  const model = await bytes('/moue.onnx');
  const session = await ort.InferenceSession.create(model, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    ...(captured && { enableGraphCapture: true, preferredOutputLocation: 'gpu-buffer' }),
  });
  const dims = [1, 1, side, side];
  let give = async (plane) => new ort.Tensor('float32', plane, dims);
  if (captured) {
    const device = await ort.env.webgpu.device;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
    const buffer = device.createBuffer({ size: 4 * side * side, usage });
    const tensor = ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims });
    give = async (plane) => {
      device.queue.writeBuffer(buffer, 0, plane);
      return tensor;
    };
  }
  const forward = async (plane) => {
    const { output0 } = await session.run({ input: await give(plane) });
    return output0.getData();
  };
  return { forward, threads: ort.env.wasm.numThreads };
}

const runtimes = {};

/** Loads both, ours first, so that each one's memories and pipelines can be told apart. */
window.load = async (cell) => {
  runtimes.ours = await ours(cell);
  const split = window.tally.memories.length;
  runtimes.ort = await theirs({ ...cell, side: runtimes.ours.side });
  window.memory = () => {
    const sum = (memories) => memories.reduce((total, memory) => total + memory.buffer.byteLength, 0);
    const { memories } = window.tally;
    return { ours: sum(memories.slice(0, split)), ort: sum(memories.slice(split)) };
  };
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  const info = adapter?.info;
  return {
    side: runtimes.ours.side,
    isolated: crossOriginIsolated,
    threads: runtimes.ort.threads,
    adapter: info ? [info.vendor, info.architecture, info.description].filter(Boolean).join(', ') : null,
  };
};

/** What one runtime answers, and what it asks of the GPU for it. */
window.once = async (who, plane) => {
  window.tally.reset();
  const started = performance.now();
  const logits = [...(await runtimes[who].forward(Float32Array.from(plane)))];
  return { logits, millis: performance.now() - started, counts: window.tally.counts() };
};

/** Some rounds, each runtime first in every other one; milliseconds of each forward. */
window.rounds = async (count, plane) => {
  const input = Float32Array.from(plane);
  const millis = { ours: [], ort: [] };
  for (let round = 0; round < count; round += 1) {
    for (const who of round % 2 === 0 ? ['ours', 'ort'] : ['ort', 'ours']) {
      const started = performance.now();
      await runtimes[who].forward(input);
      millis[who].push(performance.now() - started);
      // What a forward leaves behind is not the other one's to pay.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
  return millis;
};
