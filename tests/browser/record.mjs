// The timeline, the summary, exports.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fixture, truncated } from './files.mjs';
import { assertReading, test } from './harness.mjs';

const LIVE = { query: 'engine=cpu' };
const EXPRESSIONS = ['anger', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'];
const COLUMNS = [...EXPRESSIONS, 'other'];

/** Starts the camera and waits until the timeline shows at least so many seconds. */
async function record(moue, page, seconds = 4) {
  await moue.id('camera-start').click();
  await moue.id('timeline').waitFor({ timeout: 60_000 });
  await page.waitForFunction(
    (seconds) => Number(document.querySelector('[data-testid="scrub-values"]').dataset.seconds) >= seconds,
    seconds,
  );
}

const stop = (moue) => moue.id('camera-stop').click();
const second = async (moue) => Number(await moue.id('scrub-values').getAttribute('data-seconds'));
const shown = (page) =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('.value')].map((row) => [row.dataset.testid.slice('scrub-'.length), Number(row.dataset.probability)]),
    ),
  );
/** The points of an expression's line: shares of the plot from the left and probabilities. */
const points = (page, expression) =>
  page.evaluate((expression) => {
    const path = document.querySelector(`[data-testid="line-${expression}"]`).getAttribute('d');
    return [...path.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x) / 1000, 1 - Number(y) / 100]);
  }, expression);

/** Presses a button that saves and returns `{ name, text, bytes }`. */
async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  const bytes = await readFile(await download.path());
  return { name: download.suggestedFilename(), bytes, text: bytes.toString('utf8') };
}

/** Rows of comma-separated values as objects; every line must have as many fields as the head. */
function parse(text) {
  assert.ok(text.endsWith('\r\n'), 'the last line ends');
  const lines = text.slice(0, -2).split('\r\n').map((line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain));
  const [head, ...rows] = lines;
  return rows.map((row) => {
    assert.equal(row.length, head.length, row.join(','));
    return Object.fromEntries(head.map((name, at) => [name, row[at]]));
  });
}

const close = (a, b, within = 1e-6) => Math.abs(a - b) <= within;

test('a recording is drawn while the camera runs, and can be looked through', LIVE, async (moue, page) => {
  assert.equal(await moue.id('record').count(), 0, 'nothing is recorded yet');
  await record(moue, page);
  const before = await second(moue);
  await page.waitForFunction((before) => Number(document.querySelector('[data-testid="scrub-values"]').dataset.seconds) > before + 1, before);
  // It is drawn at most four times a second, whatever the frame rate.
  const drawings = await page.evaluate(
    () =>
      new Promise((resolve) => {
        let count = 0;
        const observer = new MutationObserver(() => (count += 1));
        observer.observe(document.querySelector('[data-testid="line-happy"]'), { attributes: true });
        setTimeout(() => (observer.disconnect(), resolve(count)), 3000);
      }),
  );
  assert.ok(drawings >= 1 && drawings <= 13, `${drawings} drawings in 3 s`);
  const happy = await points(page, 'happy');
  assert.ok(happy.length >= 10, `${happy.length} points`);

  // By keyboard: the chart stands still, and the values are those of the line.
  const slider = moue.id('scrub');
  await slider.focus();
  for (let press = 0; press < 12; press += 1) await slider.press('ArrowLeft');
  const pinned = await second(moue);
  assert.ok((await slider.getAttribute('aria-valuetext')).includes(':'), 'the moment is said in words');
  assert.equal(await moue.id('record-live').isDisabled(), false);
  await new Promise((resolve) => setTimeout(resolve, 700));
  assert.equal(await second(moue), pinned, 'it stays where it was put');
  const values = await shown(page);
  assertReading({ probabilities: values, logits: values });
  const share = Number(await slider.inputValue()) / 200;
  for (const expression of EXPRESSIONS) {
    const line = await points(page, expression);
    const [, nearest] = line.reduce((best, point) => (Math.abs(point[0] - share) < Math.abs(best[0] - share) ? point : best));
    assert.ok(close(nearest, values[expression], 0.12), `${expression}: ${nearest} drawn, ${values[expression]} said`);
  }
  // By pointer.
  const plot = await page.locator('.timeline__plot').boundingBox();
  await page.mouse.click(plot.x + 0.02 * plot.width, plot.y + plot.height / 2);
  assert.ok((await second(moue)) < pinned, 'a click on the plot goes there');
  await moue.id('record-live').click();
  await page.waitForFunction((pinned) => Number(document.querySelector('[data-testid="scrub-values"]').dataset.seconds) > pinned, pinned);
  await stop(moue);
});

