import t from 'tap';
import { adoptionAt } from '../../src/exchange/brought.ts';
import { commandsIn } from '../../src/exchange/trust.ts';
import type { Intent } from '../../src/kernel/entry.ts';
import type { FileChange } from '../../src/kernel/view.ts';
import { actorRecord } from '../../src/rooms/actors/record.ts';
import { ledgerRecord } from '../../src/rooms/ledger/record.ts';
import { planRecord, verdictRecord } from '../../src/rooms/plans/record.ts';
import { projectRecord } from '../../src/rooms/projects/record.ts';
import { type Adoption, digestOf, folderOf } from '../../src/rooms/tasks/adopted.ts';
import { askId, askRecord } from '../../src/rooms/tasks/asks.ts';
import { attachmentRecord, codeRefRecord, noteRecord, type Task, taskRecord } from '../../src/rooms/tasks/record.ts';
import { todoRecord } from '../../src/rooms/work/record.ts';
import { ada, bob, eve, TestOffice } from './office.ts';

const TIP = 'c'.repeat(40);
const INIT = { namespace: 'refs/ledgenter' };

/** A ledger in which bob did what ada asked for, and one that knows nothing of it. */
async function two(task: object = {}) {
  const [there, here] = [new TestOffice(), new TestOffice()];
  for (const office of [there, here]) await office.does('ledger.init', INIT, eve);
  const id = await there.creates({ title: 'Sweep the queue', acceptance_criteria: [{ text: 'it is empty' }], ...task });
  await there.does('task.claim', { task_id: id }, bob);
  await there.does('task.note', { task_id: id, text: 'two leases were stuck', kind: 'resolution' }, bob);
  await there.does('task.check', { task_id: id, criterion: 'c1', met: true }, bob);
  await there.does('task.code_ref', { task_id: id, ref_type: 'commit', sha: 'a'.repeat(40) }, bob);
  await there.does('attach.add', { task_id: id, name: 'run.log', content: 'all 312 passed' }, bob);
  const said = (name = id) => adoptionAt('feature-a', there.view, TIP, name);
  const adopts = async (who = ada, name = id) => here.does('ledger.adopt', await said(name), who);
  return { there, here, id, said, adopts };
}

/** The files that an office would write for an intent, so that a forger can begin with lawful ones. */
async function filesOf(here: TestOffice, input: object, who = ada): Promise<{ files: FileChange[]; intent: Intent }> {
  const twin = new TestOffice();
  twin.state.apply(await all(here));
  const outcome = await twin.outcome('ledger.adopt', input, who);
  if (outcome.kind !== 'lawful') throw new Error(outcome.kind === 'refused' ? outcome.error.message : outcome.kind);
  return { files: outcome.files, intent: outcome.entry.intent };
}

async function all({ state }: TestOffice, folder = ''): Promise<FileChange[]> {
  const out: FileChange[] = [];
  for (const name of await state.list(folder)) {
    const path = folder === '' ? name : `${folder}/${name}`;
    const text = await state.read(path);
    if (text === undefined) out.push(...(await all({ state } as TestOffice, path)));
    else out.push({ path, text });
  }
  return out;
}

t.test('a task comes over once, with its records, ids, authors and times, and held by nobody', async t => {
  const { there, here, id, adopts, said } = await two();
  t.same(await adopts(), { task_id: id });
  const [was, is] = [await there.task(id), await here.task(id)];
  t.match(is, { title: 'Sweep the queue', status: 'open', assignee: 'bob', created_by: 'ada', imported: true });
  t.equal(is.hold, undefined, 'never a claim');
  t.same(is.criteria, was.criteria, 'who met what, and when');
  t.match(is.adopted, { ledger: 'feature-a', tip: TIP, status: 'in_progress', records: 3, by: 'ada' });
  for (const kind of [noteRecord, codeRefRecord, attachmentRecord] as const)
    t.same(await here.view.all(kind as never, id), await there.view.all(kind as never, id), kind.kind);
  const entries = here.entries.length;
  await there.does('task.note', { task_id: id, text: 'later' }, bob);
  t.equal((await here.outcome('ledger.adopt', await said(), bob)).kind, 'same', 'once, whatever came since');
  t.equal(here.entries.length, entries);
  await here.does('task.claim', { task_id: id }, bob);
  await here.does('task.update', { task_id: id, status: 'done' }, bob);
  t.match(
    await here.task(id),
    { status: 'done', adopted: { ledger: 'feature-a' } },
    'and it is worked on as any other',
  );
});

