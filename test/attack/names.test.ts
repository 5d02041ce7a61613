import t from 'tap';
import { Stage } from '../e2e/stage.ts';

/** In the form of a token, and none. */
const TOKEN = `ghp_${'a1B2c3D4e5F6g7H8i9J0'.repeat(2).slice(0, 36)}`;

t.test('an idempotency key that no entry can carry is refused, and the ledger goes on', async t => {
  const stage = new Stage(t.testdir());
  const cwd = await stage.repository('one');
  await stage.ok(cwd, ['init']);
  for (const key of ['k'.repeat(201), '', ' ']) {
    const ran = await stage.run(cwd, ['task', 'create', 'never written', `--idempotency-key=${key}`]);
    t.match(ran, { code: 65, answer: { error: { code: 'BAD_INPUT' } } }, `${key.length} characters`);
  }
  t.match(await stage.ok(cwd, ['task', 'create', 'next', `--idempotency-key=${'k'.repeat(200)}`]), { ok: true });
  t.match(await stage.ok(cwd, ['task', 'query']), { total: 1 });
  t.match(await stage.ok(cwd, ['verify']), { verified: true });
});

t.test('a secret given as a key, an actor or an authority reaches no object and no answer', async t => {
  const stage = new Stage(t.testdir());
  const cwd = await stage.repository('one');
  await stage.ok(cwd, ['init']);
  const url = `https://anna:${TOKEN}@git.example.com/team/app.git`;
  const tries = [
    ['task', 'create', 'by key', '--idempotency-key', TOKEN],
    ['task', 'create', 'by actor', '--as', TOKEN],
    ['ledger', 'authority', url],
    ['ledger', 'authority', url.slice('https://'.length)],
  ];
  for (const args of tries) {
    const ran = await stage.run(cwd, args);
    t.match(ran, { code: 65, answer: { error: { code: 'BAD_INPUT' } } }, args.slice(0, 3).join(' '));
    t.notMatch(`${ran.out}${ran.err}`.toLowerCase(), TOKEN.toLowerCase());
  }
  const objects = await stage.git(cwd, 'cat-file', '--batch-all-objects', '--batch');
  t.notMatch(objects.toLowerCase(), TOKEN.toLowerCase());
});

t.test('a home that is no repository leaves the checkout with the ledger it had', async t => {
  const stage = new Stage(t.testdir());
  const cwd = await stage.repository('one');
  await stage.ok(cwd, ['init']);
  await stage.ok(cwd, ['task', 'create', 'mine']);
  for (const home of ['ext::sh -c exit% 1', 'https://git.example.com']) {
    t.match(
      await stage.run(cwd, ['init', '--home', home]),
      { code: 65, answer: { error: { code: 'BAD_INPUT' } } },
      home,
    );
    t.match(await stage.ok(cwd, ['task', 'query']), { total: 1 });
  }
});
