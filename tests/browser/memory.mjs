// How much memory the WebAssembly programs of the page and of its worker take.

/** Runs before anything else, in the page and in the worker: notes every WebAssembly memory. */
export function noteMemories() {
  globalThis.memories = [];
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const real = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await real.apply(WebAssembly, given);
      const { memory } = (made.instance ?? made).exports;
      if (memory) globalThis.memories.push(memory);
      return made;
    };
  }
}

const bytes = () => globalThis.memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);

/** Bytes of the noted memories of a page or a worker. */
export const wasmBytes = (place) => place.evaluate(`(${bytes})()`);
