// Where videos and spoiled pictures are made: WebKitGTK records no WebM and its canvas has no filters.

import { BROWSER } from './browsers.mjs';
import { launch } from './chromium.mjs';

let chromium = null;

/** The page under test, or one of a Chromium that can do the same. */
export async function studio(page) {
  if (BROWSER !== 'webkit') return page;
  chromium ??= await launch('plain');
  const [context = await chromium.newContext()] = chromium.contexts();
  return context.pages()[0] ?? context.newPage();
}

export const closeStudio = () => chromium?.close();