test('a recording stays when the camera stops, until it is discarded or another begins', LIVE, async (moue, page) => {
  await record(moue, page, 3);
  await stop(moue);
  await page.waitForFunction(() => !document.querySelector('[data-testid="camera-stop"]'));
  await new Promise((resolve) => setTimeout(resolve, 500));
  const end = await second(moue);
  assert.ok(end >= 3, 'it is still there');
  // The table lists the points of the lines.
  await moue.id('timeline-table').locator('summary').click();
  await moue.id('timeline-table').locator('tbody tr').first().waitFor();
  const rows = await page.evaluate(() =>
    [...document.querySelectorAll('[data-testid="timeline-table"] tbody tr')].map((row) => [...row.querySelectorAll('[data-probability]')].map((cell) => Number(cell.dataset.probability))),
  );
  assert.equal(await page.locator('[data-testid="timeline-table"] thead th[scope="col"]').count(), 10);
  assert.equal(await page.locator('[data-testid="timeline-table"] tbody th[scope="row"]').count(), rows.length);
  for (const [at, expression] of EXPRESSIONS.entries()) {
    const line = await points(page, expression);
    assert.equal(rows.length, line.length, 'as many rows as points');
    line.forEach(([, probability], row) => assert.ok(close(probability, rows[row][at], 0.001), `${expression}, row ${row}`));
  }
  // Another recording takes its place.
  await moue.id('camera-start').click();
  await page.waitForFunction((end) => Number(document.querySelector('[data-testid="scrub-values"]')?.dataset.seconds ?? end) < end, end);
  await stop(moue);
  await moue.id('record-discard').click();
  await page.waitForFunction(() => !document.querySelector('[data-testid="record"]'));
});

