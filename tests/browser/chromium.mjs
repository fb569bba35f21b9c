// How every Chromium here is started: what it must not do by itself, and what its camera shows.

import { chromium } from 'playwright-core';
import { fixturePath } from './files.mjs';

export const EXECUTABLE = process.env.CHROMIUM || '/usr/bin/chromium';
export const QUIET = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
/** A camera that plays a clip of the fixtures, and a visitor who says yes to it. */
const playing = (clip) => ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${fixturePath(clip)}`];
/** One face before the camera. */
export const CAMERA = playing('camera.mjpeg');
/** Two faces before it. */
const PAIR = playing('pair.mjpeg');
/** Two cameras without a face, and a visitor who says yes to them. */
const TWO_CAMERAS = ['--use-fake-device-for-media-stream=device-count=2', '--use-fake-ui-for-media-stream'];
/** With it there is a WebGPU adapter, if only one that is software. */
export const WEBGPU = '--enable-unsafe-webgpu';

/** The kinds of browsers.mjs. */
const FLAGS = { plain: CAMERA, gpu: [...CAMERA, WEBGPU], pair: PAIR, cameras: TWO_CAMERAS };

export const launch = (kind) => chromium.launch({ executablePath: EXECUTABLE, args: [...QUIET, ...FLAGS[kind]] });
