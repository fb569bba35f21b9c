// Runs in a page or worker before anything else: counts what is asked of the GPU and keeps every
// WebAssembly memory.
(() => {
  const counts = {};
  let pipelines = new Set();
  const reset = () => {
    pipelines = new Set();
    Object.assign(counts, { submits: 0, dispatches: 0, passes: 0, pipelinesCreated: 0, bytesUploaded: 0, mapped: 0 });
  };
  reset();

  const after = (type, method, note) => {
    const original = type?.prototype[method];
    if (!original) return;
    type.prototype[method] = function counted(...given) {
      note(given);
      return original.apply(this, given);
    };
  };
  after(self.GPUQueue, 'submit', () => (counts.submits += 1));
  after(self.GPUQueue, 'writeBuffer', ([, , data, offset = 0, size]) => {
    const each = data.BYTES_PER_ELEMENT ?? 1;
    counts.bytesUploaded += size === undefined ? data.byteLength - offset * each : size * each;
  });
  for (const method of ['dispatchWorkgroups', 'dispatchWorkgroupsIndirect']) {
    after(self.GPUComputePassEncoder, method, () => (counts.dispatches += 1));
  }
  after(self.GPUComputePassEncoder, 'setPipeline', ([pipeline]) => pipelines.add(pipeline));
  after(self.GPUCommandEncoder, 'beginComputePass', () => (counts.passes += 1));
  after(self.GPUBuffer, 'mapAsync', () => (counts.mapped += 1));
  after(self.GPUDevice, 'createBuffer', ([{ mappedAtCreation, size }]) => {
    if (mappedAtCreation) counts.bytesUploaded += size;
  });
  for (const method of ['createComputePipeline', 'createComputePipelineAsync']) {
    after(self.GPUDevice, method, () => (counts.pipelinesCreated += 1));
  }

  const memories = [];
  const keep = (memory) => {
    if (memory instanceof Memory && !memories.includes(memory)) memories.push(memory);
  };
  const { Memory } = WebAssembly;
  WebAssembly.Memory = new Proxy(Memory, {
    construct(target, given) {
      const memory = Reflect.construct(target, given);
      keep(memory);
      return memory;
    },
  });
  for (const method of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[method];
    WebAssembly[method] = async (...given) => {
      const made = await original.apply(WebAssembly, given);
      for (const value of Object.values((made.instance ?? made).exports)) keep(value);
      return made;
    };
  }

  self.tally = {
    reset,
    counts: () => ({ ...counts, pipelines: pipelines.size }),
    memories,
    bytes: () => memories.reduce((total, memory) => total + memory.buffer.byteLength, 0),
  };
})();
