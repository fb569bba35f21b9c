// The package in Kolibri: an HTML5 app in a sandboxed frame of a second origin, which has no camera.
//
//   LMS_TOOLS=… node tests/lms/kolibri.mjs FOLDER
//
// FOLDER has the two packages as they are made without settings, and in report/ those of report.json.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { agree, only, until } from '../embed/harness.mjs';
import { freePort } from '../kit/lrs.mjs';
import { assertReadsPhoto, assertShown, inTurn, main, packagePage, picture } from './harness.mjs';

const MAKE_CHANNEL = fileURLToPath(new URL('kolibri_channel.py', import.meta.url));
const CHANNEL = 'c'.repeat(32);

const APPS = [
  { title: 'SCORM 1.2', file: 'moue-scorm12.zip' },
  { title: 'SCORM 2004', file: 'moue-scorm2004.zip' },
  { title: 'SCORM 1.2 with report', file: 'report/moue-scorm12.zip', reports: true },
];

/** Says what is stored of learners. */
const RECORD = `
import json
from kolibri.core.logger.models import ContentSessionLog, ContentSummaryLog
rows = [*ContentSummaryLog.objects.values("content_id", "extra_fields"), *ContentSessionLog.objects.values("content_id", "extra_fields")]
print("record:" + json.dumps(rows))
`;
/** What Kolibri keeps for an app that uses none of it. */
const NOTHING = { cookie: { rootCookies: {}, byPath: {} }, H5P: {}, SCORM: {}, xAPI: {} };

await main('kolibri', async ({ browser, packages, folder, env, python, start }) => {
  Object.assign(env, { KOLIBRI_HOME: join(folder, 'home'), KOLIBRI_LISTEN_ADDRESS: '127.0.0.1', KOLIBRI_ZEROCONF_ENABLED: '0', KOLIBRI_DISABLE_PING: '1' });
  const drive = join(folder, 'drive');
  python('kolibri', 'manage', 'provisiondevice', '--facility', 'moue', '--preset', 'informal', '--superusername', 'admin', '--superuserpassword', 'a test on this machine', '--language_id', 'en', '--noinput');
  const ids = python('python', MAKE_CHANNEL, drive, CHANNEL, ...APPS.map(({ title, file }) => `${title}=${join(packages, file)}`)).trim().split('\n');
  for (const command of ['importchannel', 'importcontent']) python('kolibri', 'manage', '--skip-update', command, 'disk', CHANNEL, drive);

  const [port, appPort] = [await freePort(), await freePort()];
  const site = `http://127.0.0.1:${port}`;
  await start(`${site}/api/public/info/`, 'kolibri', 'start', '--foreground', '--skip-update', '--port', String(port), '--zip-port', String(appPort));
  const context = await browser.newContext({ viewport: { width: 1000, height: 1480 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);

  await inTurn('the platform', [['a learner makes an account', async () => {
    await page.goto(`${site}/en/auth/#/create_account`);
    for (const [label, value] of [['Full name', 'Learner'], ['Username', 'learner'], ['Password', 'a test here'], ['Re-enter password', 'a test here']]) {
      await page.getByLabel(label, { exact: true }).fill(value);
    }
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Finish' }).click();
    await page.waitForURL(/\/learn\//);
  }]]);

  for (const [at, { title, reports }] of APPS.entries()) {
    const sent = [];
    let [frame, kept] = [];
    const note = (request) => {
      const { origin, pathname } = new URL(request.url());
      if (!origin.startsWith('http')) return;
      if (origin !== site && origin !== `http://127.0.0.1:${appPort}`) sent.push([request.url(), null]);
      else if (request.method() !== 'GET') sent.push([pathname, request.postDataJSON()]);
    };
    page.on('request', note);

    await inTurn(title, [
      ['the page is shown, in a sandboxed frame of another origin', async () => {
        await page.goto(`${site}/en/learn/#/topics/c/${ids[at]}`);
        frame = await packagePage(page);
        assert.match(frame.url(), new RegExp(`^http://127\\.0\\.0\\.1:${appPort}/.*/index\\.html$`));
        const element = await frame.parentFrame().frameElement();
        assert.deepEqual(await element.evaluate((iframe) => [iframe.allow, iframe.getAttribute('sandbox')]), ['fullscreen', 'allow-scripts allow-same-origin']);
        await assertShown(frame);
      }],

      ["the camera's button says why there is no camera", async () => {
        await frame.evaluate(() => {
          globalThis.codes = [];
          for (const element of document.querySelectorAll('moue-face')) element.addEventListener('error', ({ detail }) => codes.push(detail.code));
        });
        await agree(only(frame, 'camera'), { shares: null });
        await frame.locator('moue-face[mode=camera]').getByText(/does not let it use the camera/).first().waitFor();
        assert.deepEqual(await frame.evaluate(() => codes), ['camera-not-delegated']);
      }],

      ['a photo is read', async () => {
        await assertReadsPhoto(browser, frame);
        if (at === 0) await picture(page, 'kolibri', 1480);
      }],

      [`the platform learns ${reports ? 'that the page was completed and for how long' : 'that the page was opened'}, nothing else`, async () => {
        if (reports) {
          // As when the learner looks at another tab. What the page says as it is left comes too late for Kolibri.
          await frame.evaluate(() => {
            Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
            document.dispatchEvent(new Event('visibilitychange'));
          });
          await until('that is sent', () => sent.some(([, body]) => body.extra_fields?.contentState.SCORM.cmi));
        }
        await page.getByRole('button', { name: 'Go back' }).click();
        await until('the page is left', () => frame.isDetached());
        const [[, { content_id: content }]] = sent;
        for (const [path, body] of sent) {
          assert.match(path, /^\/api\/logger\/trackprogress\/[0-9a-f]*\/?$/);
          for (const key of Object.keys(body)) assert.match(key, /^(node_id|content_id|channel_id|kind|time_spent_delta|progress_delta|extra_fields)$/);
        }
        const stored = JSON.parse(python('kolibri', 'manage', '--skip-update', 'shell', '-c', RECORD).match(/^record:(.*)$/m)[1]);
        const of = stored.filter(({ content_id: its }) => its === content).map(({ extra_fields: more }) => more);
        assert.equal(of.length, 2);
        const { localStorage, ...rest } = of[0].contentState;
        kept = localStorage;
        const { cmi } = rest.SCORM;
        if (reports) {
          assert.equal(cmi.core.lesson_status, 'completed');
          assert.match(cmi.core.session_time, /^\d{4}:\d\d:\d\d\.\d\d$/);
          assert.deepEqual([Object.keys(cmi), Object.keys(cmi.core).sort()], [['core'], ['lesson_status', 'session_time']]);
        }
        assert.deepEqual(rest, { ...NOTHING, SCORM: reports ? { cmi } : {} });
        assert.deepEqual(of[1], { context: { node_id: ids[at] } });
      }],

      ['the platform does not learn whether the learner has agreed', () => assert.deepEqual(kept, {})],
    ]);
    page.off('request', note);
  }
  await context.close();
});
