// Photos: handed over in every way, good ones and bad ones.

import assert from 'node:assert/strict';
import { empty, enormous, fixture, text, truncated } from './files.mjs';
import { assertReading, test, top } from './harness.mjs';

test('a dropped photo of a smile reads as happy', { query: 'engine=cpu' }, async (moue) => {
  const faces = await moue.reads('drop', await fixture('happy.png'));
  assert.equal(faces.length, 1);
  assertReading(faces[0]);
  assert.equal(top(faces[0]), 'happy', JSON.stringify(faces[0].probabilities));
  assert.match(await moue.id('announcement').innerText(), /happy|unsure/);
});

test('a photo is read the same dropped, picked and pasted', { query: 'engine=cpu' }, async (moue) => {
  const file = await fixture('surprise.png');
  const answers = [];
  for (const how of ['drop', 'pick', 'paste']) {
    const faces = await moue.reads(how, file);
    assert.equal(faces.length, 1, how);
    assertReading(faces[0]);
    answers.push(faces[0].probabilities);
  }
  assert.deepEqual(answers[1], answers[0]);
  assert.deepEqual(answers[2], answers[0]);
});

test('a photo that lies on its side is set upright', { query: 'engine=cpu' }, async (moue) => {
  const faces = await moue.reads('drop', await fixture('happy.jpg'));
  assert.equal(faces.length, 1);
  assert.equal(top(faces[0]), 'happy', JSON.stringify(faces[0].probabilities));
});

test('a crowd of forty is read face by face', { query: 'engine=cpu' }, async (moue, page) => {
  const faces = await moue.reads('drop', await fixture('crowd.png'));
  const leftOut = moue.id('left-out');
  const more = (await leftOut.count()) ? Number.parseInt(await leftOut.innerText(), 10) : 0;
  // The detector learned from photographs, and these are drawn: a few may be missed.
  const found = faces.length + more;
  assert.ok(found >= 36 && found <= 40, `${faces.length} read and ${more} left out`);
  for (const face of faces) assertReading(face);
  assert.equal(await page.locator('[data-testid="face-box"]').count(), faces.length);
  await moue.screenshot('crowd');
});

test('a photo without a face says so', { query: 'engine=cpu' }, async (moue) => {
  const faces = await moue.reads('drop', await fixture('no-face.png'));
  assert.equal(faces.length, 0);
  assert.match(await moue.id('no-face').innerText(), /face/i);
  await moue.screenshot('no-face');
});

test('each bad file gets its own answer, and the next photo is read', { query: 'engine=cpu' }, async (moue) => {
  const cases = [
    [text(), 'not-an-image', /picture|image|photo/i],
    [await truncated(), 'truncated-file', /again|whole|complete/i],
    [empty(), 'empty-file', /empty|bytes/i],
    [enormous(), 'picture-too-large', /20[,. ]?000/],
  ];
  for (const [file, code, sentence] of cases) {
    for (const how of ['drop', 'pick']) {
      const answer = await moue.refuses(how, file);
      assert.equal(answer.code, code, `${file.name}: ${answer.sentence}`);
      assert.match(answer.sentence, sentence);
      assert.equal((await moue.faces()).length, 0, 'nothing is read');
      if (how === 'drop') await moue.screenshot(`refused-${code}`);
      await moue.id('notice-close').click();
    }
  }
  const faces = await moue.reads('drop', await fixture('happy.png'));
  assert.equal(faces.length, 1, 'the page still works');
  assert.equal(await moue.id('error').count(), 0);
});

test('something dropped that is no file gets an answer', { query: 'engine=cpu' }, async (moue, page) => {
  const transfer = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.setData('text/plain', 'only words');
    return transfer;
  });
  await moue.id('drop-zone').dispatchEvent('drop', { dataTransfer: transfer });
  await moue.id('error').waitFor();
  assert.equal(await moue.id('error').getAttribute('data-code'), 'nothing-to-read');
});

test('a photo dropped while the model loads is read afterwards', { query: 'engine=cpu', arrive: null }, async (moue) => {
  await moue.id('drop-zone').waitFor();
  const faces = await moue.reads('drop', await fixture('happy.png'));
  assert.equal(faces.length, 1);
});

test('a keyboard is enough to choose a photo', { query: 'engine=cpu' }, async (moue, page) => {
  await page.evaluate(() => document.activeElement?.blur());
  const focused = () =>
    page.evaluate(() => {
      const at = document.activeElement;
      return at?.dataset.testid === 'file-input' || at?.getAttribute('for') === 'file';
    });
  let presses = 0;
  while (!(await focused())) {
    assert.ok(presses < 30, 'the file input is not in the order of the Tab key');
    await page.keyboard.press('Tab');
    presses += 1;
  }
  await moue.screenshot('keyboard-focus');
  const asked = page.waitForEvent('filechooser', { timeout: 5000 });
  await page.keyboard.press('Enter').catch(() => {});
  const chooser = await asked.catch(async () => {
    const again = page.waitForEvent('filechooser', { timeout: 5000 });
    await page.keyboard.press('Space');
    return again;
  });
  await chooser.setFiles(await fixture('happy.png'));
  await moue.id('face').first().waitFor();
  assert.equal((await moue.faces()).length, 1);
});

test('the page sends no request once it is ready', { query: 'engine=cpu' }, async (moue, page) => {
  const asked = [];
  page.on('request', (request) => {
    if (/^(https?|wss?):/.test(request.url())) asked.push(request.url());
  });
  moue.server.requests.length = 0;
  await moue.reads('drop', await fixture('happy.png'));
  await moue.reads('pick', await fixture('no-face.png'));
  await moue.refuses('drop', text());
  await page.waitForTimeout(1500);
  assert.deepEqual(asked, []);
  assert.deepEqual(moue.asked(), []);
  // And it does without a network from then on.
  await page.context().setOffline(true);
  assert.equal((await moue.reads('drop', await fixture('surprise.png'))).length, 1);
});
