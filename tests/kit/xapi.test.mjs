// xAPI statements, sent to a real learning record store and read back from it.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { isoDuration, LEGAL_BASES, sendStatements, Share, SUMMARY_KEY } from '../../www/xapi.js';
import { AUTH, spelled, startLrs } from './lrs.mjs';

let lrs;
before(async () => {
  lrs = await startLrs();
});
after(() => lrs?.close());
afterEach(() => {
  lrs.gate = null;
});

/** Something with the events of <moue-face>. */
class Face extends EventTarget {
  lang = 'de';
  constructor(attributes = {}) {
    super();
    this.attributes = attributes;
  }
  getAttribute(name) {
    return this.attributes[name] ?? null;
  }
  tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
  shows(seconds, expression, problem = null, count = 1) {
    const face = { number: 1, box: { x: 0, y: 0, width: 50, height: 50 }, expression, probabilities: {}, problem };
    // Whoever else is in view is smaller, whatever their number.
    const other = { ...face, number: 0, box: { x: 0, y: 0, width: 10, height: 10 }, expression: 'fear' };
    const faces = count === 0 ? [] : [...Array(count - 1).fill(other), face];
    this.tell('expression', { faces, width: 640, height: 480, seconds });
  }
}

let learners = 0;
const options = (more = {}) => {
  learners += 1;
  return {
    endpoint: lrs.endpoint,
    auth: AUTH,
    actor: { account: { homePage: 'https://school.example', name: `learner-${learners}` } },
    activity: { id: 'https://school.example/activities/mirror', name: 'Mirror', type: 'http://adlnet.gov/expapi/activities/simulation' },
    waitSecs: [0.01, 0.02],
    onError: (error) => assert.fail(error.message),
    ...more,
  };
};

/** The statements about the learner of `of`. */
const about = async (of) => (await lrs.statements()).filter((statement) => statement.actor.account.name === of.actor.account.name);
const verbsOf = (statements) => statements.map((statement) => statement.verb.id.split('/').at(-1));
/** Every word of a face that a statement could carry. */
const OF_A_FACE = /anger|disgust|fear|happy|sad|surprise|neutral|unsure|share_of_time|probabilit|face/i;

test('a random id that spells a word is no word of a face', () => {
  assert.doesNotMatch(spelled([{ id: '1b42face-0bad-4bad-8bad-5adfacedfade' }]), OF_A_FACE);
  assert.match(spelled([{ id: '1b42face-0bad-4bad-8bad-5adfacedfade', extensions: { face: 1 } }]), OF_A_FACE);
});

test('a session is an initialized and a terminated, and nothing of a face', async () => {
  const face = new Face({ purpose: 'game' });
  const chosen = options();
  const sender = sendStatements(face, chosen);
  face.tell('consent', { camera: true, shared: true });
  face.tell('ready');
  face.tell('ready');
  for (let n = 0; n < 20; n += 1) face.shows(n / 10, 'happy');
  face.tell('face-lost', { number: 1 });
  const { unsent } = await sender.end();
  assert.deepEqual(unsent, []);
  const statements = await about(chosen);
  assert.deepEqual(verbsOf(statements), ['initialized', 'terminated']);
  const [first, last] = statements;
  assert.equal(first.context.registration, last.context.registration);
  assert.equal(first.context.language, 'de');
  assert.deepEqual(first.object.definition, { name: { und: 'Mirror' }, type: 'http://adlnet.gov/expapi/activities/simulation' });
  assert.match(last.result.duration, /^PT\d+(\.\d+)?S$/);
  assert.deepEqual(Object.keys(first.actor).sort(), ['account', 'objectType']);
  assert.doesNotMatch(spelled(statements), OF_A_FACE);
  const head = lrs.heads.at(-1);
  assert.equal(head['x-experience-api-version'], '1.0.3');
  assert.equal(head.referer, undefined);
});

test('nothing is sent before the element is ready, nor after the end', async () => {
  const face = new Face();
  const chosen = options();
  const before = lrs.requests;
  const sender = sendStatements(face, chosen);
  face.tell('error', { code: 'purpose-prohibited' });
  await sender.end();
  face.tell('ready');
  await sender.end();
  assert.equal(lrs.requests, before);
  assert.deepEqual(await about(chosen), []);
});

