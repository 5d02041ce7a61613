import t from 'tap';
import { adoptionAt } from '../../src/exchange/brought.ts';
import { codeRefRecord, noteRecord, type Task } from '../../src/rooms/tasks/record.ts';
import { ada, bob, eve, T0, TestOffice } from './office.ts';

const DEPLOY = { title: 'Deploy 0.4.1', summary: 'Rolled out to production' };
const CHANGE = 'infra/deploy.sh:run:updated the configuration';

async function begin() {
  const office = new TestOffice();
  await office.does('ledger.init', { namespace: 'refs/ledgenter' }, eve);
  const record = async (input: object = {}, who = ada): Promise<string> =>
    String((await office.does('task.record', { ...DEPLOY, ...input }, who)).task_id);
  return { office, record };
}

t.test('work that was done already is entered as done, without a claim, and says so for ever', async t => {
  const { office, record } = await begin();
  await office.does('project.create', { project: 'ops', title: 'Operations' }, eve);
  const id = await record({ changes: [CHANGE], evidence: 'no errors since', project: 'OPS', labels: ['deploy'] });
  const task = await office.task(id);
  t.match(task, {
    status: 'done',
    recorded: true,
    assignee: 'ada',
    project: 'ops',
    labels: ['deploy'],
    changes: [{ path: 'infra/deploy.sh', kind: 'run', what: 'updated the configuration' }],
    evidence: 'no errors since',
    created_at: task.finished_at,
  });
  t.equal(task.hold, undefined);
  t.match(await office.view.all(noteRecord, id), [
    { record: { kind: 'resolution', text: 'Rolled out to production', by: 'ada' } },
  ]);
  t.match(await office.shows('task.record', { task_id: id }, {}), { task: { id, status: 'done', recorded: true } });

  await office.does('task.update', { task_id: id, status: 'open', reason: 'it broke at night' }, eve);
  await office.does('task.claim', { task_id: id });
  await office.does('task.update', { task_id: id, status: 'done' });
  t.match(await office.task(id), { status: 'done', recorded: true }, 'done again: recorded all the same');
  for (const patch of [{ recorded: undefined }, { changes: undefined }, { evidence: 'much better evidence' }])
    t.equal(await office.breaks(id, patch), 'task.recorded', JSON.stringify(patch));
});

t.test('commits, pull requests and files are named as they are elsewhere', async t => {
  const { office, record } = await begin();
  const id = await record({
    code_refs: [
      { name: 'A'.repeat(40) },
      { name: 'https://github.com/acme/web/pull/7/files', ref_type: 'pr' },
      { name: 'docs/run.md:1-9', ref_type: 'file' },
    ],
  });
  const refs = (await office.view.all(codeRefRecord, id)).map(({ record: ref }) => [ref.ref_type, ref.sha ?? ref.name]);
  t.same(refs.sort(), [
    ['commit', 'a'.repeat(40)],
    ['file', 'docs/run.md:1-9'],
    ['pr', 'github:acme/web#7'],
  ]);
  for (const name of ['main', '../etc', 'HEAD'])
    t.match(await office.refusal('task.record', { ...DEPLOY, code_refs: [{ name }] }), { code: 'BAD_INPUT' }, name);
  const rooted = { ...DEPLOY, code_refs: [{ name: '/etc/passwd', ref_type: 'file' }] };
  t.match(await office.refusal('task.record', rooted), { code: 'BAD_INPUT' });
  for (const change of ['no form', 'a.ts:edit:', '/etc/hosts:edit:x', '../a:edit:x', 'a.ts:Big Word:x'])
    await t.rejects(office.does('task.record', { ...DEPLOY, changes: [change] }), /changes/, change);
});

