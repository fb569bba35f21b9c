// A static host as one would set it up: brotli where asked for, an ETag, ten minutes of caching. It
// keeps a list of what it was asked for.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { TYPES } from '../browser/server.mjs';
import { brotli } from './brotli.mjs';

const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * Serves folders or files on this machine only: `mounts` maps a path's beginning to a place.
 *
 * `server.requests` lists `{ path, place, status, bytes, encoded }`, in the order of the answers.
 * `server.isolated` adds the headers of cross-origin isolation, `server.encode` turns brotli on. `server.hold`, where set, gets
 * `(path, headers)` of every request and keeps those that it answers true for until `release()`.
 * `server.prelude`, where set, is put before every worker's script.
 */
export async function serve(mounts) {
  let release = () => {};
  const state = { requests: [], isolated: false, encode: false, hold: null, prelude: null };
  const http = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://host');
    const path = decodeURIComponent(pathname);
    const place = resolve(mounts, path);
    const end = (status, headers, bytes, encoded) => {
      state.requests.push({ path, place, status, bytes, encoded: encoded?.length ?? 0 });
      response.writeHead(status, { ...(state.isolated ? ISOLATION : {}), ...headers });
      response.end(encoded);
    };
    try {
      if (state.hold?.(path, request.headers)) await state.held;
      if (!place) return end(404, {}, 0);
      let bytes = await readFile(place);
      if (state.prelude && request.headers['sec-fetch-dest'] === 'worker') {
        bytes = Buffer.concat([Buffer.from(state.prelude), bytes]);
      }
      const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 20)}"`;
      const headers = { 'content-type': TYPES[extname(place)] ?? 'application/octet-stream', etag };
      headers['cache-control'] = 'public, max-age=600';
      if (request.headers['if-none-match'] === etag) return end(304, headers, 0);
      const accepts = state.encode && /\bbr\b/.test(request.headers['accept-encoding'] ?? '');
      const encoded = accepts ? await brotli(bytes) : bytes;
      if (accepts) headers['content-encoding'] = 'br';
      headers['content-length'] = encoded.length;
      return end(200, headers, bytes.length, encoded);
    } catch {
      return end(404, {}, 0);
    }
  });
  await new Promise((listening) => http.listen(0, '127.0.0.1', listening));
  return Object.assign(state, {
    origin: `http://127.0.0.1:${http.address().port}`,
    /** Holds what `which` names until `release()` is called. */
    holdBack(which) {
      state.hold = which;
      state.held = new Promise((resolve) => (release = resolve));
    },
    release: () => release(),
    close: () =>
      new Promise((closed) => {
        http.close(closed);
        http.closeAllConnections();
      }),
  });
}

/** The file behind a path, the longest mount first; nothing outside of the mounts. */
function resolve(mounts, path) {
  const prefixes = Object.keys(mounts).sort((a, b) => b.length - a.length);
  const prefix = prefixes.find((prefix) => path.startsWith(prefix));
  if (prefix === undefined) return null;
  const rest = normalize(path.slice(prefix.length) || (prefix.endsWith('/') ? 'index.html' : ''));
  if (rest.startsWith('..')) return null;
  return rest === '.' ? mounts[prefix] : join(mounts[prefix], rest);
}