test('a summary says how the time was shared, of what the person shared', async () => {
  const face = new Face({ purpose: 'research' });
  const chosen = options({ summaries: true, legalBasis: 'not-work-or-education' });
  const sender = sendStatements(face, chosen);
  face.tell('ready');
  face.shows(0, 'anger');
  face.shows(0.5, 'anger');
  face.tell('consent', { camera: true, shared: true });
  face.shows(10, 'happy');
  face.shows(10.5, 'happy');
  face.shows(11, null);
  face.shows(11.25, null, 'too-dark');
  face.shows(11.5, 'sad', null, 2);
  face.shows(11.75, null, null, 0);
  face.shows(12, 'happy');
  // A gap: the face holds for a second at most.
  face.shows(60, 'happy');
  await sender.end();
  const statements = await about(chosen);
  assert.deepEqual(verbsOf(statements), ['initialized', 'experienced', 'terminated']);
  assert.deepEqual(statements[1].result.extensions[SUMMARY_KEY], {
    seen_seconds: 2.75,
    left_out_seconds: 0.25,
    readings: 7,
    share_of_time: { anger: 0, disgust: 0, fear: 0, happy: 0.727, sad: 0.091, surprise: 0, neutral: 0, unsure: 0.091, 'not-judged': 0.091 },
    legal_basis: 'not-work-or-education',
  });
});

test('a consent that is taken back, or never given, sends no summary', async () => {
  for (const answers of [[], [{ camera: true, shared: false }], [{ camera: true, shared: true }, { camera: true, shared: false }], [{ camera: true, shared: 'yes' }]]) {
    const face = new Face();
    const chosen = options({ summaries: true, legalBasis: 'outside-eu' });
    const sender = sendStatements(face, chosen);
    face.tell('ready');
    for (const detail of answers) {
      face.tell('consent', detail);
      for (let n = 0; n < 10; n += 1) face.shows(n / 10, 'happy');
    }
    await sender.end();
    const statements = await about(chosen);
    assert.deepEqual(verbsOf(statements), ['initialized', 'terminated'], JSON.stringify(answers));
    assert.doesNotMatch(spelled(statements), OF_A_FACE);
  }
});

test('what was counted before a consent was taken back stays out, should it be given again', async () => {
  const face = new Face();
  const chosen = options({ summaries: true, legalBasis: 'outside-eu' });
  const sender = sendStatements(face, chosen);
  face.tell('ready');
  face.tell('consent', { camera: true, shared: true });
  face.shows(0, 'anger');
  face.shows(1, 'anger');
  face.tell('consent', { camera: true, shared: false });
  face.tell('consent', { camera: true, shared: true });
  face.shows(2, 'happy');
  face.shows(3, 'happy');
  await sender.end();
  const [, summary] = await about(chosen);
  assert.equal(summary.result.extensions[SUMMARY_KEY].share_of_time.anger, 0);
  assert.equal(summary.result.extensions[SUMMARY_KEY].share_of_time.happy, 1);
});

test('a way to the LRS that breaks is tried again, and nothing arrives twice', async () => {
  const ways = [
    ['drop', 'pass'],
    [503, 429, 'pass'],
    ['deafen', 'pass'],
    // As other stores answer to an id that they have.
    ['deafen', 409],
  ];
  for (const way of ways) {
    const face = new Face();
    const chosen = options();
    const from = lrs.requests;
    lrs.gate = (number) => way[number - from - 1] ?? 'pass';
    const sender = sendStatements(face, chosen);
    face.tell('ready');
    const { unsent } = await sender.end();
    assert.deepEqual(unsent, []);
    const statements = await about(chosen);
    assert.deepEqual(verbsOf(statements), ['initialized', 'terminated'], way.join());
    assert.equal(new Set(statements.map((statement) => statement.id)).size, 2);
  }
});

test('the tries end, what did not arrive is told and kept, and arrives with the next occasion', async () => {
  const face = new Face();
  const errors = [];
  const chosen = options({ onError: (error) => errors.push(error.code) });
  const from = lrs.requests;
  lrs.gate = () => 'drop';
  const sender = sendStatements(face, chosen);
  face.tell('ready');
  const first = await sender.end();
  assert.equal(lrs.requests - from, 3, 'three tries for the first of two statements');
  assert.deepEqual(errors, ['lrs-unreachable']);
  assert.deepEqual(verbsOf(first.unsent), ['initialized', 'terminated']);
  lrs.gate = null;
  assert.deepEqual((await sender.end()).unsent, []);
  assert.deepEqual(verbsOf(await about(chosen)), ['initialized', 'terminated']);
});

