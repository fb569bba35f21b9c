// Videos that are long, damaged, silent or unseen.

import assert from 'node:assert/strict';
import { BROWSER } from './browsers.mjs';
import { fixture } from './files.mjs';
import { sleep, test, top } from './harness.mjs';
import { recorded } from './recorded.mjs';
import { look, sent, watch } from './watch.mjs';
import { keyframe, still } from './webm.mjs';

const cpu = { query: 'engine=cpu' };
const SECONDS = 1000;
const HOURS = 3600 * SECONDS;

/** What the page's video element is at. */
const element = (page) => page.evaluate(() => {
  const { currentTime, duration, paused, seeking, src } = document.querySelector('video');
  return { currentTime, duration, paused, seeking, src };
});

/** Counts whoever takes a whole file into memory. */
function noteWholeFiles() {
  window.whole = 0;
  for (const name of ['arrayBuffer', 'text', 'bytes', 'stream']) {
    const real = Blob.prototype[name];
    if (real) Blob.prototype[name] = function counted() {
      window.whole += 1;
      return real.call(this);
    };
  }
  for (const name of ['readAsArrayBuffer', 'readAsDataURL', 'readAsBinaryString', 'readAsText']) {
    const real = FileReader.prototype[name];
    FileReader.prototype[name] = function counted(...given) {
      window.whole += 1;
      return real.apply(this, given);
    };
  }
}

test('videos: four hours and a gigabyte are sought through, and nothing is read ahead', { ...cpu, before: `(${watch})(); (${noteWholeFiles})();` }, async (moue, page) => {
  const picture = keyframe((await recorded(page)).buffer);
  // A picture every tenth of a second at first, then one a minute.
  const times = [...Array(40).keys()].map((tenth) => tenth * 100);
  for (let time = 60 * SECONDS; time < 4 * HOURS; time += 60 * SECONDS) times.push(time);
  const { head, clusters, hole } = still({ picture, width: 320, height: 400, times, duration: 4 * HOURS, padding: 4 << 20 });
  const parts = { head, clusters: Buffer.concat(clusters), hole };
  const encoded = Object.fromEntries(Object.entries(parts).map(([name, bytes]) => [name, bytes.toString('base64')]));
  await page.evaluate(() => (window.whole = 0));
  const size = await page.evaluate(([{ head, clusters, hole }, count]) => {
    const blob = (base64) => new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))]);
    const all = blob(clusters);
    const gap = blob(hole);
    const each = all.size / count;
    // Parts of a blob are not copied: the file is large, what makes it is not.
    const body = [...Array(count).keys()].flatMap((place) => [gap, all.slice(place * each, (place + 1) * each)]).slice(1);
    const file = new File([blob(head), ...body], 'long.webm', { type: 'video/webm' });
    const transfer = new DataTransfer();
    transfer.items.add(file);
    document.querySelector('[data-testid="drop-zone"]').dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    return file.size;
  }, [encoded, times.length]);
  assert.ok(size > 1e9, `${size} bytes`);
  await moue.id('face').first().waitFor();
  assert.equal((await element(page)).duration, 4 * 3600);
  assert.equal(await moue.id('notice').getAttribute('data-code'), 'video-long');
  await moue.screenshot('video-long');
  await moue.id('video-toggle').click();
  await page.waitForSelector('[data-testid="video-toggle"][data-paused="true"]');
  const still_at = async (seconds) => {
    await page.waitForFunction((seconds) => {
      const { currentTime, seeking } = document.querySelector('video');
      return !seeking && Math.abs(currentTime - seconds) < 130;
    }, seconds);
    await sleep(1000);
    const counted = await sent(page);
    await sleep(1500);
    assert.equal(await sent(page), counted, 'a video that stands still is read no further');
    return counted;
  };
  let counted = await still_at(2);
  for (const hour of [3, 1, 2]) {
    await page.evaluate((hour) => {
      const range = document.querySelector('[data-testid="video-progress"]');
      range.value = String(hour * 3600);
      range.dispatchEvent(new Event('input', { bubbles: true }));
    }, hour);
    const now = await still_at(hour * 3600);
    assert.ok(now > counted && now - counted <= 3, `${now - counted} frames of a place that was sought`);
    assert.equal(top((await moue.faces())[0]), 'happy');
    counted = now;
  }
  await moue.id('video-progress').focus();
  await page.keyboard.press('End');
  await still_at(4 * 3600);
  assert.equal(await page.evaluate(() => window.whole), 0, 'no file is taken into memory as a whole');
  await moue.id('clear').click();
  assert.equal((await element(page)).src, '');
  assert.equal((await moue.reads('drop', await fixture('happy.png'))).length, 1);
});

/** `file` with bytes of no sense from a share of it on. */
function spoiled(file, share) {
  const buffer = Buffer.from(file.buffer);
  let state = 7;
  for (let at = Math.floor(buffer.length * share); at < buffer.length; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    buffer[at] = state >>> 16;
  }
  return { ...file, buffer };
}

