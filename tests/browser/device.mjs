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

/** For `tamper`, see server.mjs. */
export const masked = runFirst(mask);

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
    globalThis.counted.submits += 1;
    return submit.call(this, commands);
  };
}

/** Runs in the engine's worker, before its program: an adapter that measures no time. */
export function timeless() {
  Object.defineProperty(GPUAdapter.prototype, 'features', { get: () => new Set() });
}

/** Takes the device away from the engine of a page, as the end of a driver does. */
export async function loseDevice(page) {
  await engineOf(page).evaluate(() => globalThis.device.destroy());
}
