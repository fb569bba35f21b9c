// Draws www/icons/*.png from www/icons/moue.svg in Chromium: make icons

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { EXECUTABLE, QUIET } from './chromium.mjs';

const ICONS = new URL('../../www/icons/', import.meta.url);
const GROUND = '#0f766e';

const drawing = await readFile(new URL('moue.svg', ICONS), 'utf8');
const browser = await chromium.launch({ executablePath: EXECUTABLE, args: QUIET });
const page = await browser.newPage();

/** `share` of the icon's width is the drawing's. */
async function draw(name, size, share, ground) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<body style="margin:0;display:grid;place-items:center;height:100vh;background:${ground}">
    <div style="width:${100 * share}vw;height:${100 * share}vw">${drawing}</div></body>`);
  await page.screenshot({ path: fileURLToPath(new URL(name, ICONS)), omitBackground: true });
}

await draw('192.png', 192, 1, 'transparent');
await draw('512.png', 512, 1, 'transparent');
// A system cuts its own shape out of this one: the middle four fifths are safe.
await draw('maskable.png', 512, 0.8, GROUND);
await browser.close();
