import t from 'tap';
import type { Outcome } from '../../src/book/enact.ts';
import { adoptionAt } from '../../src/exchange/brought.ts';
import { isId } from '../../src/kernel/ids.ts';
import type { FileChange } from '../../src/kernel/view.ts';
import { Overlay, View } from '../../src/kernel/view.ts';
import { genesisFiles } from '../../src/rooms/ledger/genesis.ts';
import { contextAtPort, historyPort, type WalkedRow } from '../../src/rooms/logbook/ports.ts';
import { nothing } from '../../src/rooms/nothing.ts';
import { outFile } from '../../src/rooms/out.ts';
import { Order } from '../../src/rooms/releases/order.ts';
import { releaseRecord } from '../../src/rooms/releases/record.ts';
import { proofRecord } from '../../src/rooms/tasks/proofs.ts';
import { ada, bob, eve, type Person, T0, TestOffice, type Turn } from './office.ts';

/** A ledger that keeps its history: what changed by each entry, and the state behind it. */
class Kept extends TestOffice {
  readonly rows: WalkedRow[] = [];
  readonly #files: FileChange[][] = [];

  static async begin(): Promise<Kept> {
    const office = new Kept();
    await office.does('ledger.init', { namespace: 'refs/ledgenter' }, eve);
    return office;
  }

  override async outcome(op: string, input: object, who: Person, turn: Turn = {}): Promise<Outcome> {
    const outcome = await super.outcome(op, input, who, turn);
    if (outcome.kind !== 'lawful') return outcome;
    this.#files.push(outcome.files);
    const { at, actor, run } = this.entries.at(-1)!;
    const named = outcome.changes.map(({ def, id }) => (def.letter === '' ? `${def.room}/${id}` : id));
    const tasks = outcome.changes
      .map(({ id, parent }) => (isId('t', id) ? id : parent))
      .filter(id => isId('t', id ?? ''));
    const oid = String(this.rows.length).padStart(40, '0');
    const row = { entry: oid, oid, at, actor, run: run[0]!, op, says: op, records: named, tasks: tasks as string[] };
    this.rows.push({ ...row, tasks: [...new Set(row.tasks)] });
    return outcome;
  }

