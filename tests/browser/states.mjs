// What the page shows only at times, and the way there.

import { fixture, truncated } from './files.mjs';
import { recorded } from './recorded.mjs';

/** Starts the camera, unless it is on. */
async function camera(moue) {
  const start = moue.id('camera-start');
  if (await start.count()) await start.click();
  await moue.id('face').first().waitFor({ timeout: 60_000 });
}

const unfold = (page) => page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));

/** Waits until a recording is `seconds` long. */
async function records(moue, page, seconds) {
  await moue.id('timeline').waitFor({ timeout: 60_000 });
  await page.waitForFunction((seconds) => Number(document.querySelector('[data-testid="scrub-values"]').dataset.seconds) >= seconds, seconds);
}

/** By name, what brings the page there from its start, with the camera agreed to; but for the consent itself. */
export const TEMPORARY = {
  async about(moue, page) {
    await unfold(page);
  },
  async consent(moue) {
    await moue.id('camera-start').click();
    await moue.id('consent').waitFor();
  },
  async 'everything that a camera shows'(moue, page) {
    await camera(moue);
    if ((await moue.id('details').getAttribute('aria-expanded')) !== 'true') await moue.id('details').click();
    await moue.id('attention').check();
    await moue.id('attention-legend').waitFor();
    await records(moue, page, 4);
    await unfold(page);
    // What stands still can be looked at.
    await moue.id('camera-pause').click();
  },
  async 'timeline of a recording'(moue, page) {
    await camera(moue);
    await records(moue, page, 4);
    await moue.id('camera-stop').first().click();
    await moue.id('timeline-table').locator('summary').click();
  },
  async album(moue, page) {
    await moue.pick([await fixture('happy.png'), await truncated(), await fixture('crowd.png'), await fixture('no-face.png')]);
    await page.waitForSelector('[data-testid="album-progress"][data-done="4"]');
    await moue.id('album-photo').nth(2).click();
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="face"]').length > 1);
  },
  async video(moue, page) {
    await moue.pick(await recorded(page, { seconds: 3 }));
    await moue.id('face').first().waitFor({ timeout: 60_000 });
    await page.waitForSelector('[data-testid="video-progress"][data-ended="true"]');
  },
  async attention(moue) {
    await moue.reads('drop', await fixture('happy.png'));
    await moue.id('attention').check();
    await moue.id('attention-map').waitFor();
  },
};