t.test('an empty record says so, and why', async t => {
  const { office, record } = await begin();
  t.match(await office.refusal('task.record', DEPLOY), {
    code: 'GATE',
    law: 'task.recorded',
    message: /shows nothing/,
    hint: /^ledgenter task record 'Deploy 0\.4\.1' .*--allow-empty-record --reason/,
  });
  t.match(await office.refusal('task.record', { ...DEPLOY, title: "It's $(odd)" }), { hint: /record '<title>'/ });
  t.match(await office.refusal('task.record', { ...DEPLOY, allow_empty_record: true }), { code: 'BAD_INPUT' });
  t.match(await office.refusal('task.record', { ...DEPLOY, reason: 'why' }), { code: 'BAD_INPUT' });
  const id = await record({ allow_empty_record: true, reason: 'exploring' });
  t.match(await office.task(id), { status: 'done', recorded: true, reason: 'exploring' });
});

t.test('a gate that nobody saw closed keeps an agent from recording; a person says why', async t => {
  const { office } = await begin();
  const project = { project: 'strict', title: 'Strict' };
  await office.does('project.create', { ...project, policy: { requires_evidence: true } }, eve);
  const input = { ...DEPLOY, changes: [CHANGE], evidence: 'trust me', project: 'strict' };
  t.match(await office.refusal('task.record', input), {
    code: 'GATE',
    law: 'task.recorded',
    message: /asks for evidence/,
    hint: "ledgenter task create 'Deploy 0.4.1'",
  });
  t.match(await office.refusal('task.record', input, eve), { code: 'GATE' }, 'a person without a reason');
  const code_refs = [{ name: 'b'.repeat(40) }];
  t.match(await office.refusal('task.record', { ...input, code_refs }), { code: 'lawful' }, 'a commit is evidence');
  t.match(await office.refusal('task.record', { ...input, title: 'x', reason: 'by phone' }, eve), { code: 'lawful' });

  for (const [gate, policy] of [
    ['plan', { plan_required: true }],
    ['validation', { validation_required: true }],
    ['resolution', { resolution_required: true }],
  ] as const) {
    const named = { ...DEPLOY, changes: [CHANGE], project: gate };
    await office.does('project.create', { project: gate, title: gate, policy }, eve);
    const { code, message } = await office.refusal('task.record', named);
    t.equal(code, gate === 'resolution' ? 'lawful' : 'GATE', 'its summary is a resolution');
    if (code === 'GATE') t.match(message, `asks for ${gate} `);
  }

  await office.does('ledger.policy', { requires_criteria: true }, eve);
  t.match(await office.refusal('task.record', { ...DEPLOY, changes: [CHANGE] }), { code: 'GATE', message: /criteria/ });
});

t.test('no other way makes recorded work, and recorded work is nothing else', async t => {
  const { office, record } = await begin();
  const forged = async (patch: Partial<Task>) => {
    const intent = office.intent('task.record', DEPLOY);
    const { at } = intent;
    const task = { title: 'Forged', status: 'done', priority: 2, labels: [], criteria: [], depends_on: [], links: [] };
    const times = { created_by: 'ada', created_at: at, updated_at: at, finished_at: at };
    const record = { ...task, also_asked: [], ...times, recorded: true, evidence: 'seen', ...patch };
    const files = office.born(JSON.parse(JSON.stringify(record)), intent);
    return (await office.forge([...(await office.enrolled(intent)), ...files], intent))?.law ?? 'lawful';
  };
  t.equal(await forged({}), 'lawful', 'as it should be');
  t.equal(await forged({ recorded: undefined }), 'task.status');
  t.equal(await forged({ status: 'cancelled' }), 'task.status');
  t.equal(await forged({ status: 'open', finished_at: undefined }), 'task.recorded');
  t.equal(await forged({ evidence: undefined }), 'task.recorded');
  t.equal(await forged({ imported: true }), 'task.imported');
  t.equal(await forged({ requires_evidence: true }), 'task.recorded', 'it asks for nothing that nobody saw');
  t.equal(await forged({ reviewer: 'bob' }), 'task.recorded');
  t.equal(await forged({ created_by: 'bob' }), 'task.times');
  t.equal(await forged({ finished_at: new Date(T0 - 1).toISOString() }), 'task.times');
  const open = await office.creates();
  t.equal(await office.breaks(open, { recorded: true }), 'task.recorded', 'not of a task that is there');
  await office.does('task.claim', { task_id: open });
  t.equal(await office.breaks(open, { recorded: true }), 'task.recorded', 'nor of one that is claimed');
  await record({ changes: [CHANGE] });
});