  ports(count = this.rows.length): Record<string, unknown> {
    return {
      [historyPort.name]: { walk: () => this.rows.slice(0, count).reverse() },
      [contextAtPort.name]: (oid: string) => {
        const upTo = this.rows.findIndex(row => row.oid === oid) + 1;
        const state = new Overlay(nothing, [...genesisFiles('main'), ...this.#files.slice(0, upTo).flat()]);
        return { ...this.context(ada, this.ports(upTo)), view: new View(state) };
      },
    };
  }

  async finishes(title: string, who: Person = ada, turn: Turn = {}): Promise<string> {
    const id = await this.creates({ title }, who);
    await this.does('task.claim', { task_id: id }, who);
    await this.does('task.update', { task_id: id, status: 'done', note: `${title}: done` }, who, turn);
    return id;
  }

  tags(version: string, input: object = {}, who: Person = ada) {
    return this.does('release.tag', { version, ...input }, who);
  }

  // biome-ignore lint/suspicious/noExplicitAny: an answer
  changelog(version: string, input: object = {}): Promise<any> {
    return this.asks('release.changelog', { version, ...input }, ada, this.ports());
  }

  async told(version: string, input: object = {}): Promise<string[]> {
    const { pack } = await this.changelog(version, { ...input, format: 'json' });
    return pack.tasks.map(({ id }: { id: string }) => id);
  }
}

t.test('a changelog tells what was finished between two releases, by the order of the book', async t => {
  const office = await Kept.begin();
  const one = await office.finishes('One');
  // A clock that goes wrong, and an entry that landed late: neither decides what a release has.
  const two = await office.finishes('Two', bob, { at: T0 - 5_000_000 });
  await office.tags('0.1.0', { at_task: two });
  const three = await office.finishes('Three', ada, { at: T0 - 9_000_000 });
  const four = await office.finishes('Four');
  const open = await office.creates({ title: 'Not yet' });
  await office.does('task.update', { task_id: open, status: 'cancelled', reason: 'no' });
  await office.does('task.note', { task_id: one, kind: 'comment', text: 'said later' }, bob);
  await office.tags('0.2.0', { at_task: three, after: '0.1.0' });

  t.same(await office.told('0.1.0'), [one, two]);
  t.same(await office.told('0.2.0'), [three]);
  t.same(await office.told('0.3.0'), [four], 'what is not tagged yet goes on from the newest');
  t.same(await office.told('next', { since: '0.1.0' }), [three, four]);
  t.same(await office.told('next', { since: '0.1.0', until_task: three }), [three]);

  await office.does('task.update', { task_id: two, status: 'open', reason: 'broken' }, eve);
  await office.does('task.claim', { task_id: two }, bob);
  await office.does('task.update', { task_id: two, status: 'done' }, bob);
  t.same(await office.told('0.1.0'), [one, two], 'what was released stays so');
  t.same(await office.told('0.3.0'), [four, two], 'and comes again with what finished it anew');
  const before = await office.changelog('0.1.0');
  await office.does('task.update', { task_id: one, title: 'Another title' });
  t.same(await office.changelog('0.1.0'), before, 'told as it was when it was tagged');

  t.match(await office.refusal('release.tag', { version: '0.3.0', at_task: two, after: '0.2.0' }), { code: 'lawful' });
  await t.rejects(office.changelog('0.2.0', { until_task: four }), { code: 'BAD_INPUT' });
  await t.rejects(office.changelog('0.2.0', { since: '0.2.0' }), { code: 'BAD_INPUT' });
  await t.rejects(office.changelog('0.1.0', { since: '0.2.0' }), { code: 'BAD_INPUT' });
  await t.rejects(office.changelog('9.0', { until_task: open }), { code: 'REFUSED' });
  await t.rejects(office.changelog('9.0', { since: '8.0' }), { code: 'NOT_FOUND' });
});

t.test('a release is tagged once, in a row, at finished work', async t => {
  const office = await Kept.begin();
  const [one, two] = [await office.finishes('One'), await office.finishes('Two')];
  const open = await office.creates();
  const refused = (version: string, input: object, who = ada) =>
    office.refusal('release.tag', { version, ...input }, who);
  t.match(await refused('1.0', {}), { code: 'REFUSED', message: /a finished task or a commit/ });
  t.match(await refused('1.0', { at_task: open }), { code: 'REFUSED', message: /is open/ });
  t.match(await refused('1.0', { at_task: 't-0000000000' }), { code: 'NOT_FOUND' });
  t.match(await refused('1.0', { at_task: one, git_tag: true }), { code: 'REFUSED', message: /at a commit/ });
  await office.tags('1.0', { at_task: one, note: 'first' });
  const entries = office.entries.length;
  await office.tags('1.0', { at_task: one, note: 'first' }, bob);
  t.equal(office.entries.length, entries, 'the same again is nothing new');
  t.match(await refused('1.0', { at_task: two, after: '1.0' }), {
    code: 'REFUSED',
    message: /was tagged by ada as something else/,
    hint: 'ledgenter release get 1.0',
  });
  t.match(await refused('1.1', { at_task: two }), { code: 'BUSY', message: /1\.0 is the newest release meanwhile/ });
  t.match(await refused('1.1', { at_task: one, after: '1.0' }), { code: 'REFUSED', message: /1\.0 lies at/ });
  await office.tags('1.1', { at_commit: 'c'.repeat(40), after: '1.0' }, bob);
  t.match(await office.asks('release.query', {}), {
    releases: [
      { version: '1.1', previous: '1.0', by: 'bob' },
      { version: '1.0', note: 'first' },
    ],
    total: 2,
  });
  t.match(await office.asks('release.query', { limit: 1 }), { releases: [{ version: '1.1' }], cursor: '1.1' });
  t.match(await office.asks('release.query', { cursor: '1.1' }), { releases: [{ version: '1.0' }] });
  t.match(await office.asks('release.get', { version: '1.0' }), {
    release: { version: '1.0', at_task: one, at_task_title: 'One', followed_by: '1.1' },
    hints: { next: 'ledgenter release changelog 1.0' },
  });
  await t.rejects(office.asks('release.get', { version: '2.0' }), { code: 'NOT_FOUND' });
  t.same(await office.told('1.1'), [two], 'without a task it ends where it was tagged');
});

t.test('laws name forged releases', async t => {
  const office = await Kept.begin();
  const [one, two] = [await office.finishes('One'), await office.finishes('Two')];
  await office.tags('1.0', { at_task: two });
  const end = (await office.task(two)).finished_at;
  const forged = async (version: string, patch: object, who = ada, more: FileChange[] = []) => {
    const intent = office.intent('release.tag', {}, who);
    const finished_at = (await office.task(one)).finished_at;
    const record = { at_task: one, finished_at, previous: '1.0', by: who.actor, at: intent.at, ...patch };
    const file = releaseRecord.put(version, JSON.parse(JSON.stringify(record)));
    return (await office.forge([...(await office.enrolled(intent)), file, ...more], intent))?.law ?? 'lawful';
  };
  t.equal(await forged('1.1', {}), 'lawful', 'as it should be: the order of the book is told by the history alone');
  t.equal(await forged('1.1', { by: 'bob' }), 'release.form');
  t.equal(await forged('1.1', { at: new Date(T0).toISOString() }), 'release.form');
  t.equal(await forged('1.1', { at_task: undefined }), 'release.form');
  t.equal(await forged('1.1', { finished_at: end }), 'release.form');
  t.equal(await forged('1.1', { git_tag: true }), 'release.form');
  t.equal(await forged('1.1', { at_commit: 'HEAD' }), 'record.schema');
  t.equal(await forged('1.1', { previous: undefined }), 'release.forward');
  t.equal(await forged('1.1', { previous: '0.9' }), 'release.forward');
  t.equal(await forged('1.1', { at_task: two, finished_at: end }), 'release.forward');
  t.equal(await forged('1.0', { note: 'better' }), 'append-only');
  const intent = office.intent('release.tag', {}, ada);
  const second = { at_commit: 'c'.repeat(40), previous: '1.0', by: 'ada', at: intent.at };
  t.equal(await forged('1.1', {}, ada, [releaseRecord.put('1.2', second)]), 'release.form');
  t.same(await office.broken([releaseRecord.put('1.1', second), releaseRecord.put('1.2', second)], intent), [
    'release.forward',
  ]);

  await office.does('ledger.policy', { release_by: 'human' }, eve);
  t.equal(await forged('1.1', {}), 'release.who');
  t.match(await office.refusal('release.tag', { version: '1.1', at_task: one, after: '1.0' }), { code: 'HUMAN_ONLY' });
  t.equal(await forged('1.1', {}, eve), 'lawful');
  await office.does('ledger.policy', { release_by: 'maintainer' }, eve);
  t.match(await office.refusal('release.tag', { version: '1.1', at_task: one, after: '1.0' }), {
    code: 'NOT_MAINTAINER',
  });
  t.match(await office.refusal('release.tag', { version: '1.1', at_task: one, after: '1.0' }, eve), { code: 'lawful' });
});

t.test('the pack says what was done, shown and decided, and the same each time', async t => {
  const office = await Kept.begin();
  const old = await office.does('decision.log', { title: 'Clock', choice: 'local time', rationale: 'simple' });
  await office.tags('0.9', { at_task: await office.finishes('Before') });
  const id = await office.creates({
    title: 'Wire *the* sweeper',
    labels: ['ops'],
    acceptance_criteria: [{ text: 'sweeps' }, { text: 'is fast', check: 'npm run fast' }],
  });
  await office.does('task.claim', { task_id: id });
  const sha = 'd'.repeat(40);
  await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha });
  await office.does('task.check', { task_id: id, criterion: 'c1' });
  const facts = { criterion: 'c2', exit_code: 0, duration_ms: 5, commit: sha, clean: true, output_bytes: 0 };
  const task = await office.task(id);
  const { checkHash } = await import('../../src/rooms/tasks/proofs.ts');
  const digest = { check_sha256: checkHash(task.criteria[1]!), output_sha256: 'e'.repeat(64) };
  await office.does('task.proof', { task_id: id, ...facts, ...digest });
  await office.does('task.note', { task_id: id, text: 'only thinking' });
  await office.does('task.update', { task_id: id, status: 'done', note: 'Swept <b>every</b> minute\n![x](http://x)' });
  await office.does('decision.log', { title: 'Clock', choice: 'UTC', rationale: 'zones', supersedes: old.decision_id });
  const change = 'infra/run.sh:run:restarted';
  const record = { title: 'Restart', summary: 'Restarted it', changes: [change], evidence: 'it answers' };
  const { task_id: recorded } = await office.does('task.record', record, bob);
  t.ok((await office.view.all(proofRecord, id)).length === 1);

  const { pack } = await office.changelog('1.0', { format: 'json' });
  t.match(pack, {
    version: '1.0',
    since: '0.9',
    counts: { tasks: 2, recorded: 1, imported: 0, decisions: 1 },
    tasks: [
      {
        id,
        by: 'ada',
        labels: ['ops'],
        resolutions: [{ by: 'ada', text: /^Swept/ }],
        criteria: [
          { text: 'sweeps', met_by: 'ada' },
          { text: 'is fast', check: 'npm run fast', proven_at: sha },
        ],
        code: { refs: [{ ref_type: 'commit', name: sha }] },
      },
      { id: recorded, recorded: true, recorded_work: { changes: [{ path: 'infra/run.sh' }], evidence: 'it answers' } },
    ],
    decisions: [{ choice: 'UTC', supersedes: { id: old.decision_id, title: 'Clock' } }],
  });
  const { markdown } = await office.changelog('1.0');
  t.equal((await office.changelog('1.0')).markdown, markdown);
  t.match(
    markdown,
    /^# Changelog source: 1\.0\n\nsince 0\.9, not tagged yet\. 2 tasks finished \(1 recorded afterwards\)/,
  );
  t.match(markdown, `- **Wire \\*the\\* sweeper** (${id}; ops; by ada)`);
  t.match(markdown, '  - Swept \\<b>every\\</b> minute !\\[x](http://x) (ada)', 'it starts nothing in a page');
  t.match(markdown, '  - holds: is fast (ada), proven by `npm run fast` at `dddddddddddd`');
  t.match(markdown, '  - code: commit `dddddddddddd`');
  t.match(markdown, '(bob)\n  - run `infra/run.sh`: restarted\n  - evidence, as recorded: it answers');
  t.match(markdown, `in place of ${old.decision_id} (Clock)): UTC`);
  t.notMatch(markdown, /only thinking|local time/);
});

