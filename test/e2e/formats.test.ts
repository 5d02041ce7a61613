import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { BOOK, Stage } from './stage.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/ledgers/', import.meta.url));
const files = readdirSync(FOLDER).filter(name => name.endsWith('.bundle'));

t.test('there is a ledger of every format', async t => {
  t.same(files, ['format-1.bundle']);
});

for (const file of files) {
  t.test(`${file}: opens, verifies, reads and goes on`, async t => {
    const stage = new Stage(t.testdir());
    const repo = await stage.repository('old');
    await stage.git(repo, 'fetch', '-q', `${FOLDER}${file}`, `${BOOK}:${BOOK}`);
    const verified = await stage.ok(repo, ['verify']);
    t.same(verified.findings, []);
    t.ok(verified.entries > 40, `${verified.entries} entries`);
    const { tasks } = await stage.ok(repo, ['task', 'query', '--project', 'web']);
    t.match(tasks, [{ title: 'Publish the page', status: 'done' }]);
    const { task, counts } = await stage.ok(repo, ['task', 'get', tasks[0].id]);
    t.match(task, { criteria: [{ id: 'c1', met: true, met_by: 'bob' }], requires_evidence: true });
    t.match(counts, { notes: 1, refs: 1, attachments: 1 });
    t.equal(
      (
        await stage.ok(repo, [
          'task',
          'ask',
          '--origin-ask-ref',
          'https://github.com/Acme/Web/issues/7',
          '--title',
          'Again',
        ])
      ).idempotent_replay,
      true,
      'an old ask is known',
    );
    const made = await stage.ok(repo, ['task', 'create', 'Goes on']);
    t.match(await stage.ok(repo, ['task', 'claim', made.task.id]), { claimed: true });
    t.match(await stage.ok(repo, ['verify']), { verified: true, entries: verified.entries + 2 });
    t.equal(await stage.fsck(repo), '');
  });
}