t.test('a validation, its waivers and what asks for it come along, and count as far as they go', async t => {
  const { there, here, id, adopts } = await two();
  const [kept, lost] = [await there.creates({ title: 'Elsewhere' }, eve), await there.creates({ title: 'Left' }, eve)];
  await here.does('ledger.adopt', await adoptionAt('feature-a', there.view, TIP, kept), ada);
  await there.does('ledger.policy', { validation_required: true }, eve);
  await there.does('task.update', { task_id: id, status: 'in_review' }, bob);
  for (const on of [kept, lost]) {
    await there.does('require.add', { task_id: id, on }, eve);
    await there.does('require.waive', { task_id: id, on, reason: 'not for this' }, eve);
  }
  await there.does('validate.finish', { task_id: id, result: 'failed', summary: 'it is not empty' }, ada);
  await adopts();
  t.match(await here.task(id), { depends_on: [kept], waived: [kept], validation_required: true, workers: ['bob'] });
  const { waivers } = (await here.asks('task.get', { task_id: id })) as { waivers: object[] };
  t.match(waivers, [{ of: kept }, { of: lost, outdated: true }]);
  await here.does('task.claim', { task_id: id }, bob);
  t.match(await here.refusal('task.update', { task_id: id, status: 'done' }, bob), {
    code: 'GATE',
    message: /the last round failed/,
  });
  await here.does('task.update', { task_id: id, status: 'in_review' }, bob);
  t.match(await here.refusal('validate.finish', { task_id: id, result: 'blocked', summary: 'so' }, bob), {
    law: 'validation.worker',
  });
});

t.test(
  'done stays done as the word of the other ledger, and its gates stay for the day it is opened again',
  async t => {
    const { there, here, id, adopts } = await two({ requires_evidence: true });
    await there.does('task.update', { task_id: id, status: 'done' }, bob);
    await adopts();
    t.match(await here.task(id), {
      status: 'done',
      imported: true,
      requires_evidence: true,
      adopted: { status: 'done' },
    });
    await here.does('task.update', { task_id: id, status: 'open', reason: 'not so' }, eve);
    t.match(await here.task(id), { status: 'open', requires_evidence: true, adopted: { status: 'done' } });
  },
);

t.test('what its project and ledger asked of it there, it asks of itself here', async t => {
  const { there, here } = await two();
  await there.does('project.create', { project: 'web', title: 'Web', policy: { resolution_required: true } }, eve);
  await there.does('ledger.policy', { requires_evidence: true }, eve);
  const id = await there.creates({ project: 'web' });
  await here.does('ledger.adopt', await adoptionAt('feature-a', there.view, TIP, id), ada);
  t.match(await here.task(id), { project: 'web', requires_evidence: true, resolution_required: true });
  t.match(await here.view.get(projectRecord, 'web'), { title: 'web', created_by: 'ada' });
});

t.test('what other rooms keep of it comes along as it is: a plan that was accepted, todos', async t => {
  const { there, here, id } = await two();
  await there.does('project.create', { project: 'web', title: 'Web', policy: { plan_required: true } }, eve);
  const sha256 = 'd'.repeat(64);
  const [by, at] = ['bob', '2026-03-02T09:00:00.000Z'];
  const plan = {
    version: 1,
    goal: 'g',
    criteria: [],
    todos: [],
    files: [],
    test_commands: [],
    expected_outputs: [],
    by,
    at,
  };
  const verdict = {
    version: 1,
    plan_sha256: sha256,
    questions_sha256: sha256,
    decision: 'accept',
    note: 'n',
    by: 'eve',
    at,
  };
  const todo = { text: 'wire it', status: 'done', plan: 1, by, at, updated_by: by, updated_at: at };
  there.state.apply([
    planRecord.put('v1', plan, id),
    verdictRecord.put('y-0123456789', verdict as never, id),
    todoRecord.put('todo-1', todo as never, id),
    taskRecord.put(id, { ...(await there.task(id)), project: 'web', plan: { version: 1, sha256 }, todos_made: 1 }),
  ]);
  await here.does('ledger.adopt', await adoptionAt('feature-a', there.view, TIP, id), ada);
  t.match(await here.task(id), { plan: { version: 1, sha256 }, todos_made: 1, plan_required: true });
  t.same(await here.view.get(planRecord, 'v1', id), plan);
  t.match(await here.view.get(verdictRecord, 'y-0123456789', id), { decision: 'accept', by: 'eve' });
  t.match(await here.view.get(todoRecord, 'todo-1', id), { status: 'done', by: 'bob' });
});

