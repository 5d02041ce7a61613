import t from 'tap';
import {
  asRevision,
  type Knowledge,
  knowledgeRecord,
  type Revision,
  revisionRecord,
} from '../../src/rooms/knowledge/record.ts';
import { ada, bob, eve, type Person, TestOffice } from './office.ts';

const PAGE = { title: 'Restart the sweeper', body: '1. Stop it.\n2. Start it.' };

async function begin() {
  const office = new TestOffice();
  await office.does('ledger.init', { namespace: 'refs/ledgenter' }, eve);
  await office.does('project.create', { project: 'parser', title: 'Parser' }, eve);
  const write = async (input: object = {}, who: Person = ada): Promise<string> =>
    String((await office.does('knowledge.write', { ...PAGE, ...input }, who)).knowledge_id);
  const get = async (id: string, input: object = {}) =>
    (await office.asks('knowledge.get', { knowledge_id: id, ...input })) as { knowledge: Record<string, unknown> };
  const titles = async (input: object = {}) => {
    const { knowledge, total } = (await office.asks('knowledge.query', input)) as {
      knowledge: { title: string }[];
      total: number;
    };
    t.equal(knowledge.length, Math.min(total, 20));
    return knowledge.map(({ title }) => title);
  };
  return { office, write, get, titles };
}

t.test('a page is revised, and every revision stays readable', async t => {
  const { office, write, get } = await begin();
  const id = await write({ kind: 'runbook', tags: ['Sweeper', 'ops', 'ops'], project: 'Parser' });
  t.match(id, /^w-[0-9a-z]{10}$/);
  t.match(await get(id), {
    knowledge: {
      id,
      ...PAGE,
      kind: 'runbook',
      tags: ['ops', 'sweeper'],
      project: 'parser',
      revision: 1,
      created_by: 'ada',
    },
  });
  const same = await office.outcome('knowledge.write', { ...PAGE, knowledge_id: id }, bob);
  t.equal(same.kind, 'same', 'the same words are no revision');
  await write({ knowledge_id: id, body: 'Turn it off and on.', expected_revision: 1 }, bob);
  t.match(await get(id), {
    knowledge: {
      body: 'Turn it off and on.',
      kind: 'runbook',
      tags: ['ops', 'sweeper'],
      revision: 2,
      created_by: 'ada',
      updated_by: 'bob',
    },
  });
  t.match(await get(id, { revision: 1 }), { knowledge: { ...PAGE, revision: 1, latest: 2, updated_by: 'ada' } });
  await write({ knowledge_id: id, project: null, tags: [] });
  const now = await get(id);
  t.match(now, { knowledge: { ...PAGE, revision: 3 } });
  t.notOk('project' in now.knowledge);
  t.notOk('tags' in now.knowledge);
  await t.rejects(get(id, { revision: 4 }), { code: 'NOT_FOUND', message: /no revision 4; the last is 3/ });
  await t.rejects(get('w-0000000000'), { code: 'NOT_FOUND' });
});

t.test('who did not see the last revision does not write over it, when they say which they saw', async t => {
  const { office, write } = await begin();
  const id = await write();
  await write({ knowledge_id: id, body: 'Second.' }, bob);
  t.match(await office.refusal('knowledge.write', { ...PAGE, body: 'Mine.', knowledge_id: id, expected_revision: 1 }), {
    code: 'REFUSED',
    message: `${id} has revision 2, not 1`,
    hint: `ledgenter knowledge get ${id}`,
  });
  t.match(await office.refusal('knowledge.write', { ...PAGE, expected_revision: 1 }), { code: 'REFUSED' });
  t.match(await office.refusal('knowledge.write', { ...PAGE, knowledge_id: 'w-0000000000' }), { code: 'NOT_FOUND' });
  t.match(await office.refusal('knowledge.write', { ...PAGE, project: 'nowhere' }), { code: 'NOT_FOUND' });
});

t.test('archived hides a page; a new revision brings it back, with the same words too', async t => {
  const { office, write, get, titles } = await begin();
  const id = await write();
  await office.does('knowledge.archive', { knowledge_id: id }, bob);
  t.same(await titles(), []);
  t.same(await titles({ archived: true }), [PAGE.title]);
  t.match(await get(id), { knowledge: { archived: { by: 'bob' }, revision: 1, updated_by: 'ada' } });
  t.equal((await office.outcome('knowledge.archive', { knowledge_id: id }, ada)).kind, 'same');
  await write({ knowledge_id: id }, bob);
  t.match(await get(id), { knowledge: { revision: 2, updated_by: 'bob' } });
  t.notOk('archived' in (await get(id)).knowledge);
  t.same(await titles(), [PAGE.title]);
});

