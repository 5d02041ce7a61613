import t from 'tap';
import { OPERATIONS } from '../../src/rooms/index.ts';
import { renderAnswer } from '../../src/surfaces/cli/render/render.ts';
import { fit, type Style, safeJson, safeLine, safeText, styleOf, textWidth } from '../../src/surfaces/cli/terminal.ts';
import { play, SAMPLE } from './sample.ts';

const esc = String.fromCharCode(27);
const wide: Style = { width: Number.POSITIVE_INFINITY, colour: false };
const operation = (name: string) =>
  OPERATIONS.find(each => each.name === name) ?? SAMPLE.find(each => each.name === name)!;
/** Anything that a terminal would act on. */
const bidi = '\\u202a-\\u202e\\u2066-\\u2069';
const ACTIVE = new RegExp(`[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f${bidi}]`);
const hostile = `${esc}]0;owned${String.fromCharCode(7)}${esc}[2J\u009b31mred\u202etxt\r\u0008\u007f`;

t.test('nothing that others wrote acts on the terminal', async t => {
  t.notMatch(safeText(hostile), ACTIVE);
  t.notMatch(safeLine(`a\n${hostile}`), ACTIVE);
  t.notMatch(safeLine('a\nb'), /\n/);
  const answer = {
    tasks: [{ id: 't-1', title: hostile, labels: [hostile] }],
    [hostile]: { text: `${hostile}\n${hostile}` },
    hints: { next: hostile },
  };
  for (const name of ['task.query', 'whoami'])
    t.notMatch(renderAnswer(operation(name), { ok: true, ...answer }, wide), ACTIVE);
  const shown = await play(['whoami'], {
    decide: () => {
      throw new Error(hostile);
    },
  });
  t.notMatch(shown.err, ACTIVE);
});

t.test('a provisional claim is told as one, and as no claim that found nothing', async t => {
  const task = { id: 't-0123456789', title: 'Wanted offline' };
  const told = (answer: object): string =>
    renderAnswer(operation('task.claim'), { ok: true, claimed: false, ...answer }, wide);
  t.match(told({ provisional: true, task, landed: false }), /^claimed t-0123456789 provisionally[\s\S]*Wanted offline/);
  t.match(told({ reason: 'nothing is ready for you' }), /^nothing to claim/);
});

t.test('JSON is the same value with no active character', async t => {
  const value = { text: hostile };
  t.notMatch(safeJson(value), ACTIVE);
  t.same(JSON.parse(safeJson(value)), value);
});

t.test('a table fits the terminal, whatever the width of its letters', async t => {
  const tasks = [
    { id: 't-7k3qz0m4xv', priority: 1, status: 'open', title: 'x'.repeat(200) },
    { id: 't-8k3qz0m4xv', priority: 2, status: 'open', title: '漢字'.repeat(60) },
  ];
  const lines = renderAnswer(operation('task.query'), { ok: true, tasks }, { width: 60, colour: false })
    .trimEnd()
    .split('\n');
  t.equal(lines.length, 3);
  for (const line of lines) t.ok(textWidth(line) <= 60, line);
  t.match(lines[0], /^ID +PRIORITY +STATUS +TITLE$/);
});

t.test('a pipe gets every letter and no colour', async t => {
  const title = 'x'.repeat(300);
  const style = styleOf({}, {});
  t.match(renderAnswer(operation('task.query'), { ok: true, tasks: [{ id: 't-1', title }] }, style), title);
  t.equal(style.colour, false);
  t.equal(styleOf({ isTTY: true, columns: 80 }, { NO_COLOR: '1' }).colour, false);
  t.equal(styleOf({ isTTY: true, columns: 80 }, { TERM: 'xterm' }).colour, true);
});

t.test('lists that are empty, remarks and long texts read as sentences', async t => {
  const show = (answer: object, name = 'whoami') => renderAnswer(operation(name), { ok: true, ...answer }, wide);
  t.equal(show({ tasks: [] }, 'task.query'), 'no such task\n');
  t.equal(show({}), 'done\n');
  t.match(
    show({ task: { id: 't-1', title: 'A', status: 'open' }, landed: false }),
    /t-1 {2}A\n {2}status {2}open\nrecorded here/,
  );
  t.match(show({ task: { id: 't-1', description: 'one\ntwo' } }), /description:\n {4}one\n {4}two\n/);
  t.match(show({ hints: { next: 'ledgenter task claim' } }), /next: ledgenter task claim/);
  t.match(show({ rows: [{ a: 1 }], total: 7, cursor: 'c9' }), /7 in all; more: --cursor c9/);
});

t.test('proofs and reports are told in lines, with what they came to', async t => {
  const told = (name: string, answer: object) => renderAnswer(operation(name), { ok: true, ...answer }, wide);
  const proof = { id: 'x-1', criterion: 'c1', duration_ms: 1200, commit: 'a'.repeat(40), check_sha256: 'b'.repeat(64) };
  const shown = told('task.get', {
    task: { id: 't-1', title: 'it' },
    proofs: [
      { ...proof, exit_code: 3, output_tail: '3 of 12 failed\nred' },
      { ...proof, exit_code: 0 },
    ],
  });
  t.match(shown, /c1 failed in 1\.2 s with exit code 3 at a{12} \(x-1\)\n {4}3 of 12 failed\n {4}red\n/);
  t.match(shown, /c1 passed in 1\.2 s at a{12} \(x-1\)\n/);
  t.notMatch(shown, /b{64}/);
  const code_ref = { id: 'c-1', name: 'github:acme/web#12', state: 'merged' };
  const answers = [
    { id: 't-1', code_ref, landed: true },
    { id: 't-2', code_ref, unchanged: true },
    { id: 't-3', code_ref, unchanged: true, note: 'it stays merged' },
  ];
  const lines = told('code.ref_update', { answers }).split('\n');
  t.match(lines[1], /^t-1 +github:acme\/web#12 +merged +landed/);
  t.match(lines[2], /merged +was so already/);
  t.match(lines[3], /merged +stays so/);
  const late = told('code.ref_update', { note: 'it stays merged', code_ref, unchanged: true });
  t.match(late, /it stays merged/);
  t.match(late, /\nnothing was written\n/);
  t.notMatch(late, /so already/);
});

t.test('cutting keeps whole characters', async t => {
  t.equal(fit('abcdef', 4), 'abc…');
  t.equal(textWidth('漢a'), 3);
  t.equal(fit('漢字漢字', 5), '漢字…');
  t.equal(fit('👩‍👩‍👧x', 2), '…');
});
