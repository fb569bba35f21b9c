// A static host below a sub-path: no rewriting, no fallback page, and a list of what was asked.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

/** What a file is, by the end of its name. */
export const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
};

/** Where the page lies; a page that assumes the root of its host fails here. */
export const BASE = '/some/sub/path/';

/**
 * Serves `folder` on this machine only.
 *
 * `server.requests` lists every path asked for, below BASE. `server.tamper`, where set, gets
 * `(path, bytes)` of every answer and returns the bytes to send, at once or later, or null for a 404. While `server.gone`
 * is set, every connection breaks off. `server.files` has texts by path that lie in the folder besides,
 * `server.headers` goes with every answer, and
 * `server.types` has types by the end of a name that stand for those of TYPES.
 */
export async function serve(folder) {
  const state = { requests: [], tamper: null, gone: false, files: {}, headers: {}, types: {} };
  const http = createServer(async (request, response) => {
    if (state.gone) return request.socket.destroy();
    const { pathname } = new URL(request.url, 'http://host');
    const below = pathname.startsWith(BASE) ? decodeURIComponent(pathname.slice(BASE.length)) : null;
    state.requests.push(below ?? pathname);
    const answer = (status, type, bytes) => {
      response.writeHead(status, { 'content-type': type, 'content-length': bytes.length, ...state.headers });
      response.end(bytes);
    };
    const path = normalize(below || 'index.html');
    if (below === null || path.startsWith('..')) return answer(404, 'text/plain', Buffer.from('outside'));
    try {
      let bytes = Object.hasOwn(state.files, path) ? Buffer.from(state.files[path]) : await readFile(join(folder, path));
      if (state.tamper) bytes = await state.tamper(path, bytes);
      if (bytes === null) return answer(404, 'text/plain', Buffer.from('not found'));
      answer(200, state.types[extname(path)] ?? TYPES[extname(path)] ?? 'application/octet-stream', bytes);
    } catch {
      answer(404, 'text/plain', Buffer.from('not found'));
    }
  });
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${http.address().port}`;
  return Object.assign(state, {
    origin,
    url: origin + BASE,
    close: () =>
      new Promise((resolve) => {
        http.close(resolve);
        http.closeAllConnections();
      }),
  });
}
