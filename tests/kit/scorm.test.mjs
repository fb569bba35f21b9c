// What the page in a learning platform does with its platform and with its author's settings, beside
// platforms that lie, throw or are not there.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { clock, findApi, Session } from '../../www/scorm/scorm-api.js';
import { readSettings } from '../../www/scorm/settings.js';

/** A platform that notes what it hears and answers `answers[call]`, else "true". */
function platform(edition, answers = {}) {
  const calls = [];
  const names = edition === 1.2 ? ['LMSInitialize', 'LMSSetValue', 'LMSCommit', 'LMSFinish', 'LMSGetLastError'] : ['Initialize', 'SetValue', 'Commit', 'Terminate', 'GetLastError'];
  const api = Object.fromEntries(names.map((name) => [name, (...values) => {
    calls.push([name, ...values]);
    const answer = answers[name] ?? 'true';
    if (answer instanceof Error) throw answer;
    return answer;
  }]));
  return { api, calls, at: edition === 1.2 ? { API: api } : { API_1484_11: api } };
}

/** A window: its own parent where it has none, as browsers do it. */
function windowOf(properties = {}, parent = null, opener = null) {
  const window = { ...properties, opener };
  window.parent = parent ?? window;
  return window;
}

/** A window of another origin: whatever is asked of it throws. */
const foreign = new Proxy({}, { get() { throw new DOMException('Blocked a frame', 'SecurityError'); } });

test('the API is found in a parent, in the opener and in its parents, the newer edition first', () => {
  const [old, modern] = [platform(1.2), platform(2004)];
  assert.equal(findApi(windowOf({}, windowOf({}, windowOf(old.at)))).api, old.api);
  assert.equal(findApi(windowOf({}, null, windowOf({}, windowOf(modern.at)))).api, modern.api);
  assert.equal(findApi(windowOf(old.at, windowOf(modern.at))).api, modern.api);
  // In a frame of a window that the platform opened.
  assert.equal(findApi(windowOf({}, windowOf({}, null, windowOf({}, windowOf(old.at))))).api, old.api);
  assert.equal(findApi(windowOf()), null);
});

test('windows of other origins, circles and what is no API stop nothing', () => {
  assert.equal(findApi(windowOf({}, foreign)), null);
  assert.equal(findApi(windowOf({}, null, foreign)), null);
  const circle = windowOf();
  circle.parent = windowOf({}, circle);
  circle.opener = circle;
  assert.equal(findApi(circle), null);
  let deep = windowOf(platform(1.2).at);
  for (let depth = 0; depth < 1000; depth += 1) deep = windowOf({}, deep);
  assert.equal(findApi(deep), null);
  assert.equal(findApi(windowOf({ API: { LMSInitialize: 'yes' }, API_1484_11: 7 })), null);
});

test('a session that reports nothing is opened and closed, and one that reports says status and time alone', () => {
  for (const [edition, open, close] of [[1.2, 'LMSInitialize', 'LMSFinish'], [2004, 'Initialize', 'Terminate']]) {
    const silent = platform(edition);
    const session = new Session(findApi(windowOf(silent.at)), assert.fail);
    assert.ok(session.open());
    session.close();
    session.close();
    assert.deepEqual(silent.calls, [[open, ''], [close, '']]);
    let now = 0;
    const told = platform(edition);
    const reporting = new Session(findApi(windowOf(told.at)), assert.fail, () => now);
    reporting.open();
    now = 3_725_500;
    reporting.complete();
    reporting.complete();
    reporting.tellTime({ commit: false });
    reporting.close();
    reporting.complete();
    reporting.tellTime({ commit: true });
    const set = told.calls.filter(([name]) => name.endsWith('SetValue')).map(([, ...values]) => values);
    assert.deepEqual(set, edition === 1.2
      ? [['cmi.core.lesson_status', 'completed'], ['cmi.core.session_time', '0001:02:05.50']]
      : [['cmi.completion_status', 'completed'], ['cmi.session_time', 'PT3725.50S']]);
    assert.equal(told.calls.at(-1)[0], close);
  }
});

test('a platform that refuses or throws is told of once and left alone', () => {
  for (const answer of ['false', new Error('gone'), undefined, '']) {
    const bad = platform(2004, { Initialize: answer ?? null, GetLastError: '103' });
    const refused = [];
    const session = new Session(findApi(windowOf(bad.at)), (call) => refused.push(call));
    if (answer === undefined) bad.api.Initialize = () => undefined;
    assert.equal(session.open(), false);
    assert.deepEqual(refused, ['Initialize']);
    session.complete();
    session.tellTime({ commit: true });
    session.close();
    assert.ok(bad.calls.every(([name]) => ['Initialize', 'GetLastError'].includes(name)));
  }
  const late = platform(1.2, { LMSSetValue: new Error('gone'), LMSCommit: 'false' });
  const refused = [];
  const session = new Session(findApi(windowOf(late.at)), (call) => refused.push(call));
  session.open();
  session.complete();
  session.tellTime({ commit: true });
  session.complete();
  session.close();
  assert.deepEqual(refused, ['LMSSetValue', 'LMSCommit', 'LMSSetValue', 'LMSCommit', 'LMSSetValue', 'LMSCommit'], 'what it did not take is said again');
  assert.equal(late.calls.at(-1)[0], 'LMSFinish', 'it is closed all the same');
});

test('times are spelled as SCORM 1.2 has them', () => {
  assert.equal(clock(0), '0000:00:00.00');
  assert.equal(clock(59.999), '0000:01:00.00');
  assert.equal(clock(1e12), '9999:59:59.99');
});

test('settings are read as moue scorm reads them, and what is wrong is named', () => {
  assert.equal(readSettings('\ufeff{}').purpose, 'self-reflection');
  const settings = readSettings('{"title": " Mirror ", "report": true, "language": "de"}');
  assert.deepEqual([settings.title, settings.report, settings.language], ['Mirror', true, 'de']);
  for (const [text, code, word] of [
    ['{', 'settings-broken', 'JSON'],
    ['[]', 'settings-broken', 'object'],
    ['null', 'settings-broken', 'object'],
    ['{"tittle": "Mirror"}', 'settings-unknown-key', 'tittle'],
    ['{"__proto__": "x"}', 'settings-unknown-key', '__proto__'],
    ['{"report": "yes"}', 'settings-invalid', 'true or false'],
    ['{"title": 7}', 'settings-invalid', 'quotation marks'],
    ['{"title": ""}', 'settings-invalid', 'empty'],
    [JSON.stringify({ title: 'a'.repeat(201) }), 'settings-invalid', '201'],
    [JSON.stringify({ text: 'a'.repeat(4001) }), 'settings-invalid', '4001'],
    ['{"title": "a\\nb"}', 'settings-invalid', 'one line'],
    ['{"language": "tlh"}', 'settings-invalid', 'tlh'],
  ]) {
    const refused = readSettings(text);
    assert.equal(refused.code, code, text);
    assert.ok(refused.message.includes(word), refused.message);
  }
});

test('the library for H5P has the version of the release, because platforms replace only an older one', () => {
  const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const { majorVersion, minorVersion, patchVersion } = JSON.parse(read('www/h5p/library.json'));
  assert.equal(`${majorVersion}.${minorVersion}.${patchVersion}`, read('Cargo.toml').match(/^version = "(.+)"$/m)[1]);
});