t.test('a list is titles, freshest first; long bodies are cut unless all is asked for', async t => {
  const { office, write, get, titles } = await begin();
  const first = await write({ title: 'First', kind: 'runbook', tags: ['a', 'b'] });
  await write({ title: 'Second', tags: ['a'], project: 'parser' });
  t.same(await titles(), ['Second', 'First']);
  await write({ title: 'First', knowledge_id: first, body: 'b'.repeat(9000) });
  t.same(await titles(), ['First', 'Second']);
  t.same(await titles({ kind: 'runbook' }), ['First']);
  t.same(await titles({ tags: ['A', 'b'] }), ['First']);
  t.same(await titles({ project: 'parser' }), ['Second']);
  const { knowledge } = (await office.asks('knowledge.query', {})) as { knowledge: object[] };
  for (const row of knowledge) t.notOk('body' in row);
  t.match(await get(first), { truncated: true, hints: { whole: `ledgenter knowledge get ${first} --full` } });
  t.match(await get(first, { full: true }), { knowledge: { body: 'b'.repeat(9000) } });
});

async function forger() {
  const { office, write } = await begin();
  const id = await write();
  const was = (await office.view.get(knowledgeRecord, id))!;
  const intent = office.intent('knowledge.write', {}, ada);
  const file = (patch: Partial<Knowledge> = {}) =>
    knowledgeRecord.put(id, { ...was, revision: 2, body: 'new', updated_at: intent.at, ...patch });
  const kept = (patch: Partial<Revision> = {}, number = '1') =>
    revisionRecord.put(number, { ...asRevision(was), ...patch }, id);
  const law = async (...files: ReturnType<typeof file>[]) => (await office.forge(files, intent))?.law ?? 'lawful';
  return { office, write, id, was, intent, file, kept, law };
}

t.test('knowledge.form: author, time, tags and project cannot be made up', async t => {
  const { was, file, kept, law } = await forger();
  t.equal(await law(file(), kept()), 'lawful');
  t.equal(await law(file({ updated_by: 'bob' }), kept()), 'knowledge.form');
  t.equal(await law(file({ created_by: 'bob' }), kept()), 'knowledge.form');
  t.equal(await law(file({ updated_at: was.updated_at }), kept()), 'knowledge.form');
  t.equal(await law(file({ body: was.body, revision: 1 })), 'knowledge.form', 'nothing said, yet another time');
  t.equal(await law(file({ tags: ['b', 'a'] }), kept()), 'knowledge.form');
  t.equal(await law(file({ tags: ['A'] }), kept()), 'knowledge.form');
  t.equal(await law(file({ project: 'nowhere' }), kept()), 'knowledge.form');
  t.equal(await law(file({ kind: 'poem' as never }), kept()), 'record.schema');
});

t.test('knowledge.revision and knowledge.kept: numbers rise by one, and the past is what it was', async t => {
  const { office, write, id, was, intent, file, kept, law } = await forger();
  t.equal(await law(file({ revision: 3 }), kept()), 'knowledge.revision');
  t.equal(await law(file({ revision: 1 }), kept()), 'knowledge.revision');
  t.equal(await law(file()), 'knowledge.revision', 'the one before is not kept');
  t.equal(await law(file(), kept({ by: 'bob' })), 'knowledge.revision', 'under another name');
  t.equal(await law(file(), kept({}, '7')), 'knowledge.revision', 'under another number');
  t.equal(await law(file(), kept(), kept({}, '7')), 'knowledge.kept', 'one too many');
  t.equal(await law(kept()), 'knowledge.kept', 'nothing replaces it');
  const born = office.idFor(knowledgeRecord, intent);
  const fresh = (revision: number) =>
    knowledgeRecord.put(born, { ...was, revision, created_at: intent.at, updated_at: intent.at });
  t.equal(await law(fresh(1)), 'lawful');
  t.equal(await law(fresh(2)), 'knowledge.revision', 'the first is 1');
  await write({ knowledge_id: id, body: 'new' });
  t.equal(await law(kept({ body: 'other' })), 'append-only');
  t.equal(await law(revisionRecord.remove('1', id)), 'record.kept');
  t.equal(await law(knowledgeRecord.remove(id)), 'record.kept');
});

t.test('knowledge.archived: in the name of its entry, and nothing else changes', async t => {
  const { office, id, was, intent, file, kept, law } = await forger();
  const still = { body: was.body, revision: 1, updated_at: was.updated_at };
  t.equal(await law(file({ ...still, archived: { by: 'ada', at: intent.at } })), 'lawful');
  t.equal(await law(file({ ...still, archived: { by: 'bob', at: intent.at } })), 'knowledge.archived');
  t.equal(await law(file({ ...still, archived: { by: 'ada', at: was.created_at } })), 'knowledge.archived');
  t.equal(await law(file({ archived: { by: 'ada', at: intent.at } }), kept()), 'knowledge.archived');
  await office.does('knowledge.archive', { knowledge_id: id }, bob);
  const { archived } = (await office.view.get(knowledgeRecord, id))!;
  t.equal(await law(file({ ...still, archived: { by: 'ada', at: intent.at } })), 'knowledge.archived', 'twice');
  t.equal(await law(file({ ...still })), 'knowledge.form', 'back without a revision');
  t.equal(await law(file({ body: was.body }), kept()), 'lawful', 'back as a revision');
  t.equal(await law(file({ ...(archived ? { archived } : {}) }), kept()), 'knowledge.archived', 'revised, yet away');
});
