// The frame's messages, with values of every kind: the reader never throws, takes nothing for a message
// that is none, and lets no field through that is not listed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FROM_FRAME, FROM_HOST, frameMessage, PARAMETERS, readAttributes, readHostMessage, readOrigins, standing, VERSION } from '../../www/frame-messages.js';
import { random } from './random.mjs';

const CASES = 20_000;

test('no value makes the reader throw, and what it returns is one of its messages', () => {
  const draw = random(1);
  for (let n = 0; n < CASES; n += 1) {
    const message = readHostMessage(draw.value());
    if (message === null) continue;
    assert.ok(FROM_HOST.includes(message.type), message.type);
    assert.deepEqual(Object.keys(message).sort(), message.type === 'export' ? ['format', 'type'] : ['type']);
  }
});

test('of messages that are almost right, those of this version with a known type are read', () => {
  const draw = random(2);
  let read = 0;
  for (let n = 0; n < CASES; n += 1) {
    const data = draw.almost({ moue: VERSION, type: draw.pick(FROM_HOST), format: draw.pick(['csv', 'json']) });
    const message = readHostMessage(data);
    const isOne = !Array.isArray(data) && data.moue === VERSION && FROM_HOST.includes(data.type)
      && (data.type !== 'export' || ['csv', 'json', undefined, null].includes(data.format));
    assert.equal(message !== null, isOne, JSON.stringify(data));
    read += isOne;
  }
  assert.ok(read > CASES / 10 && read < CASES, `${read} of ${CASES} were messages`);
});

test('what a structured clone can hold besides JSON is no message', () => {
  const cyclic = { moue: 1 };
  cyclic.type = cyclic;
  const values = [undefined, 1n, Symbol('x'), new Date(), new Map([['moue', 1]]), new Set(), new ArrayBuffer(4), /hello/, new Error('hello'), cyclic, Object.create(null), () => {}];
  for (const value of values) assert.equal(readHostMessage(value), null);
  assert.deepEqual(readHostMessage({ moue: 1, type: 'export' }), { type: 'export', format: 'json' });
  for (const type of ['toString', 'constructor', '__proto__', ['hello']]) assert.equal(readHostMessage({ moue: 1, type }), null);
});

test('a message of the frame carries the listed fields and no other', () => {
  const draw = random(3);
  const fields = new Set(['moue', 'type', 'engine', 'camera', 'shared', 'faces', 'width', 'height', 'seconds', 'number', 'code', 'message', 'format', 'text']);
  for (let n = 0; n < CASES; n += 1) {
    const message = frameMessage(draw.pick(FROM_FRAME), draw.value());
    for (const name of Object.keys(message)) assert.ok(fields.has(name), name);
  }
  const detail = { camera: true, shared: false, picture: 'data:', moue: 7, type: 'hello' };
  assert.deepEqual(frameMessage('consent', detail), { moue: 1, type: 'consent', camera: true, shared: false });
  assert.deepEqual(frameMessage('error', detail), { moue: 1, type: 'error' });
});

test('an origin is a scheme, a host and perhaps a port; all else is refused by name', () => {
  assert.deepEqual(readOrigins(' https://school.example  https://LMS.example:8443/\nhttp://localhost:8080, https://school.example '), {
    origins: ['https://school.example', 'https://lms.example:8443', 'http://localhost:8080'],
    refused: [],
  });
  const wrong = ['*', 'https://*', 'https://*.school.example', 'null', 'school.example', 'http://school.example', 'https://school.example/course', 'https://school.example?x', 'https://school.example#', 'https://me@school.example', 'javascript:alert(1)', 'data:text/html;x', 'file:///x', 'https://', `https://${'a'.repeat(400)}`];
  assert.deepEqual(readOrigins(wrong.join(' ')), { origins: [], refused: wrong });
  for (const nothing of ['', '  ', null, undefined]) assert.deepEqual(readOrigins(nothing), { origins: [], refused: [] });
});

test('no text makes the list of origins throw, and what is on it is the exact origin of an address', () => {
  const draw = random(4);
  for (let n = 0; n < CASES; n += 1) {
    const { origins } = readOrigins(draw.almostOrigins());
    for (const origin of origins) {
      assert.equal(new URL(origin).origin, origin);
      assert.ok(/^https:\/\/|^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(origin), origin);
    }
  }
});

test('an address sets the attributes it may set, and what it may not is named', () => {
  const { attributes, refused } = readAttributes('?purpose=game&lang=pt-BR&max-faces=2&smoothing=0.5&mirror=false&model-base=//evil.example&user_id=7&onclick=x');
  assert.deepEqual(attributes, { purpose: 'game', lang: 'pt-BR', 'max-faces': '2', smoothing: '0.5', mirror: 'false' });
  assert.deepEqual(refused, []);
  const wrong = { purpose: 'proctoring', 'legal-basis': 'consent', lang: '"><script>', mode: 'headless', engine: 'cuda', 'max-faces': '65', smoothing: '10.5', mirror: 'yes' };
  for (const [name, value] of Object.entries(wrong)) {
    const read = readAttributes(`?${new URLSearchParams({ [name]: value })}`);
    assert.deepEqual(read, { attributes: {}, refused: [{ name, value, allowed: PARAMETERS[name].allowed }] });
  }
  for (const value of ['0', '1.5', '1e1', '', ' 1', '٣', 'NaN', '9'.repeat(40)]) {
    assert.equal(readAttributes(`?${new URLSearchParams({ 'max-faces': value })}`).refused.length, 1, value);
  }
});

test('no query makes the reader of attributes throw, and it yields only values that are allowed', () => {
  const draw = random(5);
  let accepted = 0;
  for (let n = 0; n < CASES; n += 1) {
    const { attributes } = readAttributes(draw.query(Object.keys(PARAMETERS)));
    for (const [name, value] of Object.entries(attributes)) {
      assert.ok(PARAMETERS[name].is(value));
      assert.ok(/^[\w.-]+$/.test(value), value);
      accepted += 1;
    }
  }
  assert.ok(accepted > 100, `${accepted} accepted`);
});

test('the frame knows whether the page around it is listed, and guesses nothing', () => {
  const origins = ['https://school.example'];
  const stands = (more) => standing({ isFramed: true, origins, ancestors: null, ...more }).state;
  assert.equal(stands({ isFramed: false }), 'alone');
  assert.equal(stands({ origins: [] }), 'no-origins');
  assert.equal(stands({}), 'unknown');
  assert.equal(stands({ ancestors: ['https://school.example', 'https://evil.example'] }), 'listed');
  assert.equal(stands({ ancestors: ['https://evil.example', 'https://school.example'] }), 'not-listed');
  assert.equal(stands({ ancestors: ['null'] }), 'not-listed');
});
