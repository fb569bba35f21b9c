// The packages in openedx-scorm-xblock, the SCORM block of Open edX, in the workbench of xblock-sdk.
//
//   LMS_TOOLS=… node tests/lms/openedx.mjs FOLDER
//
// FOLDER has the two packages as they are made without settings, and in report/ those of report.json.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { agree, only, until } from '../embed/harness.mjs';
import { freePort } from '../kit/lrs.mjs';
import { assertReadsPhoto, assertShown, inTurn, main, packagePage, picture, readsHappy } from './harness.mjs';

const WORKBENCH = fileURLToPath(new URL('openedx.py', import.meta.url));
const LEARNER = 'learner';

const EDITIONS = [
  { name: 'SCORM 1.2', file: 'moue-scorm12.zip', status: 'cmi.core.lesson_status', time: 'cmi.core.session_time', spelling: /^\d{4}:\d\d:\d\d\.\d\d$/ },
  { name: 'SCORM 2004', file: 'moue-scorm2004.zip', status: 'cmi.completion_status', time: 'cmi.session_time', spelling: /^PT\d+\.\d\dS$/ },
];
/** What the block itself notes of whoever opens it. */
const ITS_OWN = ['cmi.core.student_id', 'cmi.core.student_name', 'cmi.learner_id', 'cmi.learner_name'];

const BLOCKS = EDITIONS.flatMap((edition) => [false, true].map((reports) => ({ ...edition, reports, block: `${edition.file.replace('.zip', '')}${reports ? '-report' : ''}` })));

await main('openedx', async ({ browser, packages, folder, python, start }) => {
  const port = await freePort();
  const site = `http://127.0.0.1:${port}`;
  const server = await start(site, 'python', WORKBENCH, folder, 'serve', String(port), ...BLOCKS.map(({ block }) => block));

  /** What the block has stored of the learner. */
  const stored = (block) => JSON.parse(python('python', WORKBENCH, folder, 'state')).filter(({ user, scenario }) => user === LEARNER && scenario === block);
  /** The events that the block has published, by their names. */
  const events = (block) => [...server.said.matchAll(/XBlock event (\S+) for \S+ \(usage_id=([^.]+)\./g)].filter(([, , of]) => of === block).map(([, name]) => name);

  for (const { name, file, reports, block, status, time, spelling } of BLOCKS) {
    const context = await browser.newContext({ viewport: { width: 1000, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const sent = [];
    let frame;

    await inTurn(`${name}${reports ? ' with "report": true' : ''}`, [
      ['the studio view takes the package', async () => {
        await page.goto(`${site}/scenario/${block}/studio_view/`);
        // Studio has `notify`, the workbench has none.
        await page.evaluate(() => {
          globalThis.notes = [];
          RuntimeProvider.getRuntime(1).notify = (...note) => notes.push(note);
        });
        await page.locator('#scorm_file').setInputFiles(join(packages, reports ? 'report' : '', file));
        await page.locator('#has_score').selectOption('0');
        await page.locator('#height').fill('640');
        await page.locator('.save-button').click();
        await page.waitForFunction(() => notes.length > 1);
        assert.deepEqual(await page.evaluate(() => notes.at(-1)), ['save', { state: 'end' }]);
      }],

      ["a learner sees the page, in a frame of the platform's origin", async () => {
        page.on('request', (request) => {
          const { origin, pathname } = new URL(request.url());
          if (request.method() === 'GET' && (origin === site || !origin.startsWith('http'))) return;
          sent.push([origin === site ? pathname.split('/')[3] : request.url(), JSON.parse(request.postData())]);
        });
        await page.goto(`${site}/scenario/${block}/?student=${LEARNER}`);
        frame = await packagePage(page);
        assert.match(frame.url(), new RegExp(`^${site}/.*/assets_proxy/index\\.html$`));
        const element = page.locator('iframe.scorm-embedded');
        assert.deepEqual(await element.evaluate((iframe) => [iframe.allow, iframe.hasAttribute('sandbox')]), ['', false]);
        await assertShown(frame);
        await until('the session is opened', () => events(block).includes('openedx.xblock.scorm.initialized'));
      }],

      ['the camera is read after the question for consent', async () => {
        const place = only(frame, 'camera');
        await agree(place, { shares: null });
        await readsHappy(place);
        if (block === 'moue-scorm12') await picture(page, 'openedx', 770);
      }],

      ['a photo is read', () => assertReadsPhoto(browser, frame)],

      [`the platform learns ${reports ? 'that the page was completed and for how long' : 'that the page was opened and closed'}, nothing else`, async () => {
        // As in a course: the next unit takes the place of the frame.
        await page.locator('iframe.scorm-embedded').evaluate((iframe) => iframe.remove());
        await until('the session is closed', () => events(block).includes('openedx.xblock.scorm.terminated'));
        const [{ state }, ...others] = stored(block);
        assert.deepEqual(others, []);
        const { scorm_data: data = {}, ...fields } = state;
        const told = Object.entries(data).filter(([key]) => !ITS_OWN.includes(key));
        const [first, ...rest] = sent;
        assert.deepEqual(first, ['scorm_initialize', {}]);
        assert.deepEqual(rest.pop(), ['scorm_terminate', {}]);
        if (reports) {
          const isTime = ([key, value]) => key === time && spelling.test(value);
          assert.deepEqual(told.filter((one) => !isTime(one)), [[status, 'completed']]);
          assert.ok(told.some(isTime), JSON.stringify(told));
          for (const [call, values] of rest) {
            assert.equal(call, 'scorm_set_values');
            for (const { name, value } of values) assert.ok((name === status && value === 'completed') || isTime([name, value]), JSON.stringify(values));
          }
          assert.deepEqual(fields, { lesson_status: 'completed', session_started_at: 0 });
        } else {
          assert.deepEqual([told, rest, fields], [[], [], { session_started_at: 0 }]);
        }
        const tracked = ['initialized', ...(reports ? ['completed'] : []), 'terminated'].map((event) => `openedx.xblock.scorm.${event}`);
        if (reports) tracked.splice(1, 0, 'completion');
        assert.deepEqual([...new Set(events(block))], tracked);
      }],

      ...(block === 'moue-scorm12' ? [['who comes next to this computer is asked, too', async () => {
        await page.goto(`${site}/scenario/${block}/?student=another`);
        await agree(only(await packagePage(page), 'camera'), { shares: null });
      }]] : []),
    ]);
    await context.close();
  }
});
