// What was measured, beside the bars and aims that it is held to.

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
const kilobytes = (bytes) => `${(bytes / 1e3).toFixed(0)} KB`;
const millis = (value) => (value < 100 ? `${value.toFixed(2)} ms` : `${value.toFixed(0)} ms`);
const seconds = (value) => `${(value / 1000).toFixed(2)} s`;
const plain = (value) => String(value);
const times = (value) => value.toFixed(2);

/** Median and quartiles. */
const spread = ({ median, quartiles, count }) =>
  `${millis(median)} (${quartiles.map((value) => millis(value).replace(' ms', '')).join('–')}, n ${count})`;

/**
 * The rows: `{ what, ours, theirs, value, show, bar, aim }`, the last four absent where nothing is
 * asked of the figure. A part that was not measured gives no rows.
 */
export function rows({ cells = {}, native = {}, visits = {} }) {
  const found = [];
  const row = (what, ours, theirs, held) => found.push({ what, ours, theirs, ...held });
  const compared = (what, cell, bar, aim) => {
    if (!cell) return;
    const [low, high] = cell.interval;
    const held = { value: cell.ratio, show: (value) => `${times(value)} (${times(low)}–${times(high)})`, bar, aim, form: times };
    row(what, spread(cell.ours), spread(cell.ort), held);
  };

  const gpu = cells.webgpu;
  if (gpu) {
    const { ours, ort } = gpu.counts;
    const counted = (what, name, bar, aim, show = plain) => row(what, show(ours[name]), show(ort[name]), { value: ours[name], show, form: show, bar, aim });
    counted('WebGPU: dispatches a forward', 'dispatches', 70, 60);
    counted('WebGPU: submits a forward', 'submits', 1, 1);
    counted('WebGPU: pipelines a forward', 'pipelines');
    counted('WebGPU: bytes uploaded a forward', 'bytesUploaded', undefined, undefined, kilobytes);
    compared('WebGPU: time', gpu, 0.08, 0.05);
    row('WebGPU: first forward, compiling', millis(gpu.ours.first), millis(gpu.ort.first));
  }
  compared('wasm, 1 thread: time', cells.wasm1, 0.34, 0.3);
  compared('wasm: ours on 1 thread, theirs on 2', cells.wasm2);
  compared('native CPU, 2 threads: time', native.threads2, 4, 1.5);
  compared('native CPU, 1 thread: time', native.threads1);

  const { cpu, webgpu } = visits.first ?? {};
  const download = (what, ours, theirs, bar, aim) => {
    if (!ours) return;
    const { brotli, requests } = ours.result;
    const held = { value: brotli, show: megabytes, form: (value) => megabytes(value), bar, aim };
    const other = theirs && `${megabytes(theirs.brotli)} in ${theirs.requests} requests, no detector`;
    row(what, `${megabytes(brotli)} in ${requests} requests`, other, held);
  };
  download('download to first result, CPU engine', cpu, cells.wasm1?.ortDownload, 4.8e6, 3.9e6);
  download('download to first result, WebGPU engine', webgpu, gpu?.ortDownload, 5.6e6, 4.6e6);
  if (cpu) {
    const { brotli, requests } = cpu.shell;
    row('before the page is usable', `${kilobytes(brotli)} in ${requests} requests`, undefined, { value: brotli, show: kilobytes, form: kilobytes, bar: 400e3, aim: 250e3 });
  }
  if (visits.warm) {
    const { result } = visits.warm;
    row('first result after a warm load, CPU engine', spread(result), undefined, { value: result.median, show: seconds, form: seconds, bar: 700, aim: 500 });
  }
  if (visits.live) {
    const { longest, longestComputing, share99 } = visits.live.tasks;
    const text = `${millis(longest)} (${millis(longestComputing)} computing; 99 of 100 within ${millis(share99)})`;
    row("longest task on the page's thread, live", text, undefined, { value: longest, show: millis, form: millis, bar: 16, aim: 8 });
  }
  if (visits.memory) {
    const { cpu, webgpu } = visits.memory;
    row('peak wasm memory, CPU engine', megabytes(cpu.page + cpu.workers), cells.wasm1 && `${megabytes(cells.wasm1.memory.ort)}, network alone`);
    row('peak wasm memory, WebGPU engine and what starts it', megabytes(webgpu.page + webgpu.workers), gpu && `${megabytes(gpu.memory.ort)}, network alone`);
  }
  return found;
}

/** `aim met`, `bar met`, `MISSED`, or nothing where nothing is asked. */
export function verdict({ value, bar, aim }) {
  if (bar === undefined) return '';
  if (value <= aim) return 'aim met';
  return value <= bar ? 'bar met' : 'MISSED';
}

const HEAD = ['', 'moue', 'ONNX Runtime', 'held to the bar', 'bar', 'aim', ''];

function texts(row) {
  const at = (limit) => (limit === undefined ? '' : `≤ ${row.form(limit)}`);
  const measured = row.value !== undefined && row.show ? row.show(row.value) : '';
  return [row.what, row.ours, row.theirs ?? '–', measured, at(row.bar), at(row.aim), verdict(row)];
}

/** The rows as lines of one width for a terminal. */
export function aligned(rows) {
  const lines = [HEAD, ...rows.map(texts)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => [...line[column]].length)));
  const pad = (text, width) => text + ' '.repeat(width - [...text].length);
  return lines.map((line) => line.map((text, column) => pad(text, widths[column])).join('  ').trimEnd()).join('\n');
}

/** The rows as Markdown. */
export function markdown(rows) {
  const line = (parts) => `| ${parts.join(' | ')} |`;
  return [line(HEAD), line(HEAD.map(() => '---')), ...rows.map((row) => line(texts(row)))].join('\n');
}