// The browser itself complains of bytes that it looks for in vain.
test('videos: a damaged one says what happened, and the page goes on', { ...cpu, may_log: /Failed to load resource/ }, async (moue, page) => {
  const whole = await recorded(page);
  const cut = (share) => ({ ...whole, buffer: whole.buffer.subarray(0, whole.buffer.length * share) });
  const garbage = spoiled(whole, 0);
  const empty = { ...whole, buffer: Buffer.alloc(0) };
  assert.equal((await moue.refuses('pick', empty)).code, 'empty-file');
  await moue.id('notice-close').click();
  for (const file of [garbage, { ...whole, buffer: whole.buffer.subarray(0, 60) }]) {
    const { code, sentence } = await moue.refuses('pick', file);
    assert.equal(code, 'video-unsupported', sentence);
    assert.match(sentence, /damaged/, 'a file that no decoder knows may be a damaged one');
    assert.equal((await element(page)).src, '', 'the file is let go of');
    await moue.id('notice-close').click();
  }
  // One that ends early plays as far as it goes, and keeps its reading.
  await moue.pick(cut(0.6));
  await page.waitForSelector('[data-testid="video-progress"][data-ended="true"]');
  assert.equal(top((await moue.faces())[0]), 'happy');
  await moue.id('clear').click();
  // One that is spoiled on the way ends there, with an error or without, and what was read is kept.
  await moue.pick(spoiled(whole, 0.6));
  await page.waitForSelector('[data-testid="video-progress"][data-ended="true"], [data-testid="error"]');
  if (await moue.id('error').count()) assert.equal(await moue.id('error').getAttribute('data-code'), 'video-damaged');
  assert.equal(await moue.id('record').count(), 1, 'what was read before can still be saved');
  assert.equal((await moue.reads('drop', await fixture('surprise.png'))).length, 1, 'the page still works');
});

test('videos: one without pictures says so, whatever it calls itself', cpu, async (moue, page) => {
  const sound = await recorded(page, { pictures: false, sound: true });
  const song = { name: 'song.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('ID3 no song at all') };
  // The sound of it plays; its pictures are of a kind that no browser knows.
  const both = await recorded(page, { sound: true });
  both.buffer[both.buffer.indexOf('V_VP8') + 4] = 0x37;
  for (const file of [sound, song, both]) {
    const { code, sentence } = await moue.refuses('pick', file);
    assert.equal(code, 'video-no-picture', `${file.name}: ${sentence}`);
    assert.match(sentence, /sound only, or .* no decoder/);
    assert.equal((await element(page)).src, '');
    await moue.id('notice-close').click();
  }
  const unknown = await recorded(page);
  unknown.buffer[unknown.buffer.indexOf('V_VP8') + 4] = 0x37;
  const { code, sentence } = await moue.refuses('pick', unknown);
  // WebKit opens what it cannot decode.
  assert.equal(code, BROWSER === 'webkit' ? 'video-no-picture' : 'video-unsupported', sentence);
  assert.equal((await moue.reads('drop', await fixture('surprise.png'))).length, 1, 'the page still works');
});

test('videos: of several the first plays, and the others are counted', cpu, async (moue, page) => {
  const one = await recorded(page);
  await moue.pick([{ ...one, name: 'a.webm' }, { ...one, name: 'b.webm' }, { name: 'c.txt', mimeType: 'text/plain', buffer: Buffer.from('c') }]);
  await moue.id('face').first().waitFor();
  assert.equal(await moue.id('notice').getAttribute('data-code'), 'left-out');
  assert.match(await moue.id('notice').innerText(), /2/);
  await moue.reads('pick', [await fixture('happy.png'), { name: 'c.txt', mimeType: 'text/plain', buffer: Buffer.from('c') }]);
  assert.match(await moue.id('notice').innerText(), /: 1/);
});

test('videos: one waits while its tab is not seen, and goes on after that', { ...cpu, before: watch }, async (moue, page) => {
  await moue.pick(await recorded(page, { seconds: 6 }));
  await moue.id('face').first().waitFor();
  await look(page, 'hidden');
  await page.waitForFunction(() => document.querySelector('video').paused, null, { polling: 100 });
  await sleep(500);
  const [at, counted] = [(await element(page)).currentTime, await sent(page)];
  await sleep(1500);
  assert.equal((await element(page)).currentTime, at, 'it stands still');
  assert.equal(await sent(page), counted, 'nothing is read');
  await look(page, 'visible');
  await page.waitForFunction((counted) => window.sent > counted + 2, counted);
  // Paused by the visitor, it stays so.
  await moue.id('video-toggle').click();
  await page.waitForSelector('[data-testid="video-toggle"][data-paused="true"]');
  for (const state of ['hidden', 'visible']) await look(page, state);
  await sleep(500);
  assert.equal((await element(page)).paused, true);
});
