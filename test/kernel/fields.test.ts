import t from 'tap';
import * as z from 'zod/mini';
import * as fields from '../../src/kernel/fields.ts';

/** The first problem that a schema finds, `undefined` for none. */
function problem(schema: z.ZodMiniType, value: unknown): string | undefined {
  const parsed = schema.safeParse(value);
  return parsed.success ? undefined : parsed.error.issues[0]!.message;
}
const FACE = '\u{1f600}';

t.test('title: one line, not blank, 200 characters', async t => {
  const title = fields.title();
  for (const good of ['a', 'x'.repeat(200), FACE.repeat(200), 'a\tb', ' padded '])
    t.equal(problem(title, good), undefined);
  t.equal(problem(title, ' \t '), 'is empty');
  t.equal(problem(title, ''), 'is empty');
  t.equal(problem(title, 'x'.repeat(201)), 'is longer than 200 characters');
  t.equal(problem(title, FACE.repeat(201)), 'is longer than 200 characters', 'characters, not UTF-16 units');
  for (const line of ['a\nb', 'a\rb', 'a\u2028b', 'a\u2029b']) t.equal(problem(title, line), 'has a line break');
  for (const bad of ['a\u0000', '\ud800', 'a\udc00'])
    t.equal(problem(title, bad), 'has a NUL or half a surrogate pair');
  t.ok(problem(title, 7));
  t.ok(problem(title, 'x'.repeat(1_000_000)));
});

t.test('text: 64 KB of UTF-8, not blank, offered in an editor', async t => {
  const text = fields.text();
  t.equal(problem(text, 'a\r\nb'), undefined);
  t.equal(problem(text, 'x'.repeat(65_536)), undefined);
  t.equal(problem(text, 'x'.repeat(65_537)), 'is longer than 64 KB');
  t.equal(problem(text, 'é'.repeat(32_769)), 'is longer than 64 KB', 'bytes, not characters');
  t.equal(problem(text, '\n \n'), 'is empty');
  t.equal(problem(text, 'a\u0000b'), 'has a NUL or half a surrogate pair');
  t.match(fields.infoOf(z.optional(text)), { long: true });
});

t.test('word: a short one-liner', async t => {
  t.equal(problem(fields.word(), 'needs review'), undefined);
  t.equal(problem(fields.word(3), FACE.repeat(3)), undefined);
  t.equal(problem(fields.word(3), 'abcd'), 'is longer than 3 characters');
  t.equal(problem(fields.word(), 'a\nb'), 'has a line break');
  t.equal(problem(fields.word(), ''), 'is empty');
});

t.test('key: lower-cased and trimmed, legal on every file system', async t => {
  t.equal(fields.key().parse(' Web-App '), 'web-app');
  for (const bad of ['', '..', 'a/b', 'CON', 'x'.repeat(65), 'a b', '-a', 'ä'])
    t.match(problem(fields.key(), bad), /is no key/);
  t.match(fields.infoOf(z.optional(fields.key())), { key: true });
});

t.test('time, date, duration: what is meant, or what is wrong', async t => {
  t.equal(fields.time().parse('2026-01-31T10:00:00+01:00'), '2026-01-31T09:00:00.000Z');
  t.match(problem(fields.time(), 'tomorrow'), /RFC 3339/);
  t.equal(problem(fields.date(), '2026-02-29'), 'is no date (2026-01-31)');
  t.equal(problem(fields.date(), '2024-02-29'), undefined);
  t.equal(problem(fields.duration(), '15m'), undefined);
  for (const bad of ['0s', '-1h', '1 hour', ''])
    t.equal(problem(fields.duration(), bad), 'is no duration (90s, 15m, 1h)');
});

t.test('oid, limit, id, actor, choice', async t => {
  t.equal(problem(fields.oid(), '13191c3'), undefined);
  for (const bad of ['13191c', '13191C3', 'x'.repeat(40), `${'a'.repeat(65)}`])
    t.equal(problem(fields.oid(), bad), 'is no commit id');
  for (const good of [undefined, 1, 200]) t.equal(problem(fields.limit(), good), undefined);
  for (const bad of [0, 201, 1.5, '20']) t.ok(problem(fields.limit(), bad));
  t.equal(problem(fields.idOf('task'), 't-7k3q'), undefined);
  t.ok(problem(fields.idOf('task'), 'x'.repeat(65)));
  t.ok(problem(fields.actor(), ''));
  t.equal(problem(fields.choice(['open', 'done']), 'open'), undefined);
  t.ok(problem(fields.choice(['open', 'done']), 'Open'));
});

t.test('a mark is seen through every wrapper', async t => {
  const id = fields.idOf('task');
  for (const wrapped of [
    id,
    z.optional(id),
    z.nullable(id),
    z.array(id),
    z.optional(z.array(id)),
    z._default(id, 't-0000'),
  ]) {
    t.same(fields.infoOf(wrapped), { id: 'task', machine: true });
  }
  t.same(fields.infoOf(z.string()), {});
  t.same(fields.infoOf(z.strictObject({ id })), {}, 'an object is not what it holds');
  t.same(fields.infoOf(fields.mark(z.array(id), { long: true })), { long: true }, 'the outer mark wins');
  t.match(fields.infoOf(fields.actor({ unassigned: true })), { actor: true, unassigned: true });
});
