// A stock Firefox, which playwright-core drives over WebDriver BiDi. What is missing there is made up for here.

import { existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { firefox } from 'playwright-core';
import { EXECUTABLE as CHROMIUM } from './chromium.mjs';
import { chooseFiles, filesAt, isFolder } from './choose.mjs';
import { camera } from './fake_camera.mjs';
import { screen } from './screen.mjs';

const EXECUTABLE = process.env.FIREFOX || '/usr/bin/firefox-esr';

const PREFS = {
  // A camera of its own, and a visitor who says yes to it and to the clipboard.
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'permissions.default.camera': 1,
  'dom.events.testing.asyncClipboard': true,
  'media.autoplay.default': 0,
  // As on a phone and in a headless Chromium: they take no room.
  'ui.useOverlayScrollbars': 1,
  // What it must not do by itself.
  'network.captive-portal-service.enabled': false,
  'network.trr.mode': 5,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'browser.region.network.url': '',
  'browser.region.update.enabled': false,
  'toolkit.telemetry.server': 'data:,',
  'dom.push.connection.enabled': false,
  'extensions.systemAddon.update.enabled': false,
};

const GPU_PREFS = {
  'dom.webgpu.enabled': true,
  'dom.webgpu.workers.enabled': true,
  'dom.webgpu.service-workers.enabled': true,
  'gfx.webgpu.ignore-blocklist': true,
};

/** As Tor, Mullvad and LibreWolf have it: what a page draws comes back as noise. */
const RESISTING_PREFS = { 'privacy.resistFingerprinting': true };

/** Where Firefox finds the Vulkan driver that is a program, as it comes with Chromium, and that driver's loader alone. */
function softwareGpu() {
  const found = [dirname(realpathSync(CHROMIUM)), '/usr/lib/chromium'].find((folder) => existsSync(join(folder, 'vk_swiftshader_icd.json')));
  if (!found) throw new Error('no vk_swiftshader_icd.json beside Chromium: name a Chromium that has one with CHROMIUM=…');
  const loader = mkdtempSync(join(tmpdir(), 'vulkan-'));
  process.once('exit', () => rmSync(loader, { recursive: true }));
  symlinkSync(join(found, 'libvulkan.so.1'), join(loader, 'libvulkan.so.1'));
  const driver = join(found, 'vk_swiftshader_icd.json');
  return { LD_LIBRARY_PATH: loader, VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver, MOZ_DISABLE_GPU_SANDBOX: '1' };
}

export async function launch(kind) {
  const isGpu = kind === 'gpu';
  const browser = await firefox.launch({
    channel: 'moz-firefox',
    executablePath: EXECUTABLE,
    headless: false,
    // Looks are preferences here, which only a script of the browser itself may set while it runs.
    args: ['--remote-allow-system-access'],
    firefoxUserPrefs: { ...PREFS, ...(isGpu && GPU_PREFS), ...(kind === 'resisting' && RESISTING_PREFS) },
    env: { ...process.env, DISPLAY: await screen(), MOZ_REMOTE_SETTINGS_DEVTOOLS: '1', ...(isGpu ? softwareGpu() : {}) },
  });
  const run = await inBrowser(browser);
  const { newContext } = browser;
  browser.newContext = async ({ isMobile, hasTouch, ...options } = {}) => {
    const { colorScheme = 'light', reducedMotion = 'no-preference', forcedColors = 'none' } = options;
    await run(preferences({ colorScheme, reducedMotion, forcedColors, hasTouch: Boolean(hasTouch) }));
    const context = await newContext.call(browser, options);
    // Firefox knows no permission of these names, and asks for none with the preferences above.
    context.grantPermissions = async () => {};
    await context.addInitScript(camera(kind));
    await context.addInitScript(hearTracks);
    const { newPage } = context;
    context.newPage = async () => {
      const page = await newPage.call(context);
      if (context.pages().length > 1) await run(BELOW);
      return adapted(page, run);
    };
    return context;
  };
  return browser;
}

/** How to run a script in the browser's own window, where it may do what its user may. */
async function inBrowser(browser) {
  const session = browser._connection.toImpl(browser)._browserSession;
  const send = mediate(Object.getPrototypeOf(session));
  const { contexts } = await send.call(session, 'browsingContext.getTree', { 'moz:scope': 'chrome', maxDepth: 0 });
  const target = { context: contexts[0].context };
  return (expression) => send.call(session, 'script.evaluate', { expression, target, awaitPromise: false });
}

/** Sets looks. Playwright sets them by a command that Firefox ESR 153 lacks. */
function preferences({ colorScheme, reducedMotion, forcedColors, hasTouch }) {
  const [COARSE, FINE_AND_HOVERS] = [1, 6];
  const pointer = hasTouch ? COARSE : FINE_AND_HOVERS;
  const all = {
    'ui.systemUsesDarkTheme': colorScheme && Number(colorScheme === 'dark'),
    'ui.prefersReducedMotion': reducedMotion && Number(reducedMotion === 'reduce'),
    'browser.display.document_color_use': forcedColors && (forcedColors === 'active' ? 2 : 0),
    'ui.primaryPointerCapabilities': hasTouch !== undefined && pointer,
    'ui.allPointerCapabilities': hasTouch !== undefined && pointer,
  };
  const given = Object.entries(all).filter(([, value]) => typeof value === 'number');
  return given.map(([name, value]) => `Services.prefs.setIntPref('${name}', ${value});`).join('');
}

/** A window behind another one paints nothing. */
const BELOW = "Services.wm.getMostRecentWindow('navigator:browser').moveTo(0, 2000);";

/** The page has the focus again, after the Tab key took it to the bars of the window. */
const FOCUS = "Services.wm.getMostRecentWindow('navigator:browser').gBrowser.selectedBrowser.focus();";

let sent = null;

/** Puts right what playwright and Firefox ESR 153 understand differently, and returns how to send all the same. */
function mediate(BidiSession) {
  if (sent) return sent;
  const { send, dispatchMessage } = BidiSession;
  BidiSession.send = function (method, parameters) {
    return method === 'emulation.setMediaFeaturesOverride' ? Promise.resolve({}) : send.call(this, method, parameters);
  };
  BidiSession.dispatchMessage = function (message) {
    // A download is looked for under a name that newer Firefoxes give it.
    if (/^browsingContext\.download/.test(message.method)) message.params.download ??= message.params.url;
    return dispatchMessage.call(this, message);
  };
  return (sent = send);
}

/** Runs in the page: of events that a script makes, listeners of a track hear in Firefox only where they ask to. */
function hearTracks() {
  if (!globalThis.MediaStreamTrack) return;
  const { addEventListener } = EventTarget.prototype;
  MediaStreamTrack.prototype.addEventListener = function (type, listener, options) {
    return addEventListener.call(this, type, listener, options, true);
  };
}

/** No picture is taller, in pixels. */
const TALLEST = 32_000;

/** Breaches of a page's policy by the icon that Firefox asks for, and by a style of playwright's while it takes a picture. */
const NOT_OURS = /favicon\.ico because it violates|blocked an inline style.*YjaKGiklmzC6wjXA513HAMmzus8VE61XCOT\+SmwNZWA=/;

function adapted(page, run) {
  adaptLocators(page);
  page.emulateMedia = (looks) => run(preferences(looks));
  const { press } = page.keyboard;
  page.keyboard.press = async (key) => {
    if (!(await page.evaluate(() => document.hasFocus()))) await run(FOCUS);
    await press.call(page.keyboard, key);
  };
  const { addInitScript, on, screenshot } = page;
  // An empty page of Firefox is no secure context, and has neither cameras nor storage.
  page.addInitScript = (body, argument) => {
    const text = typeof body === 'function' ? `(${body})(${JSON.stringify(argument) ?? ''})` : body;
    return addInitScript.call(page, `if (location.protocol.startsWith('http')) { ${text} }`);
  };
  page.screenshot = async (options) => {
    const isTooTall = await page.evaluate((most) => document.documentElement.scrollHeight > most, TALLEST);
    return screenshot.call(page, { ...options, fullPage: options.fullPage && !isTooTall });
  };
  page.on = (name, hear) => on.call(page, name, name === 'pageerror' ? (error) => NOT_OURS.test(error) || hear(error) : hear);
  return page;
}

let isAdapted = false;

/** Of folders playwright knows nothing here, and a click into a frame goes astray: it takes the frame's place in the window for 0, 0. */
function adaptLocators(page) {
  if (isAdapted) return;
  isAdapted = true;
  const Locator = Object.getPrototypeOf(page.locator('body'));
  const { setInputFiles } = Locator;
  Locator.setInputFiles = function (given, options) {
    return isFolder(given) ? this.evaluate(chooseFiles, filesAt(given)) : setInputFiles.call(this, given, options);
  };
  for (const [name, wanted] of [['click', null], ['check', true], ['uncheck', false]]) {
    const inWindow = Locator[name];
    Locator[name] = async function (options) {
      if (!this._frame.parentFrame()) return inWindow.call(this, options);
      await this.waitFor();
      return this.evaluate((one, wanted) => one.checked === wanted || one.click(), wanted);
    };
  }
}
