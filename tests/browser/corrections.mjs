// What a visitor changes about the faces that were found: by mouse, finger and keyboard, and back.

import assert from 'node:assert/strict';
import { fixture } from './files.mjs';
import { test, top } from './harness.mjs';
import { play, watch } from './watch.mjs';

const CPU = { query: 'engine=cpu' };
const faces = (page, count) => page.waitForFunction((count) => document.querySelectorAll('[data-testid="face"]').length === count, count);
const boxes = (page) => page.evaluate(() => [...document.querySelectorAll('[data-testid="face-box"]')].map((box) => {
  const { x, y, width, height } = box.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2, width, height };
}));

test('a box that is no face is left out, and comes back', CPU, async (moue, page) => {
  await moue.reads('drop', await fixture('crowd.png'));
  const before = await boxes(page);
  assert.ok(before.length > 3);
  for (let at = 1; at < before.length; at += 1) assert.ok(before[at].x >= before[at - 1].x, 'numbered from left to right');
  await moue.id('face-dismiss').nth(1).click();
  await faces(page, before.length - 1);
  const after = await boxes(page);
  assert.ok(Math.abs(after[1].x - before[2].x) < 2, 'the next one has its number');
  await moue.screenshot('dismissed');
  await moue.id('undo').click();
  await faces(page, before.length);
  assert.equal(await moue.id('undo').count(), 0);
});

test('a face that was missed is added by dragging, with a tap and with keys', CPU, async (moue, page) => {
  await moue.reads('drop', await fixture('no-face.png'));
  const area = async () => {
    await moue.id('face-add').click();
    await moue.id('draw').waitFor();
    return page.evaluate(() => document.querySelector('[data-testid="draw"]').getBoundingClientRect().toJSON());
  };
  const { x, y, width, height } = await area();
  await moue.screenshot('drawing');
  await page.mouse.move(x + width * 0.2, y + height * 0.2);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.4, y + height * 0.4, { steps: 4 });
  await page.mouse.up();
  await faces(page, 1);
  await area();
  await page.mouse.click(x + width * 0.75, y + height * 0.7);
  await faces(page, 2);
  await area();
  for (const key of ['ArrowLeft', 'ArrowUp', '-', '-', '-', 'Enter']) await page.keyboard.press(key);
  await faces(page, 3);
  await moue.screenshot('added');
  await area();
  await page.keyboard.press('Escape');
  assert.equal(await moue.id('draw').count(), 0);
  for (const left of [2, 1, 0]) {
    await moue.id('undo').click();
    await faces(page, left);
  }
});

test('what looked like a face before a camera stays away, and a drawn box is read on', { ...CPU, browser: 'pair', before: watch }, async (moue, page) => {
  await play(moue, page);
  await faces(page, 2);
  await moue.id('face-dismiss').first().click();
  await faces(page, 1);
  await page.waitForTimeout(3000);
  assert.equal(await moue.id('face').count(), 1);
  await moue.id('undo').click();
  await faces(page, 2);
  await moue.id('face-dismiss').first().click();
  await faces(page, 1);
  await moue.id('camera-stop').first().click();
  await faces(page, 0);
  assert.equal(await moue.id('undo').count(), 0, 'there is nothing left to take back');
});

test('a photo that lies on its side is read upright, and turned by a button', CPU, async (moue, page) => {
  const happy = await fixture('happy.png');
  const turned = (quarters) => page.evaluate(async ([bytes, quarters]) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(bytes), (it) => it.charCodeAt(0))]));
    const side = Math.max(bitmap.width, bitmap.height);
    const canvas = new OffscreenCanvas(side, side);
    const context = canvas.getContext('2d');
    context.fillStyle = 'gray';
    context.fillRect(0, 0, side, side);
    context.translate(side / 2, side / 2);
    context.rotate(quarters * Math.PI / 2);
    context.drawImage(bitmap, -bitmap.width / 2, -bitmap.height / 2);
    const blob = await canvas.convertToBlob();
    const read = new Uint8Array(await blob.arrayBuffer());
    return btoa(Array.from(read, (it) => String.fromCharCode(it)).join(''));
  }, [happy.buffer.toString('base64'), quarters]);
  for (const quarters of [1, 2, 3]) {
    const name = `turned-${quarters}.png`;
    await moue.reads('drop', { name, mimeType: 'image/png', buffer: Buffer.from(await turned(quarters), 'base64') });
    assert.equal(await moue.id('face').count(), 1, name);
    assert.equal(top((await moue.faces())[0]), 'happy', name);
    assert.match(await moue.id('face').textContent(), new RegExp(String(90 * quarters)), name);
  }
  await moue.screenshot('turned');
  const before = await boxes(page);
  await moue.id('turn').click();
  await page.waitForFunction(() => !/90|180|270/.test(document.querySelector('.face__notes').textContent));
  assert.equal(top((await moue.faces())[0]), 'happy');
  const after = await boxes(page);
  assert.ok(Math.abs(after[0].width / after[0].height - before[0].height / before[0].width) < 0.25);
  assert.equal(await page.evaluate(() => document.querySelector('[data-testid="face-box"]').hidden), false);
});

test('places that may hold a face are outlined, and read when pressed', CPU, async (moue, page) => {
  await moue.reads('drop', await fixture('hard/twenty.jpg'));
  const [found, maybe] = [await moue.id('face').count(), await moue.id('maybe').count()];
  assert.ok(found >= 12 && maybe >= 2 && found + maybe <= 20, `${found} found, ${maybe} that may be`);
  assert.match(await moue.id('maybe-hint').innerText(), new RegExp(String(maybe)));
  await moue.screenshot('maybe', { fullPage: false });
  await moue.id('maybe').first().click();
  await faces(page, found + 1);
  assert.equal(await moue.id('maybe').count(), maybe - 1);
  await moue.id('maybe').first().focus();
  await page.keyboard.press('Enter');
  await faces(page, found + 2);
  for (const left of [found + 1, found]) {
    await moue.id('undo').click();
    await faces(page, left);
  }
  assert.equal(await moue.id('maybe').count(), maybe);
});

test('an album keeps what was changed about each photo, and files say it', CPU, async (moue, page) => {
  await moue.pick(await Promise.all(['happy.png', 'surprise.png'].map(fixture)));
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="album-photo"][data-state="read"]').length === 2);
  await moue.id('face-dismiss').first().click();
  await faces(page, 0);
  await moue.id('album-photo').nth(1).click();
  await faces(page, 1);
  assert.equal(top((await moue.faces())[0]), 'surprise');
  await moue.id('album-photo').nth(0).click();
  await faces(page, 0);
  assert.equal(await moue.id('undo').count(), 1);
});
