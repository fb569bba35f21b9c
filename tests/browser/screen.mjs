// An X server without a screen, for browsers whose windows are to be in front: the focus and the clipboard are theirs there.

import { spawn } from 'node:child_process';

/** Taller than any picture of a whole page. */
const SIZE = '1700x5000x24';

let display = null;

// Whoever ends the tests early ends what they started.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

/** What DISPLAY is to be; the server ends with this program. */
export const screen = () => (display ??= start());

async function start() {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', SIZE, '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  process.on('exit', () => server.kill());
  const number = await new Promise((resolve, reject) => {
    server.stdio[3].once('data', resolve);
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
  });
  server.unref();
  server.stdio[3].unref();
  return `:${String(number).trim()}`;
}