t.test('recorded work comes over from another ledger as it was said there', async t => {
  const { office: there, record } = await begin();
  const { office: here } = await begin();
  const id = await record({ changes: [CHANGE] });
  await here.does('ledger.adopt', await adoptionAt('feature-a', there.view, 'c'.repeat(40), id), bob);
  t.match(await here.task(id), { status: 'done', recorded: true, imported: true, changes: [{ kind: 'run' }] });
  t.equal(await here.breaks(id, { recorded: undefined }), 'task.recorded');
});

t.test('a follow-up is a child of finished work, in its project', async t => {
  const { office, record } = await begin();
  await office.does('project.create', { project: 'ops', title: 'Operations' }, eve);
  const done = await record({ changes: [CHANGE], project: 'ops' });
  const { task_id: next } = await office.does('task.follow_up', { task_id: done, title: 'Watch it', priority: 1 }, bob);
  t.match(await office.task(String(next)), {
    title: 'Watch it',
    status: 'open',
    parent: done,
    project: 'ops',
    priority: 1,
    links: [{ kind: 'discovered_from', task_id: done }],
  });
  const open = await office.creates();
  t.match(await office.refusal('task.follow_up', { task_id: open, title: 'Too early' }), {
    code: 'REFUSED',
    message: /is open: only finished work/,
    hint: `ledgenter task create '<title>' --parent ${open}`,
  });
  t.match(await office.refusal('task.follow_up', { task_id: 't-0000000000', title: 'x' }), { code: 'NOT_FOUND' });
});

t.test('calling off keeps its reason and asks for one; finished work is opened again with a reason', async t => {
  const { office } = await begin();
  const shown = (task_id: string) =>
    office.shows('task.update', { task_id }, { task_id, status: 'cancelled' }) as Promise<{ hints?: { next: string } }>;
  const one = await office.creates();
  await office.does('task.update', { task_id: one, status: 'cancelled' });
  t.equal((await shown(one)).hints?.next, `ledgenter task update ${one} --reason '<why>'`);
  await office.does('task.update', { task_id: one, reason: 'nobody needs it' });
  t.match(await office.task(one), { status: 'cancelled', reason: 'nobody needs it' });
  t.equal((await shown(one)).hints, undefined);
  const two = await office.creates();
  await office.does('task.update', { task_id: two, status: 'cancelled', note: 'a duplicate' });
  t.match(await office.task(two), { reason: 'a duplicate' }, 'a note is a reason');
  await office.does('task.update', { task_id: two, status: 'open' });
  t.match(await office.task(two), { status: 'open', reason: undefined });

  const done = await office.creates();
  await office.does('task.claim', { task_id: done });
  await office.does('task.update', { task_id: done, status: 'done' });
  t.match(await office.refusal('task.update', { task_id: done, status: 'open', reason: 'broken' }), {
    code: 'HUMAN_ONLY',
  });
  t.match(await office.refusal('task.update', { task_id: done, status: 'open' }, eve), {
    code: 'REFUSED',
    hint: `ledgenter task update ${done} --status open --reason '<why>'`,
  });
  await office.does('task.update', { task_id: done, status: 'open', reason: 'broken' }, eve);
  t.match(await office.task(done), { status: 'open', reason: 'broken', finished_at: undefined });

  const reviewed = await office.creates({ reviewer: 'bob' });
  await office.does('task.claim', { task_id: reviewed });
  await office.does('task.update', { task_id: reviewed, status: 'in_review' });
  const handoff_id = (await office.task(reviewed)).review!;
  await office.does('handoff.claim', { handoff_id }, bob);
  await office.does('handoff.respond', { handoff_id, answer: 'fine', verdict: 'approve' }, bob);
  await office.does('task.update', { task_id: reviewed, status: 'done' });
  await office.does('task.update', { task_id: reviewed, status: 'open', reason: 'I missed a case' }, bob);
  t.match(await office.task(reviewed), { status: 'open', reason: 'I missed a case' }, 'the reviewer, an agent');
});
