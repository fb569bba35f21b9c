// A stock WebKitGTK: WebKitWebDriver presses, types and runs scripts in the window of webkit_host.py, and a socket to
// that window does the rest. What it shows to the tests is as much of playwright's interface as they use.

import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { camera } from './fake_camera.mjs';
import { screen } from './screen.mjs';
import { tellWorkers } from './webkit_inside.mjs';
import { sourceOf, WebkitPage } from './webkit_page.mjs';

const DRIVER = process.env.WEBKIT || 'WebKitWebDriver';
const HOST = fileURLToPath(new URL('webkit_host.py', import.meta.url));
const ANSWER_MILLIS = 30_000;
/** WebKit knows no manifest-src, which other browsers obey, and its driver steps into frames of other origins. */
const NOT_OURS = /^(Unrecognized Content-Security-Policy directive|Blocked a frame with origin)/;
const LEVELS = { ERROR: 'error', WARN: 'warning', LOG: 'log', INFO: 'info' };

export async function launch(kind) {
  const contexts = [];
  return {
    /** The engine's, known once a context was there. */
    version: () => contexts.at(-1)?.version,
    // Every context has a browser of its own.
    isConnected: () => true,
    newContext: async (options = {}) => {
      const context = new Context(options);
      contexts.push(context);
      await context.start();
      await context.addInitScript(camera(kind));
      return context;
    },
    close: async () => {
      for (const context of contexts) await context.close();
    },
  };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** A browser of its own, with a profile of its own, which goes with it. */
class Context extends EventEmitter {
  pages = [];
  /** Addresses of the workers that run, by a number of their own. */
  workers = new Map();
  #folder = mkdtempSync(join(tmpdir(), 'webkit-'));
  #answers = new Map();
  #asked = 0;
  /** Commands run one after the other, in the window and the frame that this is. */
  #last = Promise.resolve();
  #place = {};

  constructor(options) {
    super();
    this.setMaxListeners(100);
    this.options = options;
  }

  async start() {
    // High enough for a whole frame: of what lies below the window its driver presses nothing.
    const { viewport = { width: 1280, height: 1400 }, locale = 'en-US', colorScheme = 'light', reducedMotion = 'no-preference', deviceScaleFactor = 1 } = this.options;
    const host = { folder: this.#folder, ...viewport, languages: [...new Set([locale, locale.split('-')[0]])], looks: { colorScheme, reducedMotion } };
    const port = await freePort();
    this.address = `http://127.0.0.1:${port}`;
    this.driver = spawn(DRIVER, [`--port=${port}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        DISPLAY: await screen(),
        GDK_BACKEND: 'x11',
        GDK_SCALE: String(deviceScaleFactor),
        GIO_USE_VFS: 'local',
        GSETTINGS_BACKEND: 'memory',
        HOST: JSON.stringify(host),
        LANG: 'C.UTF-8',
        LIBGL_ALWAYS_SOFTWARE: '1',
        NO_AT_BRIDGE: '1',
        // Four times as fast where there is no graphics card.
        WEBKIT_DISABLE_DMABUF_RENDERER: '1',
        // Its sandbox does not start for root, nor in most containers.
        WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
        XDG_RUNTIME_DIR: this.#folder,
      },
    });
    this.kill = () => this.driver.kill();
    process.once('exit', this.kill);
    this.driver.on('error', (error) => (this.failed = error));
    for (const output of [this.driver.stdout, this.driver.stderr]) createInterface({ input: output }).on('line', (line) => this.#hear(line));
    await this.#listens();
    const wanted = { browserName: 'moue', 'webkitgtk:browserOptions': { binary: HOST, args: [] } };
    const { sessionId, capabilities } = await this.#send('POST', '/session', { capabilities: { alwaysMatch: wanted } });
    this.version = capabilities.browserVersion;
    this.session = `/session/${sessionId}`;
    await this.command('POST', '/timeouts', { script: 170_000, pageLoad: 60_000, implicit: 0 });
    this.control = connect(join(this.#folder, 'socket'));
    await once(this.control, 'connect');
    this.control.on('error', () => {});
    this.on('worker', ({ id, url }) => (url ? this.workers.set(id, url) : this.workers.delete(id)));
    createInterface({ input: this.control }).on('line', (line) => {
      const message = JSON.parse(line);
      if (message.event) return this.emit(message.event, message);
      this.#answers.get(message.id)?.();
      this.#answers.delete(message.id);
    });
    await this.addInitScript(tellWorkers);
  }

  async #listens() {
    for (let tries = 0; ; tries += 1) {
      if (this.failed) throw new Error(`${DRIVER} does not start: ${this.failed.message}`);
      try {
        return await this.#send('GET', '/status');
      } catch (error) {
        if (tries > 200) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** A line of the console looks like `http://…:1:2: CONSOLE JS ERROR Error: …`, or has no address, or no `JS`. */
  #hear(line) {
    const found = /^(?:(.*?)(?::\d+:\d+)?: )?CONSOLE (?:\S+ )?(LOG|DEBUG|INFO|WARN|ERROR) (.*)$/.exec(line);
    if (!found || NOT_OURS.test(found[3])) return;
    const [, url = '', level, text] = found;
    this.emit('console', { text: () => text, type: () => LEVELS[level] ?? level.toLowerCase(), location: () => ({ url }) });
  }

  /** Asks the window for what `message` says. */
  ask(message) {
    const id = (this.#asked += 1);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the window does not answer: ${JSON.stringify(message).slice(0, 200)}`)), ANSWER_MILLIS);
      this.#answers.set(id, () => (clearTimeout(timer), resolve()));
      this.control.write(`${JSON.stringify({ ...message, id })}\n`);
    });
  }

  async #send(method, path, body) {
    const answer = await fetch(this.address + path, { method, body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined });
    const { value } = await answer.json();
    if (value?.error) throw Object.assign(new Error(`${value.error}: ${value.message} (${method} ${path})`), { code: value.error });
    return value;
  }

  /** A command of WebDriver. */
  command(method, path, body) {
    return this.#send(method, this.session + path, body);
  }

  /** Runs `body` when its turn comes, in the window of `page` and in its first frame or not. */
  turn(page, isInner, body) {
    const run = async () => {
      if (this.#place.page !== page) await this.command('POST', '/window', { handle: page.handle });
      if (this.#place.page !== page || this.#place.isInner !== isInner) {
        this.#place = {};
        await this.command('POST', '/frame', { id: null });
        if (isInner) await this.command('POST', '/frame', { id: 0 });
        this.#place = { page, isInner };
      }
      return body();
    };
    const result = this.#last.then(run);
    this.#last = result.catch(() => {});
    return result;
  }

  /** The window may be in another place than was thought. */
  forget() {
    this.#place = {};
  }

  async newPage() {
    const page = new WebkitPage(this, this.pages.length);
    this.pages.push(page);
    await this.#last;
    const isFirst = this.pages.length === 1;
    page.handle = isFirst ? await this.command('GET', '/window') : (await this.command('POST', '/window/new', { type: 'window' })).handle;
    return page;
  }

  addInitScript(body, argument) {
    return this.ask({ do: 'script', source: sourceOf(body, argument) });
  }

  /** The window says yes to everything. */
  async grantPermissions() {}

  setOffline(offline) {
    return this.ask({ do: 'offline', offline });
  }

  async close() {
    if (!this.kill) return;
    const late = new Promise((resolve) => setTimeout(resolve, 3000));
    if (this.session) await Promise.race([this.command('DELETE', '').catch(() => {}), late]);
    this.control?.destroy();
    this.kill();
    process.off('exit', this.kill);
    this.kill = null;
    // Its processes write until they are gone.
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 20 });
  }
}