test('a recording is exported as it is shown, and nothing is asked of anyone', LIVE, async (moue, page) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(() => {
    window.urls = new Set();
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = (blob) => {
      const url = createObjectURL.call(URL, blob);
      window.urls.add(url);
      return url;
    };
    URL.revokeObjectURL = (url) => (window.urls.delete(url), revokeObjectURL.call(URL, url));
  });
  await record(moue, page, 4);
  await stop(moue);
  await new Promise((resolve) => setTimeout(resolve, 500));
  // The sample's own address stays while the invitation is shown.
  const kept = await page.evaluate(() => window.urls.size);
  moue.server.requests.length = 0;
  const csv = await saved(page, moue.id('export-csv'));
  const json = await saved(page, moue.id('export-json'));
  assert.match(csv.name, /^moue-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d\.csv$/);
  assert.match(json.name, /^moue-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d\.json$/);
  const rows = parse(csv.text);
  const file = JSON.parse(json.text);
  assert.equal(file.rows.length, rows.length);
  assert.equal(file.source, 'camera');
  assert.match(file.model_sha256, /^[0-9a-f]{64}$/);
  assert.equal(file.engine, 'CPU');
  rows.forEach((row, at) => {
    for (const [name, field] of Object.entries(row)) assert.equal(String(field), typeof file.rows[at][name] === 'number' && name.includes('seconds') ? file.rows[at][name].toFixed(3) : String(file.rows[at][name]), name);
    assert.ok(close(COLUMNS.reduce((sum, name) => sum + Number(row[name]), 0), 1, 1e-4));
  });
  // The last row is what the page shows of that moment, and the summary is the mean of the rows.
  const last = rows.at(-1);
  const values = await shown(page);
  for (const name of COLUMNS) assert.ok(close(Number(last[name]), values[name]), `${name}: ${last[name]} in the file, ${values[name]} on the page`);
  assert.equal(last.verdict, await moue.id('scrub-values').getAttribute('data-verdict'));
  assert.ok(rows.every((row) => row.readings === '1'), 'a young recording is as it was measured');
  for (const name of EXPRESSIONS) {
    const mean = rows.reduce((sum, row) => sum + Number(row[name]), 0) / rows.length;
    assert.ok(close(mean, file.summary.all.mean_probability[name], 1e-5), `mean of ${name}`);
    assert.ok(close(Number(await moue.id(`share-${name}`).getAttribute('data-mean')), mean, 1e-5), `${name} on the page`);
    assert.ok(close(Number(await moue.id(`share-${name}`).getAttribute('data-share')), file.summary.all.share_of_time[name]), `share of ${name}`);
  }
  const shares = Object.values(file.summary.all.share_of_time).reduce((sum, share) => sum + share, 0);
  assert.ok(close(shares, 1), `the shares sum to ${shares}`);
  await moue.id('copy').click();
  await moue.id('export-told').filter({ hasText: 'Copied' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const said = await moue.id('summary').locator('li').allInnerTexts();
  assert.ok(said.every((sentence) => copied.includes(sentence)), copied);
  await page.waitForFunction((kept) => window.urls.size === kept, kept, { timeout: 10_000 });
  assert.deepEqual(moue.asked(), [], 'everything is made on the device');
});

/** The colour of a box on the page, as four bytes. */
const faceColour = (page, index) =>
  page.evaluate((index) => {
    const colour = getComputedStyle(document.querySelector(`[data-testid="face-box"][data-colour="${index}"]`)).borderColor;
    return [...colour.match(/\d+/g).map(Number), 255];
  }, index);

test('a photo is exported with its faces marked', { query: 'engine=cpu' }, async (moue, page) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const photo = await fixture('happy.png');
  const [face] = await moue.reads('drop', photo);
  moue.server.requests.length = 0;
  const [row] = parse((await saved(page, moue.id('export-csv'))).text);
  for (const name of COLUMNS) assert.ok(close(Number(row[name]), face.probabilities[name]), name);
  assert.equal(row.photo, 'happy.png');
  const file = JSON.parse((await saved(page, moue.id('export-json'))).text);
  assert.equal(file.rows[0].happy, Number(row.happy));
  const png = await saved(page, moue.id('export-png'));
  assert.match(png.name, /\.png$/);
  // As large as the photo, and white on the upper edge of the box.
  const drawn = await page.evaluate(
    async ([base64, { left, top, width, height }]) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      const context = canvas.getContext('2d');
      context.drawImage(picture, 0, 0);
      const at = (x, y) => [...context.getImageData(Math.round(x), Math.round(y), 1, 1).data];
      const [x, y, wide, high] = [left, top, width, height].map(Number);
      return { width: picture.width, height: picture.height, edges: [at(x + wide / 2, y + high), at(x, y + high / 2), at(x + wide, y + high / 2)] };
    },
    [png.bytes.toString('base64'), row],
  );
  assert.deepEqual([String(drawn.width), String(drawn.height)], [row.photo_width, row.photo_height]);
  for (const edge of drawn.edges) assert.deepEqual(edge, await faceColour(page, 0), 'the box is drawn in the colour that the face has on the page');
  await moue.id('copy').click();
  await moue.id('export-told').filter({ hasText: 'Copied' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(copied.includes(face.verdict), copied);
  await moue.id('copy-png').click();
  await page.waitForFunction(async () => (await navigator.clipboard.read())[0].types.includes('image/png'));
  assert.deepEqual(moue.asked(), []);
  await moue.screenshot('record-photo');
  await import('node:fs/promises').then(({ writeFile }) => writeFile(new URL('artifacts/record-annotated.png', import.meta.url), png.bytes));
});

test('an album is exported whole, each photo under its name', { query: 'engine=cpu' }, async (moue, page) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await moue.pick([await fixture('happy.png'), await truncated(), await fixture('no-face.png'), { ...(await fixture('surprise.png')), name: '=surprise, two.png' }]);
  await page.waitForSelector('[data-testid="album-progress"][data-done="4"]');
  const rows = parse((await saved(page, moue.id('export-csv'))).text);
  assert.deepEqual(rows.map((row) => row.photo), ['happy.png', 'no-face.png', "'=surprise, two.png"], 'what could not be read is not in it');
  assert.deepEqual(rows.map((row) => row.verdict), ['happy', 'no-face', 'surprise']);
  const file = JSON.parse((await saved(page, moue.id('export-json'))).text);
  assert.deepEqual(file.rows.map((row) => row.photo), ['happy.png', 'no-face.png', '=surprise, two.png']);
  assert.match(await page.locator('.export__note').innerText(), /the 3 photos that were read/);
  await moue.id('copy').click();
  await moue.id('export-told').filter({ hasText: 'Copied' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^happy\.png\nFace 1: looks happy .*\nno-face\.png\nNo face found\.\n=surprise, two\.png\nFace 1: looks surprised /);
  await moue.screenshot('record-album');
});

test('a recording says which readings are compared with a neutral face', LIVE, async (moue, page) => {
  await record(moue, page, 2);
  await moue.id('baseline').first().click();
  await moue.id('baseline-on').waitFor({ timeout: 20_000 });
  const since = await second(moue);
  await page.waitForFunction((since) => Number(document.querySelector('[data-testid="scrub-values"]').dataset.seconds) > since + 1, since);
  await stop(moue);
  const rows = parse((await saved(page, moue.id('export-csv'))).text);
  assert.equal(rows[0].compared, '0', 'at first there is nothing to compare with');
  assert.equal(rows.at(-1).compared, '1');
  const first = rows.findIndex((row) => row.compared === '1');
  assert.ok(Number(rows[first].seconds) <= since + 1 && rows.slice(first).every((row) => row.compared === '1'), 'from then on all are');
  const file = JSON.parse((await saved(page, moue.id('export-json'))).text);
  assert.deepEqual(file.rows.map((row) => String(row.compared)), rows.map((row) => row.compared));
  assert.equal(file.format, 4);
});

const LOOKS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
  arabic: { locale: 'ar' },
};
for (const [name, context] of Object.entries(LOOKS)) {
  test(`a live recording looks right: ${name}`, { ...LIVE, context }, async (moue, page) => {
    await record(moue, page, 9);
    const slider = moue.id('scrub');
    await slider.focus();
    for (let press = 0; press < 25; press += 1) await slider.press('ArrowLeft');
    await moue.id('timeline-table').locator('summary').click();
    await moue.screenshot(`record-${name}`);
    const { scroll, client } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth }));
    assert.ok(scroll <= client, `the page is ${scroll} pixels wide in a window of ${client}`);
    await stop(moue);
  });
}