t.test('what it named there and is not here is left, and said so; a reference has one owner', async t => {
  const { there, here } = await two();
  const [parent, first] = [await there.creates({ title: 'The whole' }), await there.creates({ title: 'First' })];
  const origin = 'github:acme/web#7';
  const asks = { origin_ask_ref: origin, also_asked: ['cli:mine', 'cli:taken'], title: 'Asked' };
  const id = String((await there.does('task.ask', asks, ada)).task_id);
  await there.does('task.link', { task_id: id, kind: 'parent', to: parent }, ada);
  await there.does('task.link', { task_id: first, kind: 'blocks', to: id }, ada);
  await here.does('task.ask', { origin_ask_ref: 'cli:taken', title: 'Ours' }, ada);
  await here.does('ledger.adopt', await adoptionAt('feature-a', there.view, TIP, first), ada);
  await here.does('ledger.adopt', await adoptionAt('feature-a', there.view, TIP, id), ada);
  const is = await here.task(id);
  t.match(is, { origin_ask_ref: origin, parent: undefined, depends_on: [first], also_asked: ['cli:mine'] });
  t.same(is.adopted?.left, ['cli:taken', parent]);
  t.match(await here.view.get(askRecord, askId('cli:mine')), { task_id: id });
  const again = { origin_ask_ref: origin, title: 'Once more' };
  t.equal((await here.outcome('task.ask', again, bob)).kind, 'same', 'asked again, it is the one');
});

t.test('a task that is here is not brought again', async t => {
  const { here, there } = await two();
  const id = await here.creates();
  t.match(await here.refusal('ledger.adopt', await adoptionAt('b', here.view, TIP, id), ada), {
    code: 'REFUSED',
    message: /in this ledger already/,
  });
  const other = await there.creates();
  await here.does('ledger.adopt', await adoptionAt('feature-a', there.view, TIP, other), ada);
  t.match(await here.refusal('ledger.adopt', await adoptionAt('b', there.view, TIP, other), ada), {
    code: 'REFUSED',
    message: /from feature-a/,
  });
});

t.test('bytes that do not come along, or are others, are refused', async t => {
  const { here, said } = await two();
  const good = await said();
  const less = { ...good, contents: good.contents.slice(1) };
  t.match(await here.refusal('ledger.adopt', less, ada), { code: 'BAD_INPUT' });
  const other = good.contents.map(one => ({ ...one, text: one.text?.replace('stuck', 'fine') ?? null }));
  t.match(await here.refusal('ledger.adopt', { ...good, contents: other }, ada), { code: 'BAD_INPUT' });
  const noBytes = good.contents.filter(({ path }) => !path.startsWith('blobs/'));
  t.match(await here.refusal('ledger.adopt', { ...good, contents: noBytes }, ada), { message: /bytes of/ });
});

