// A camera that shows the fixtures, for browsers that cannot be told to play a file. The browser's own device is asked, so
// that permission and policy are real, and its pictures are replaced.

import { readFileSync } from 'node:fs';
import { fixturePath } from './files.mjs';

const START = Buffer.from([0xff, 0xd8, 0xff]);

/** The pictures of a clip, which are JPEGs one after the other. */
function pictures(clip) {
  const bytes = readFileSync(fixturePath(clip));
  const starts = [];
  for (let at = bytes.indexOf(START); at >= 0; at = bytes.indexOf(START, at + 1)) starts.push(at);
  return starts.map((start, index) => bytes.subarray(start, starts[index + 1]).toString('base64'));
}

/** Runs in every page and frame before anything of it. */
function install([clip, devices]) {
  // An empty page, as before the first address, has no cameras.
  if (!globalThis.MediaDevices) return;
  // WebKit forgets what a test sets on it, unless somebody holds it.
  globalThis.heldDevices = navigator.mediaDevices;
  const FRAME_MILLIS = 50;
  const { getUserMedia, enumerateDevices } = MediaDevices.prototype;
  const ids = Array.from({ length: devices }, (_, at) => `fake-camera-${at}`);
  const decoded = (base64) => createImageBitmap(new Blob([Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))], { type: 'image/jpeg' }));
  let isAllowed = false;
  MediaDevices.prototype.enumerateDevices = async function () {
    if (!isAllowed) return enumerateDevices.call(this);
    return ids.map((deviceId, at) => {
      const told = { deviceId, kind: 'videoinput', label: `Camera ${at + 1}`, groupId: '' };
      return Object.create(MediaDeviceInfo.prototype, Object.fromEntries(Object.entries(told).map(([name, value]) => [name, { value }])));
    });
  };
  MediaDevices.prototype.getUserMedia = async function (constraints) {
    const real = await getUserMedia.call(this, { video: true });
    for (const track of real.getTracks()) track.stop();
    isAllowed = true;
    const wanted = constraints.video?.deviceId;
    const at = Math.max(0, ids.indexOf(wanted?.exact ?? wanted?.ideal ?? wanted));
    const frames = await Promise.all(clip.map(decoded));
    const { width, height } = frames[0] ?? { width: 640, height: 480 };
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    let count = 0;
    const draw = () => {
      if (frames.length > 0) context.drawImage(frames[count % frames.length], 0, 0);
      else {
        context.fillStyle = `hsl(${(count * 3 + at * 180) % 360} 80% 50%)`;
        context.fillRect(0, 0, width, height);
      }
      count += 1;
    };
    draw();
    const stream = canvas.captureStream(1000 / FRAME_MILLIS);
    const [track] = stream.getVideoTracks();
    const timer = setInterval(() => (track.readyState === 'ended' ? clearInterval(timer) : draw()), FRAME_MILLIS);
    const settings = track.getSettings.bind(track);
    track.getSettings = () => ({ ...settings(), deviceId: ids[at], width, height });
    return stream;
  };
}

/** The kinds of browsers.mjs: what lies before the camera, and how many there are. */
const CAMERAS = { plain: ['camera.mjpeg', 1], pair: ['pair.mjpeg', 1], cameras: [null, 2] };

/** The script that puts the camera of a kind in place. */
export function camera(kind) {
  const [clip, devices] = CAMERAS[kind] ?? CAMERAS.plain;
  return `(${install})(${JSON.stringify([clip ? pictures(clip) : [], devices])});`;
}
