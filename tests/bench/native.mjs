// The native row: our program beside ONNX Runtime for Python.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { distance, TOLERANCE } from './cells.mjs';
import { ratio, summary } from './statistics.mjs';

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('native.py', import.meta.url));

/** Why the row cannot be had with this Python, or null. */
export async function missing(python) {
  try {
    await run(python, ['-c', 'import numpy, onnxruntime']);
    return null;
  } catch {
    return `${python} has no onnxruntime: the native rows are left out. For them: python3 -m venv ort && ort/bin/pip install onnxruntime, then make bench PYTHON=ort/bin/python`;
  }
}

/** Measures with so many threads. */
export async function measure({ python, onnx, plane, program, model, threads, seconds }) {
  const given = [SCRIPT, onnx, plane, program, model, String(threads), String(seconds)];
  const { stdout } = await run(python, given, { maxBuffer: 1 << 28 });
  const { version, spinning, logits, millis } = JSON.parse(stdout);
  const largest = distance(logits.ours, logits.ort);
  assert.ok(largest <= TOLERANCE, `natively the logits differ by ${largest}`);
  return {
    version,
    spinning,
    largestDifference: largest,
    ours: summary(millis.ours),
    ort: summary(millis.ort),
    ...ratio(millis.ours, millis.ort),
  };
}