t.test('task.adopted, adoption.records: a forged adoption is named', async t => {
  const { here, id, said } = await two();
  const { files, intent } = await filesOf(here, await said());
  const law = async (changed: FileChange[], by: Intent = intent) => (await here.forge(changed, by))?.law ?? 'lawful';
  t.equal(await law(files), 'lawful');
  const taskPath = taskRecord.path(id);
  const record = JSON.parse(files.find(({ path }) => path === taskPath)!.text!) as Task;
  const instead = (patch: object) =>
    files.map(one => (one.path === taskPath ? taskRecord.put(id, { ...record, ...patch }) : one));
  t.equal(await law(instead({ title: 'Another' })), 'task.adopted');
  t.equal(await law(instead({ adopted: { ...record.adopted!, by: 'eve' } })), 'task.adopted', 'who brought it');
  t.equal(await law(instead({ adopted: undefined })), 'record.id', 'as if it were native');
  t.equal(await law(instead({ imported: undefined })), 'task.adopted');
  t.equal(await law(files.filter(({ path }) => !path.includes('/notes/'))), 'adoption.records', 'a record less');
  const extra = noteRecord.put('n-0000000000', { kind: 'note', text: 'fine', by: 'eve', at: intent.at }, id);
  t.equal(await law([...files, extra]), 'adoption.records', 'a record more');
  const folder = folderOf(id);
  const swapped = files.map(one =>
    one.path.startsWith(`${folder}/notes`) ? { ...one, text: one.text!.replace('bob', 'eve') } : one,
  );
  t.equal(await law(swapped), 'adoption.records', 'by another');
  t.equal(await law(files, here.intent('task.create', {}, ada)), 'record.id', 'under another operation');
  t.equal(await law(files, { ...intent, input: { task_id: id } }), 'task.adopted', 'an entry that says less');
  const second = await here.creates();
  t.equal(await here.breaks(second, { adopted: record.adopted }), 'task.adopted', 'a mark comes with the task');
  const native = here.intent('ledger.adopt', { ...(await said()), contents: undefined, task_id: second }, ada);
  const into = noteRecord.put('n-0000000000', { kind: 'note', text: 'fine', by: 'eve', at: native.at }, second);
  t.equal(await law([into], native), 'adoption.records', 'nothing is brought into a task that is here');
});

t.test('the mark of an adopted task stays', async t => {
  const { here, id, adopts } = await two();
  await adopts();
  t.equal(await here.breaks(id, { adopted: undefined }), 'task.adopted');
  t.equal(await here.breaks(id, { imported: undefined }), 'task.imported');
});

t.test(
  'adoption.vouched: where entries are signed, approvals of another ledger need a person or a maintainer',
  async t => {
    const { here, said } = await two();
    const before = (await here.view.get(ledgerRecord, 'ledger'))!;
    here.state.apply([ledgerRecord.put('ledger', { ...before, policies: { require_signatures: true } })]);
    const keyed = { type: 'ssh' as const, key: 'k', added_at: '2026-03-02T09:00:00.000Z' };
    for (const [actor, kind, role] of [
      ['ada', 'agent', 'member'],
      ['eve', 'human', 'maintainer'],
    ] as const)
      here.state.apply([
        actorRecord.put(actor, {
          kind,
          role,
          created_at: keyed.added_at,
          keys: [{ ...keyed, fingerprint: `f-${actor}` }],
        }),
      ]);
    const adoption: Adoption & { contents: FileChange[] } = await said();
    t.match(await here.refusal('ledger.adopt', adoption, ada, { signature: 'good:f-ada' }), {
      code: 'HUMAN_ONLY',
      law: 'adoption.vouched',
    });
    t.match(await here.refusal('ledger.adopt', adoption, eve), { code: 'NOT_SIGNED' });
    t.match(await here.refusal('ledger.adopt', adoption, eve, { signature: 'good:f-eve' }), { code: 'lawful' });
  },
);

t.test('commands of a task that was brought are nobody’s own here', async t => {
  const { there, here } = await two();
  const id = await there.creates({ acceptance_criteria: [{ text: 'green', check: 'npm test' }] });
  const outcome = await here.outcome('ledger.adopt', await adoptionAt('feature-a', there.view, TIP, id), ada);
  if (outcome.kind !== 'lawful') throw new Error(outcome.kind);
  t.same(commandsIn(outcome.changes), [], 'whoever adopts it did not write them, and does not trust them by it');
});

t.test('the digest is over paths and bytes', t => {
  const files = [{ path: 'notes/a.json', text: '{}\n' }];
  t.not(digestOf(files), digestOf([{ path: 'notes/b.json', text: '{}\n' }]));
  t.not(digestOf(files), digestOf([{ path: 'notes/a.json', text: '{ }\n' }]));
  t.end();
});