test('a wrong password is told at once and not tried again', async () => {
  const face = new Face();
  const errors = [];
  const chosen = options({ auth: `Basic ${btoa('moue:wrong')}`, onError: (error) => errors.push(error) });
  const from = lrs.requests;
  const sender = sendStatements(face, chosen);
  face.tell('ready');
  await sender.end();
  assert.equal(lrs.requests - from, 2);
  assert.deepEqual(errors.map((error) => error.code), ['lrs-refused', 'lrs-refused']);
  assert.match(errors[0].message, /auth/);
  assert.deepEqual(await about(chosen), []);
});

test('the LRS is no yes-man: it rejects a statement without a verb', async () => {
  const headers = { authorization: AUTH, 'x-experience-api-version': '1.0.3', 'content-type': 'application/json' };
  const wrong = { actor: { account: { homePage: 'https://school.example', name: 'x' } }, object: { id: 'https://school.example/a' } };
  const response = await fetch(`${lrs.endpoint}/statements`, { method: 'POST', headers, body: JSON.stringify(wrong) });
  assert.equal(response.ok, false);
});

test('options that cannot be used are refused by name, before anything is sent', async () => {
  const from = lrs.requests;
  const refused = (code, more, attributes) => {
    assert.throws(() => sendStatements(new Face(attributes), { ...options(), ...more }), (error) => error.code === code && error.message.length > 20, `${code} ${JSON.stringify(more)}`);
  };
  for (const endpoint of [undefined, '', 'lrs', 'http://lrs.example/xAPI', 'ftp://lrs.example', 7]) refused('xapi-endpoint', { endpoint });
  const actors = [undefined, {}, { mbox: 'mailto:me@school.example' }, { account: { name: 'x' } }, { account: { homePage: 'school', name: 'x' } }, { account: { homePage: 'https://school.example', name: '' } }];
  for (const actor of actors) refused('xapi-actor', { actor });
  for (const activity of [undefined, {}, { id: 'mirror' }]) refused('xapi-activity', { activity });
  refused('xapi-auth', { auth: { user: 'me' } });
  for (const legalBasis of [undefined, '', 'consent', true]) refused('xapi-legal-basis', { summaries: true, legalBasis });
  for (const purpose of ['workplace', 'education-institution']) refused('xapi-legal-basis', { summaries: true, legalBasis: 'not-work-or-education' }, { purpose });
  sendStatements(new Face({ purpose: 'workplace' }), options({ summaries: true, legalBasis: 'medical' }));
  assert.equal(lrs.requests, from);
  assert.equal(LEGAL_BASES.length, 4);
});

test('an actor is an account and nothing besides', async () => {
  const face = new Face();
  const chosen = options();
  Object.assign(chosen.actor, { name: 'Somebody', mbox: 'mailto:somebody@school.example' });
  const sender = sendStatements(face, chosen);
  face.tell('ready');
  await sender.end();
  assert.doesNotMatch(JSON.stringify(await about(chosen)), /somebody/i);
});

test('shares sum to one and time never runs backwards', () => {
  const share = new Share();
  assert.equal(share.summary(), null);
  for (const detail of [null, {}, { seconds: NaN, faces: [] }, { seconds: 1 }]) share.add(detail);
  assert.equal(share.summary(), null);
  const show = (seconds, expression) => share.add({ seconds, faces: [{ expression, problem: null }] });
  show(5, 'happy');
  show(5.5, 'sad');
  // The camera starts again at 0.
  show(0, 'sad');
  show(0.5, 'fear');
  share.pause();
  show(0.9, 'fear');
  const { share_of_time: shares, seen_seconds: seen } = share.summary();
  assert.equal(seen, 1);
  assert.equal(shares.happy, 0.5);
  assert.equal(shares.sad, 0.5);
  assert.equal(isoDuration(0), 'PT0S');
  assert.equal(isoDuration(61.239), 'PT61.24S');
  assert.equal(isoDuration(-1), 'PT0S');
});
