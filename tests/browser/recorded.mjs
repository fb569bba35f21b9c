// Videos that are recorded where they are needed, so that none lies among the fixtures.

import { fixture } from './files.mjs';
import { studio } from './studio.mjs';

/**
 * What the page itself records (see studio.mjs), `seconds` long: a drawn face that sways, unless no `pictures` are asked for,
 * and a tone where `sound` is. `{ name, mimeType, buffer }`.
 */
export async function recorded(page, { seconds = 2, pictures = true, sound = false, name = 'clip.webm' } = {}) {
  const { buffer } = await fixture('happy.png');
  const base64 = await (await studio(page)).evaluate(
    async ([picture, seconds, pictures, sound]) => {
      const stream = new MediaStream();
      let draw = () => {};
      if (pictures) {
        const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
        const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
        const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 400 });
        const context = canvas.getContext('2d');
        draw = () => context.drawImage(image, 6 * Math.sin(performance.now() / 300), 0, 320, 400);
        draw();
        stream.addTrack(canvas.captureStream(15).getVideoTracks()[0]);
      }
      const audio = sound && new AudioContext();
      if (audio) {
        const tone = audio.createOscillator();
        const out = audio.createMediaStreamDestination();
        tone.connect(out);
        tone.start();
        stream.addTrack(out.stream.getAudioTracks()[0]);
      }
      const recorder = new MediaRecorder(stream, { mimeType: `video/webm;codecs=${[pictures && 'vp8', sound && 'opus'].filter(Boolean).join(',')}` });
      const parts = [];
      recorder.ondataavailable = (event) => parts.push(event.data);
      const stopped = new Promise((resolve) => (recorder.onstop = resolve));
      recorder.start();
      const began = performance.now();
      while (performance.now() - began < seconds * 1000) {
        draw();
        await new Promise(requestAnimationFrame);
      }
      recorder.stop();
      await stopped;
      await audio?.close?.();
      const all = new Uint8Array(await new Blob(parts).arrayBuffer());
      return btoa(Array.from(all, (byte) => String.fromCharCode(byte)).join(''));
    },
    [buffer.toString('base64'), seconds, pictures, sound],
  );
  return { name, mimeType: 'video/webm', buffer: Buffer.from(base64, 'base64') };
}