t.test('what does not fit is counted', async t => {
  const office = await Kept.begin();
  for (let n = 0; n < 40; n++) {
    const changes = Array.from({ length: 20 }, (_, i) => `src/${n}/${i}.ts:edit:${'w'.repeat(500)}`);
    await office.does('task.record', { title: `Task ${n}`, summary: 's'.repeat(600), changes });
  }
  const answer = await office.changelog('1.0');
  t.match(answer, { truncated: true, counts: { tasks: 40 } });
  t.ok(answer.left_out.tasks > 0 && answer.left_out.tasks < 40);
  t.ok(answer.markdown.length < 130_000, `${answer.markdown.length} characters`);
  t.match(answer.markdown, `${answer.left_out.tasks} more tasks left out: take a smaller span.`);
});

t.test('a file is asked for by its name and told', async t => {
  const office = await Kept.begin();
  await office.finishes('One');
  const written: unknown[] = [];
  const ports = {
    ...office.ports(),
    [outFile.name]: {
      write(...given: unknown[]) {
        written.push(given);
        return 'written';
      },
    },
  };
  const answer = await office.asks('release.changelog', { version: '1.0', output: 'log.md' }, ada, ports);
  t.match(answer, { version: '1.0', output: 'log.md', counts: { tasks: 1 } });
  t.notOk('markdown' in answer);
  t.match(written, [['log.md', /^# Changelog source: 1\.0/, false]]);
});

t.test('what an import brought as done came in with its entry', async t => {
  const office = await Kept.begin();
  await office.tags('0.1', { at_task: await office.finishes('Ours') });
  const issue = { ref: 'beads:web/b-1', title: 'Theirs', status: 'done', created_at: '2020-01-01T00:00:00.000Z' };
  const tasks = [
    {
      ...issue,
      created_by: 'zoe',
      updated_at: '2020-01-02T00:00:00.000Z',
      finished_at: '2020-01-02T00:00:00.000Z',
      priority: 2,
    },
  ];
  await office.does('import.beads', { tasks });
  const order = await Order.of(office.context(ada, office.ports()));
  t.equal((await order.between(office.context(ada), -1, office.rows.length)).length, 2);
  t.equal((await office.told('0.2')).length, 1);
  const there = await Kept.begin();
  const id = await there.finishes('In a branch');
  await office.does('ledger.adopt', await adoptionAt('feature-a', there.view, 'c'.repeat(40), id));
  t.equal((await office.told('0.2'))[1], id, 'and what was adopted, where it was adopted');
});
