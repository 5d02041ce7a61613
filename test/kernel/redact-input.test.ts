import t from 'tap';
import * as z from 'zod/mini';
import { LedgerError } from '../../src/kernel/errors.ts';
import { actor, choice, duration, idOf, key, mark, oid, text, time, title, word } from '../../src/kernel/fields.ts';
import { redactInput } from '../../src/kernel/redact.ts';
import { Dice } from './dice.ts';

const SECRET = ['gh', 'p_', new Dice(7).text('abcdefghijKLMNOP0123456789', 36)].join('');
const GONE = '[redacted:github-token]';

/** Parses and redacts, as every write does. */
function through<T>(schema: z.ZodMiniType<T>, input: unknown): { input: T; count: number } {
  return redactInput(schema, schema.parse(input));
}

t.test('every free text is redacted, wherever it stands', async t => {
  const schema = z.strictObject({
    title: title(),
    description: z.optional(text()),
    labels: z.array(word()),
    criteria: z.array(z.strictObject({ text: z.string(), check: z.nullable(z.string()) })),
    either: z.union([z.number(), z.string()]),
    pair: z.tuple([z.string(), z.int()]),
    policies: z.record(z.string(), z.union([z.boolean(), z.string()])),
    anything: z.unknown(),
    trimmed: z.pipe(
      z.string(),
      z.transform((value: string) => value.trim()),
    ),
    both: z.intersection(z.looseObject({ a: z.string() }), z.looseObject({ b: z.string() })),
    given: z._default(z.string(), 'nothing'),
    later: z.lazy(() => z.string()),
  });
  const { input, count } = through(schema, {
    title: SECRET,
    description: `a ${SECRET} b`,
    labels: ['x', SECRET],
    criteria: [
      { text: SECRET, check: null },
      { text: 'fine', check: `run ${SECRET}` },
    ],
    either: SECRET,
    pair: [SECRET, 3],
    policies: { [SECRET]: true, note: SECRET },
    anything: { deep: [SECRET, 1, null, { [SECRET]: SECRET }] },
    trimmed: ` ${SECRET} `,
    both: { a: SECRET, b: SECRET },
    given: SECRET,
    later: SECRET,
  });
  t.notOk(JSON.stringify(input).includes(SECRET), JSON.stringify(input));
  t.equal(JSON.stringify(input).split(GONE).length - 1, 17);
  t.equal(count, 17);
  t.same(input.labels, ['x', GONE]);
  t.same(input.policies, { [GONE]: true, note: GONE });
  t.same(input.pair, [GONE, 3]);
});

t.test("a machine's field is left alone", async t => {
  const schema = z.strictObject({
    task_id: z.optional(idOf('task')),
    commits: z.array(oid()),
    status: choice(['open', 'done']),
    at: time(),
    lease: duration(),
    raw: mark(z.array(z.string()), { machine: true }),
    n: z.int(),
    yes: z.boolean(),
  });
  const input = {
    task_id: 't-7k3qz0m4xv',
    commits: ['13191c3f0a9d8e7c6b5a49382716054f3e2d1c0b'],
    status: 'open',
    at: '2026-01-31T09:00:00.000Z',
    lease: '1h',
    raw: ['/home/al/x\r\n'],
    n: 1,
    yes: true,
  };
  t.same(through(schema, input), { input, count: 0 });
});

t.test('text is normalised: NFC, line feeds, and no white space at the end of short texts', async t => {
  const schema = z.strictObject({ title: title(), body: text(), label: word() });
  const { input, count } = through(schema, { title: 'Cafe\u0301 \t', body: 'a\r\nb\rc  \r\n', label: 'x ' });
  t.same(input, { title: 'Café', body: 'a\nb\nc  \n', label: 'x' });
  t.equal(count, 0, 'normalising is not redacting');
});

t.test('a name that is a secret is refused, not changed', async t => {
  const schema = z.strictObject({ project: z.optional(key()), assignee: z.optional(actor()) });
  const short = ['gl', 'pat-', new Dice(8).text('abcdefghij0123456789', 20)].join('');
  t.throws(() => through(schema, { project: short }), { code: 'BAD_INPUT', message: /^project: / });
  t.throws(() => through(schema, { assignee: SECRET }), LedgerError);
  t.same(through(schema, { project: 'Web', assignee: 'me' }).input, { project: 'web', assignee: 'me' });
});

t.test('two keys of a record that become one keep their values', async t => {
  const other = SECRET.replace(/.$/, 'Z');
  const { input } = through(z.record(z.string(), z.int()), { [SECRET]: 1, [other]: 2, plain: 3 });
  t.same(input, { [GONE]: 1, [`${GONE}-2`]: 2, plain: 3 });
});

t.test('a key that is called __proto__ is data', async t => {
  const { input } = through(z.unknown(), JSON.parse(`{"__proto__": {"a": "${SECRET}"}}`));
  t.equal(JSON.stringify(input), `{"__proto__":{"a":"${GONE}"}}`);
  t.equal(({} as { a?: string }).a, undefined);
});

t.test('the input itself is not changed, and the answer is redacted for good', async t => {
  const schema = z.strictObject({ title: title(), list: z.array(z.string()) });
  const before = Object.freeze({ title: `see ${SECRET}`, list: Object.freeze(['/home/al/x']) as unknown as string[] });
  const once = redactInput(schema, before, { root: '/srv/app' });
  t.same(once, { input: { title: `see ${GONE}`, list: ['[home]/x'] }, count: 2 });
  t.same(redactInput(schema, once.input), { input: once.input, count: 0 });
  t.same(redactInput(z.array(z.string()), ['/srv/app/x'], { root: '/srv/app' }).input, ['[repo]/x']);
});
