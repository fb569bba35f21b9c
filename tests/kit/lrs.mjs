// A learning record store on this machine: Ralph (openfun, PyPI `ralph-malph`), which checks every
// statement against xAPI 1.0.3, behind a gate where tests break the way to it.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { createServer as createSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of Ralph's programs. */
const RALPH = process.env.RALPH;
/** On two busy cores Python takes seconds to begin. */
const START_SECS = 90;
const USER = { name: 'moue', password: 'a test on this machine' };

/** The `Authorization` header that this LRS lets in. */
export const AUTH = `Basic ${Buffer.from(`${USER.name}:${USER.password}`).toString('base64')}`;

/** What a page may have: a token in place of the password. */
export const TOKEN = 'for this learner, to write';

/**
 * Starts an LRS with nothing in it. `lrs.endpoint` leads through the gate: `lrs.gate`, where set, gets
 * the number of each request, from 1, and answers "pass", "drop" (nothing arrives), "deafen" (it
 * arrives, the answer is lost) or a status. `lrs.requests` counts; `lrs.heads` are their headers. The
 * gate lets pages of every origin in (CORS), and takes `TOKEN` from them.
 */
export async function startLrs() {
  if (!RALPH) throw new Error('name the LRS: make test-kit, or RALPH=/path/to/the/programs/of/ralph');
  const folder = await mkdtemp(join(tmpdir(), 'moue-lrs-'));
  const port = await freePort();
  const env = { ...process.env, RALPH_APP_DIR: folder, RALPH_RUNSERVER_BACKEND: 'fs', RALPH_RUNSERVER_MAX_SEARCH_HITS_COUNT: '100' };
  const auth = spawnSync(join(RALPH, 'ralph'), ['auth', '-u', USER.name, '-p', USER.password, '-s', 'all', '-N', 'moue', '-M', 'mailto:moue@school.example', '-w'], { env, encoding: 'utf8' });
  if (auth.status !== 0) throw new Error(`ralph auth: ${auth.stderr}`);
  const script = fileURLToPath(new URL('lrs.py', import.meta.url));
  const ralph = spawn(join(RALPH, 'python'), [script, '127.0.0.1', String(port), join(folder, 'data')], { env, cwd: folder });
  let said = '';
  ralph.stderr.on('data', (bytes) => (said += bytes));
  const ended = new Promise((resolve) => ralph.once('exit', resolve));

  const lrs = { gate: null, requests: 0, heads: [] };
  const gate = createServer((incoming, answer) => {
    answer.setHeader('access-control-allow-origin', '*');
    if (incoming.method === 'OPTIONS') {
      answer.setHeader('access-control-allow-headers', 'authorization, content-type, x-experience-api-version');
      return answer.writeHead(204).end();
    }
    lrs.requests += 1;
    lrs.heads.push({ ...incoming.headers, method: incoming.method });
    const verdict = lrs.gate?.(lrs.requests) ?? 'pass';
    if (verdict === 'drop') return incoming.socket.destroy();
    if (typeof verdict === 'number') return answer.writeHead(verdict).end();
    const headers = { ...incoming.headers };
    if (headers.authorization === `Bearer ${TOKEN}`) headers.authorization = AUTH;
    const onward = request({ host: '127.0.0.1', port, path: incoming.url, method: incoming.method, headers }, (reply) => {
      if (verdict === 'deafen') {
        reply.resume();
        reply.on('end', () => incoming.socket.destroy());
        return;
      }
      answer.writeHead(reply.statusCode, reply.headers);
      reply.pipe(answer);
    });
    onward.on('error', () => answer.writeHead(502).end());
    incoming.pipe(onward);
  });
  await new Promise((resolve) => gate.listen(0, '127.0.0.1', resolve));
  lrs.endpoint = `http://127.0.0.1:${gate.address().port}/xAPI`;
  lrs.port = gate.address().port;

  /** The last hundred statements, the oldest first, as the LRS gives them back. */
  lrs.statements = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/xAPI/statements?limit=100`, { headers: { authorization: AUTH, 'x-experience-api-version': '1.0.3' } });
    if (response.status !== 200) throw new Error(`the LRS answers ${response.status}: ${await response.text()}\n${said.slice(-2000)}`);
    // Its backend for files does not sort.
    return (await response.json()).statements.sort((a, b) => a.stored.localeCompare(b.stored));
  };
  lrs.close = async () => {
    gate.close();
    gate.closeAllConnections();
    ralph.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  await answers(port, ended, () => said).catch(async (error) => {
    await lrs.close();
    throw error;
  });
  return lrs;
}

async function answers(port, ended, said) {
  let hasEnded = false;
  ended.then(() => (hasEnded = true));
  for (let tries = 0; tries < START_SECS * 5; tries += 1) {
    if (hasEnded) throw new Error(`the LRS ended: ${said()}`);
    const response = await fetch(`http://127.0.0.1:${port}/__heartbeat__`).catch(() => null);
    if (response !== null) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the LRS did not answer for ${START_SECS} s: ${said()}`);
}

export function freePort() {
  return new Promise((resolve) => {
    const socket = createSocket();
    socket.listen(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

/** A random id, which may spell any word. */
const ID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;

/** Statements as text, without random ids. */
export const spelled = (statements) => JSON.stringify(statements).replace(ID, 'id');
