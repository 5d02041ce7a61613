import t from 'tap';
import { type Project, projectRecord } from '../../src/rooms/projects/record.ts';
import { ada, bob, eve, TestOffice } from './office.ts';

async function begin() {
  const office = new TestOffice();
  await office.does('ledger.init', { namespace: 'refs/ledgenter' }, eve);
  await office.does('project.create', { project: 'Sweeper', title: 'The sweeper', charter: 'c'.repeat(3000) }, ada);
  return office;
}

t.test('a project has one key, whatever its case; updates change and clear fields', async t => {
  const office = await begin();
  t.match(await office.refusal('project.create', { project: 'SWEEPER', title: 'Again' }), { code: 'REFUSED' });
  await office.does(
    'project.update',
    { project: 'sweeper', status: 'paused', owner: 'ada', target_on: '2026-06-01' },
    ada,
  );
  await office.does('project.update', { project: 'sweeper', target_on: null, charter: null }, ada);
  const project = await office.view.get(projectRecord, 'sweeper');
  t.match(project, { status: 'paused', owner: 'ada', title: 'The sweeper' });
  t.notOk('charter' in project! || 'target_on' in project!);
  t.match(await office.refusal('project.update', { project: 'nowhere', title: 'x' }), { code: 'NOT_FOUND' });
  const id = await office.creates({ project: 'Sweeper' });
  t.equal((await office.task(id)).project, 'sweeper');
});

t.test('project.form', async t => {
  const office = await begin();
  await office.does('project.create', { project: 'a', title: 'A', parent: 'sweeper' });
  await office.does('project.create', { project: 'b', title: 'B', parent: 'a' });
  t.match(await office.refusal('project.update', { project: 'sweeper', parent: 'b' }), {
    message: /own parent: sweeper → b → a → sweeper/,
  });
  t.match(await office.refusal('project.create', { project: 'c', title: 'C', parent: 'nowhere' }), {
    message: /no project nowhere/,
  });
  const was = (await office.view.get(projectRecord, 'sweeper'))!;
  const intent = office.intent('project.update', { project: 'sweeper' }, ada);
  const forge = async (patch: Partial<Project>) =>
    (await office.forge([projectRecord.put('sweeper', { ...was, updated_at: intent.at, ...patch })], intent))?.law ??
    'lawful';
  t.equal(await forge({ parent: 'b' }), 'project.form');
  t.equal(await forge({ parent: 'nowhere' }), 'project.form');
  t.equal(await forge({ created_by: 'bob' }), 'project.form');
  t.equal(await forge({ title: 'x', updated_at: was.updated_at }), 'project.form');
  t.equal(await forge({ title: 'Better' }), 'lawful');
});

t.test('project.policy: a worker cannot lift a gate by way of the project', async t => {
  const office = await begin();
  await office.does('project.update', { project: 'sweeper', policy: { requires_evidence: true } }, ada);
  const lift = { project: 'sweeper', policy: { requires_evidence: false } };
  t.match(await office.refusal('project.update', lift, bob), { code: 'NOT_MAINTAINER' });
  t.match(await office.refusal('project.update', { project: 'sweeper', owner: 'bob' }, bob), {
    code: 'NOT_MAINTAINER',
  });
  const was = (await office.view.get(projectRecord, 'sweeper'))!;
  await office.creates({}, bob);
  const intent = office.intent('project.update', {}, bob);
  const forged = projectRecord.put('sweeper', { ...was, policy: {}, updated_at: intent.at });
  t.equal((await office.forge([forged], intent))?.law, 'project.policy');
  await office.does('project.update', lift, eve);
});

t.test('project.query: lists cut charters and says how to read the rest', async t => {
  const office = await begin();
  await office.does('project.create', { project: 'b', title: 'B', status: 'planned' });
  const { projects, total } = (await office.asks('project.query', {})) as {
    projects: Record<string, unknown>[];
    total: number;
  };
  t.equal(total, 2);
  t.match(projects[1], {
    project: 'sweeper',
    truncated: true,
    whole: 'ledgenter project query --project sweeper --full',
  });
  t.match(await office.asks('project.query', { project: 'sweeper', full: true }), {
    projects: [{ charter: 'c'.repeat(3000) }],
  });
  t.match(await office.asks('project.query', { status: ['planned'] }), { projects: [{ project: 'b' }], total: 1 });
  await t.rejects(office.asks('project.query', { project: 'nowhere' }), { code: 'NOT_FOUND' });
});
