// A WebGPU device to lose. Chromium has none here but a software one, which the page leaves alone
// unless it is asked for by name, and then nothing takes its place: so the adapter hides what it is.

import { engineOf, runFirst } from './worker.mjs';

/** Runs in the engine's worker, before its program. */
export function mask() {
  for (const { prototype } of [GPUAdapter, GPUAdapterInfo]) {
    Object.defineProperty(prototype, 'isFallbackAdapter', { get: () => false });
  }
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...wishes) {
    globalThis.device = await requestDevice.apply(this, wishes);
    return globalThis.device;
  };
}

/** Runs in the engine's worker, before its program: the time of a pass on the device is what `passMillis` says. */
function clock() {
  const { now } = Performance.prototype;
  const real = () => now.call(performance);
  let [hidden, since] = [0, null];
  Performance.prototype.now = () => real() - hidden;
  const { submit } = GPUQueue.prototype;
  GPUQueue.prototype.submit = function (commands) {
    if (commands.length > 0) since ??= real();
    return submit.call(this, commands);
  };
  const { mapAsync } = GPUBuffer.prototype;
  GPUBuffer.prototype.mapAsync = async function (...area) {
    await mapAsync.apply(this, area);
    if (since !== null) hidden += real() - since - globalThis.passMillis;
    since = null;
  };
}

/** For `tamper`, see server.mjs: a device that the page takes for hardware, faster than the CPU. */
export const fast = (...more) => runFirst(mask, clock, () => (globalThis.passMillis = 1), ...more);

/** The same, and every pass takes 100 ms longer, as in Firefox (bugzilla 1870699). */
export const slow = (...more) => runFirst(mask, clock, () => (globalThis.passMillis = 101), ...more);

/** Runs in the engine's worker, before its program: there is a device only when `release` is called. */
export function hold() {
  const held = new Promise((resolve) => (globalThis.release = resolve));
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...wishes) {
    await held;
    return requestDevice.apply(this, wishes);
  };
}

/** Runs in the engine's worker, before its program: every device is lost before it is used. */
export function doom() {
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...wishes) {
    const device = await requestDevice.apply(this, wishes);
    device.destroy();
    return device;
  };
}

/** Runs in the engine's worker, before its program: where `loses` is set, the device is lost while it computes. */
export function lose() {
  const { submit } = GPUQueue.prototype;
  GPUQueue.prototype.submit = function (commands) {
    submit.call(this, commands);
    if (globalThis.loses) globalThis.device.destroy();
  };
}

/** Runs in the engine's worker, before its program: a driver that computes one kernel wrongly. */
export function miscalculate() {
  const { createShaderModule } = GPUDevice.prototype;
  GPUDevice.prototype.createShaderModule = function (descriptor) {
    // The pool's last line; every other kernel is as it was.
    descriptor.code = descriptor.code.replace('output[image * quads + quad] = sum / f32(pixels);', 'output[image * quads + quad] = sum / f32(pixels + 1u);');
    return createShaderModule.call(this, descriptor);
  };
}

/** Runs in the engine's worker, before its program: counts what is asked of the device. */
export function count() {
  globalThis.counted = { dispatches: 0, submits: 0 };
  const { dispatchWorkgroups } = GPUComputePassEncoder.prototype;
  GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...groups) {
    globalThis.counted.dispatches += 1;
    return dispatchWorkgroups.apply(this, groups);
  };
  const { submit } = GPUQueue.prototype;
  GPUQueue.prototype.submit = function (commands) {
    // Firefox is nudged with an empty list of commands.
    globalThis.counted.submits += Number(commands.length > 0);
    return submit.call(this, commands);
  };
}

/** Runs in the engine's worker, before its program: an adapter that measures no time. */
export function timeless() {
  Object.defineProperty(GPUAdapter.prototype, 'features', { get: () => new Set() });
}

/** Runs in the engine's worker, before its program: where `traps` is set, the program that uses the device crashes in a call. */
export function trap() {
  const { submit } = GPUQueue.prototype;
  GPUQueue.prototype.submit = function (commands) {
    if (globalThis.traps) throw new Error('as a test');
    return submit.call(this, commands);
  };
}

/** Takes the device away from the engine of a page, as the end of a driver does. */
export async function loseDevice(page) {
  await engineOf(page).evaluate(() => globalThis.device.destroy());
}
