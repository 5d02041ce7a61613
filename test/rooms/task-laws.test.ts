import t from 'tap';
import { askId, askRecord } from '../../src/rooms/tasks/asks.ts';
import { blobId, blobRecord, digest } from '../../src/rooms/tasks/blob.ts';
import { attachmentRecord, codeRefRecord, noteRecord, type Task } from '../../src/rooms/tasks/record.ts';
import { ada, bob, eve, TestOffice } from './office.ts';

/** An office with one open task of ada's. */
async function begin(input: object = {}) {
  const office = new TestOffice();
  return { office, id: await office.creates(input) };
}
async function done(input: object = {}) {
  const { office, id } = await begin(input);
  await office.does('task.claim', { task_id: id });
  await office.does('task.update', { task_id: id, status: 'done' });
  return { office, id };
}

t.test('task.status: a task marked done past its gates is caught, gate by gate', async t => {
  const { office, id } = await begin({
    acceptance_criteria: [{ text: 'swept' }],
    requires_evidence: true,
    resolution_required: true,
  });
  await office.does('task.claim', { task_id: id });
  const finish = async () => {
    const at = office.now + 1000;
    const end = new Date(at).toISOString();
    return office.breaks(id, { status: 'done', hold: undefined, finished_at: end }, ada, { at });
  };
  const gate = async () => (await office.refusal('task.update', { task_id: id, status: 'done' })).message;
  t.equal(await finish(), 'task.status');
  t.match(await gate(), /criterion c1/);
  await office.does('task.check', { task_id: id, criterion: 'c1' });
  t.equal(await finish(), 'task.status');
  t.match(await gate(), /evidence/);
  await office.does('attach.add', { task_id: id, name: 'run.log', content: 'all 312 passed' });
  t.equal(await finish(), 'task.status');
  t.match(await gate(), /resolution/);
  await office.does('task.note', { task_id: id, text: 'swept every minute', kind: 'resolution' });
  t.equal(await finish(), 'lawful');
});

t.test('task.status: a note given with done is the resolution; projects and the ledger ask for gates too', async t => {
  const { office, id } = await begin({ resolution_required: true });
  await office.does('task.claim', { task_id: id });
  await office.does('task.update', { task_id: id, status: 'done', note: 'swept every minute' });
  await office.does('project.create', { project: 'strict', title: 'Strict', policy: { requires_criteria: true } });
  const other = await office.creates({ title: 'In a project', project: 'strict' });
  t.match(await office.refusal('task.update', { task_id: other, status: 'done' }, eve), {
    code: 'GATE',
    hint: `ledgenter task update ${other} --add-criteria '<what must hold>'`,
  });
});

t.test('task.status: gates that this format cannot show keep a task open', async t => {
  for (const gate of [{ plan_required: true }, { validation_required: true }]) {
    const { office, id } = await begin();
    office.state.apply((await office.rewrite(id, gate)).files);
    t.match(await office.refusal('task.update', { task_id: id, status: 'done' }, eve), { code: 'GATE' });
  }
});

t.test('task.assignee', async t => {
  const { office, id } = await begin({ assignee: 'bob' });
  t.match(await office.refusal('task.claim', { task_id: id }, ada), {
    law: 'task.assignee',
    message: /assigned to bob/,
  });
  await office.does('task.claim', { task_id: id }, eve);
  t.match(await office.task(id), { assignee: 'eve' }, 'a person takes it all the same');
  t.equal(await office.breaks(id, { assignee: 'bob' }, eve), 'task.assignee', 'the holder is the assignee');
  const at = office.now + 1000;
  const review = { status: 'in_review', hold: undefined, assignee: 'bob' };
  t.equal(await office.breaks(id, review, eve, { at }), 'task.assignee', 'the worker stays');
  t.match(await office.refusal('task.create', { title: 'x', assignee: 'not/a key' }), { law: 'task.assignee' });
});

t.test('task.refs', async t => {
  const { office, id } = await begin();
  const nowhere = 't-0000000000';
  const forged: Record<string, unknown>[] = [
    { project: 'nowhere' },
    { parent: nowhere },
    { depends_on: [nowhere] },
    { depends_on: [id] },
    { links: [{ kind: 'related', task_id: nowhere }] },
    { links: [{ kind: 'related', task_id: id }] },
    { labels: ['b', 'a'] },
  ];
  for (const patch of forged) t.equal(await office.breaks(id, patch), 'task.refs', JSON.stringify(patch));
  const other = await office.creates({ title: 'Other' });
  const twice = [other, other].map(task_id => ({ kind: 'related', task_id }));
  t.equal(await office.breaks(id, { links: twice }), 'task.refs');
  t.equal(await office.breaks(id, { links: twice.slice(1), depends_on: [other] }), 'lawful');
  t.match(await office.refusal('task.create', { title: 'x', parent: nowhere }), {
    code: 'NOT_FOUND',
    law: 'task.refs',
  });
});

t.test('task.acyclic', async t => {
  const { office, id } = await begin();
  const second = await office.creates({ title: 'Second', depends_on: [id], parent: id });
  const third = await office.creates({ title: 'Third', depends_on: [second], parent: second });
  t.equal(await office.breaks(id, { depends_on: [third] }), 'task.acyclic');
  t.equal(await office.breaks(id, { parent: third }), 'task.acyclic');
  t.equal(await office.breaks(third, { depends_on: [id, second].sort() }), 'lawful');
  t.match(await office.refusal('task.link', { task_id: third, kind: 'blocks', to: id }), {
    message: /wait for itself/,
  });
  t.match(await office.refusal('task.link', { task_id: id, kind: 'parent', to: third }), { message: /own ancestor/ });
  const ring = [
    { key: 'a', title: 'A', depends_on: ['c'] },
    { key: 'b', title: 'B', depends_on: ['a'] },
    { key: 'c', title: 'C', depends_on: ['b'] },
  ];
  t.match(await office.refusal('task.create_many', { tasks: ring }), { law: 'task.acyclic' });
});

t.test('task.one_owner', async t => {
  const office = new TestOffice();
  const ask = { origin_ask_ref: 'github:Acme/App#42', title: 'Crash on save' };
  const { task_id: id } = await office.does('task.ask', { ...ask, also_asked: ['email:<a@b.example>'] });
  t.same(await office.does('task.ask', { ...ask, title: 'Other words' }, bob), { task_id: id, existing: true });
  t.same(await office.does('task.ask', { ...ask, origin_ask_ref: 'https://github.com/acme/app/issues/42' }), {
    task_id: id,
    existing: true,
  });
  t.same(
    await office.does('task.ask', { ...ask, origin_ask_ref: 'email:a@b.example' }),
    { task_id: id, existing: true },
    'the second reference too',
  );
  const third = { ...ask, origin_ask_ref: 'email:a@b.example', also_asked: ['github:acme/app#77'] };
  t.same(await office.does('task.ask', third), { task_id: id, existing: true });
  t.same(await office.does('task.ask', { ...ask, origin_ask_ref: 'github:acme/app#77' }), {
    task_id: id,
    existing: true,
  });
  const other = await office.does('task.ask', { origin_ask_ref: 'github:acme/app#43', title: 'Other' });
  const both = { origin_ask_ref: 'github:acme/app#42', title: 'x', also_asked: ['github:acme/app#43'] };
  t.match(await office.refusal('task.ask', both), { message: /different tasks/ });

  const first = String(id);
  const refs = (await office.task(first)).also_asked;
  t.equal(refs.length, 2);
  t.equal(await office.breaks(first, { origin_ask_ref: 'github:acme/app#44' }), 'task.one_owner');
  t.equal(await office.breaks(first, { also_asked: [] }), 'task.one_owner', 'who asked stays');
  t.equal(await office.breaks(String(other.task_id), { also_asked: [refs[0]] }), 'task.one_owner', 'another has it');
  t.equal(await office.breaks(first, { also_asked: [...refs, 'github:acme/app#43'] }), 'task.one_owner');
  const intent = office.intent('task.create', { title: 'Forged' }, ada);
  const born = { ...(await office.task(first)), also_asked: [], created_at: intent.at, updated_at: intent.at };
  const second = { ...born, origin_ask_ref: 'github:acme/app#77' };
  t.ok((await office.broken(office.born(born, intent), intent)).includes('task.one_owner'), 'under an id of its own');
  t.ok((await office.broken(office.bornOf('github:acme/app#77', second), intent)).includes('task.one_owner'));
});

t.test('ask.index', async t => {
  const { office, id } = await begin();
  const intent = office.intent('task.ask', { task_id: id }, ada);
  const file = askRecord.put(askId('github:acme/app#1'), { task_id: id });
  t.equal((await office.forge([file], intent))?.law, 'ask.index');
});

t.test('task.criteria', async t => {
  const { office, id } = await begin({ acceptance_criteria: [{ text: 'one' }, { text: 'two' }] });
  const at = new Date(office.now + 1000).toISOString();
  const [one, two] = (await office.task(id)).criteria;
  const met = { ...one!, met: true, met_by: 'ada', met_at: at };
  const forged: [string, unknown[], string][] = [
    ['met by another', [{ ...met, met_by: 'bob' }, two], 'task.criteria'],
    ['met at another time', [{ ...met, met_at: '2026-01-01T00:00:00.000Z' }, two], 'task.criteria'],
    ['met by nobody', [{ ...one!, met: true }, two], 'task.criteria'],
    ['a number left out', [one, two, { ...two!, id: 'c4' }], 'task.criteria'],
    ['met', [met, two], 'lawful'],
  ];
  for (const [what, criteria, law] of forged) {
    t.equal(await office.breaks(id, { criteria }, ada, { at: Date.parse(at) }), law, what);
  }
  await office.does('task.update', { task_id: id, drop_criteria: ['c2'], add_criteria: [{ text: 'three' }] });
  t.match(await office.task(id), { criteria: [{ id: 'c1' }, { id: 'c3' }], criteria_made: 3 });
  await office.does('task.update', { task_id: id, drop_criteria: ['c3'], add_criteria: [{ text: 'four' }] });
  t.match(await office.task(id), { criteria: [{ id: 'c1' }, { id: 'c4', text: 'four' }] }, 'no number is used again');
  const checked = { ...one!, id: 'c5', check: 'npm test' };
  office.state.apply((await office.rewrite(id, { criteria: [one, checked], criteria_made: 5 })).files);
  t.match(await office.refusal('task.check', { task_id: id, criterion: 'c5' }), { code: 'GATE', law: 'task.criteria' });
});

t.test('task.goalposts: the worker drops no criterion and lifts no gate; who asked, or a person, does', async t => {
  const office = new TestOffice();
  await office.does('project.create', { project: 'strict', title: 'Strict', policy: { requires_evidence: true } });
  const asked = {
    title: 'Asked',
    project: 'strict',
    acceptance_criteria: [{ text: 'swept' }],
    resolution_required: true,
  };
  const { task_id } = await office.does('task.create', asked, bob);
  const id = String(task_id);
  await office.does('task.claim', { task_id: id }, ada);
  const loosened = [{ drop_criteria: ['c1'] }, { resolution_required: false }, { project: null }];
  for (const input of loosened) {
    t.match(await office.refusal('task.update', { task_id: id, ...input }), {
      code: 'HUMAN_ONLY',
      law: 'task.goalposts',
    });
  }
  const criteria = [{ ...(await office.task(id)).criteria[0], text: 'swept a little' }];
  t.equal(await office.breaks(id, { criteria }), 'task.goalposts');
  await office.does('task.update', { task_id: id, add_criteria: [{ text: 'twice' }], requires_evidence: true });
  await office.does('task.release', { task_id: id });
  await office.does('task.update', { task_id: id, drop_criteria: ['c2'] }, bob);
  await office.does('task.update', { task_id: id, resolution_required: false }, eve);
});

t.test('task.frozen', async t => {
  const { office, id } = await done({ acceptance_criteria: [] });
  t.match(await office.refusal('task.update', { task_id: id, add_criteria: [{ text: 'late' }] }, eve), {
    law: 'task.frozen',
  });
  t.equal(await office.breaks(id, { requires_evidence: true }, eve), 'task.frozen');
  await office.does('task.update', { task_id: id, labels: ['released'] }, bob);
  await office.does('task.note', { task_id: id, text: 'seen in the wild' }, bob);
  t.equal((await office.task(id)).status, 'done');
});

t.test('task.times', async t => {
  const { office, id } = await begin();
  const early = '2026-01-01T00:00:00.000Z';
  t.equal(await office.breaks(id, { updated_at: early }), 'task.times');
  t.equal(await office.breaks(id, { created_at: early }), 'task.times');
  t.equal(await office.breaks(id, { created_by: 'bob' }), 'task.times');
  t.equal(await office.breaks(id, { finished_at: early }), 'task.times');
  t.equal(await office.breaks(id, { status: 'cancelled', finished_at: early }), 'task.times');
  const task = await office.task(id);
  for (const patch of [{ created_by: 'bob' }, { created_at: early }, { updated_at: early }]) {
    const intent = office.intent('task.create', { title: 'Forged' }, ada);
    const born = { ...task, created_at: intent.at, updated_at: intent.at, ...patch };
    t.equal((await office.forge(office.born(born, intent), intent))?.law, 'task.times', JSON.stringify(patch));
  }
});

t.test('task.imported', async t => {
  const { office, id } = await begin();
  t.equal(await office.breaks(id, { imported: true }), 'task.imported');
  t.equal(await office.breaks(id, { imported: true }, ada, { op: 'import.beads' }), 'task.imported');
  const intent = office.intent('task.create', { title: 'Forged' }, ada);
  const born = { ...(await office.task(id)), created_at: intent.at, updated_at: intent.at, imported: true };
  t.equal((await office.forge(office.born(born, intent), intent))?.law, 'task.imported');
  const entry = office.intent('import.beads', {});
  const origin_ask_ref = 'beads:p-9';
  const times = { created_at: entry.at, updated_at: entry.at };
  const done = { ...born, ...times, origin_ask_ref, status: 'done', finished_at: entry.at };
  const law = async (patch: object) =>
    (await office.forge(office.bornOf(origin_ask_ref, { ...done, ...patch }), entry))?.law ?? 'lawful';
  t.equal(await law({}), 'lawful', 'done was the word of another system');
  for (const gate of [{ reviewer: 'bob' }, { requires_evidence: true }, { resolution_required: true }])
    t.equal(await law(gate), 'task.imported', `and looks as if ${Object.keys(gate)[0]} had been asked for`);
});

t.test('note.decision: a note points to a ruling that exists, by its id', async t => {
  const { office, id } = await begin();
  const ruling = { title: 'Clock', choice: 'UTC everywhere', rationale: 'one truth' };
  const { decision_id } = await office.does('decision.log', ruling);
  const { note_id } = await office.does('task.note', { task_id: id, text: 'by this', decision_id });
  t.match(await office.view.get(noteRecord, String(note_id), id), { kind: 'decision', decision_id, text: 'by this' });
  const refused = (input: object) => office.refusal('task.note', { task_id: id, text: 'x', ...input });
  t.match(await refused({ kind: 'decision' }), { code: 'BAD_INPUT' });
  t.match(await refused({ kind: 'progress', decision_id }), { code: 'BAD_INPUT' });
  t.match(await refused({ decision_id: 'd-0000000000' }), { code: 'NOT_FOUND' });
  for (const fake of [
    { kind: 'decision' },
    { kind: 'note', decision_id },
    { kind: 'decision', decision_id: 'd-0000000000' },
  ]) {
    const intent = office.intent('task.note', { task_id: id, text: 'x' });
    const record = { text: 'x', by: 'ada', at: intent.at, ...fake } as never;
    const file = noteRecord.put(office.idFor(noteRecord, intent), record, id);
    t.equal((await office.forge([...(await office.enrolled(intent)), file], intent))?.law, 'note.decision');
  }
});

t.test('note.author: nobody speaks in the name of another, nor at another time', async t => {
  const { office, id } = await begin();
  for (const [by, shift, law] of [
    ['bob', 0, 'note.author'],
    ['ada', -1, 'note.author'],
    ['ada', 0, undefined],
  ] as const) {
    const intent = office.intent('task.note', { task_id: id }, ada);
    const at = new Date(Date.parse(intent.at) + shift).toISOString();
    const note = noteRecord.put(office.idFor(noteRecord, intent), { kind: 'note', text: 'x', by, at }, id);
    t.equal((await office.forge([note], intent))?.law, law);
    const ref = { ref_type: 'commit' as const, sha: '3f2a9c1', live: true, by, at };
    const file = codeRefRecord.put(office.idFor(codeRefRecord, intent), ref, id);
    t.equal((await office.forge([file], intent))?.law, law);
  }
});

t.test('code_ref.live: evidence of a done task stays', async t => {
  const { office, id } = await begin({ requires_evidence: true });
  await office.does('task.claim', { task_id: id });
  const { code_ref_id } = await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha: '3f2a9c1' });
  const ref = (await office.view.get(codeRefRecord, String(code_ref_id), id))!;
  const forge = async (patch: object) => {
    const intent = office.intent('task.code_ref', { task_id: id }, ada);
    return (
      (await office.forge([codeRefRecord.put(String(code_ref_id), { ...ref, ...patch }, id)], intent))?.law ?? 'lawful'
    );
  };
  t.equal(await forge({ sha: 'aaaaaaa' }), 'code_ref.live');
  t.equal(await forge({ by: 'bob' }), 'code_ref.live');
  t.equal(await forge({ live: false }), 'lawful');
  await office.does('task.update', { task_id: id, status: 'done' });
  t.equal(await forge({ live: false }), 'code_ref.live');
  t.same(await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha: '3f2a9c1' }), {
    task_id: id,
    code_ref_id,
  });
});

t.test('a code ref names something, never a place on a machine', async t => {
  const { office, id } = await begin();
  const bad = [
    { ref_type: 'commit' },
    { ref_type: 'branch' },
    { ref_type: 'pr' },
    { ref_type: 'file', name: '/etc/passwd' },
    { ref_type: 'file', name: 'C:\\x' },
    { ref_type: 'file', name: '~/x' },
    { ref_type: 'file', name: 'a/../../x' },
  ];
  for (const ref of bad) t.match(await office.refusal('task.code_ref', { task_id: id, ...ref }), { code: 'BAD_INPUT' });
  await office.does('task.code_ref', { task_id: id, ref_type: 'file', name: 'src/sweeper.ts:10-20' });
});

t.test('attachment.bytes and blob.used', async t => {
  const { office, id } = await begin();
  const content = 'all 312 passed';
  const { attachment_id } = await office.does('attach.add', { task_id: id, name: 'run.log', content });
  const kept = (await office.view.get(attachmentRecord, String(attachment_id), id))!;
  const bytes = new TextEncoder().encode(content);
  t.match(kept, { sha256: digest(bytes), size: bytes.length, name: 'run.log' });
  t.same(await office.view.get(blobRecord, blobId(kept.sha256)), { text: content });
  t.match(await office.does('attach.add', { task_id: id, name: 'run.log', content }), { attachment_id }, 'once');
  const url = { name: 'big.iso', url: 'https://example.com/big.iso', sha256: 'a'.repeat(64) };
  await office.does('attach.add', { task_id: id, ...url });

  const intent = office.intent('attach.add', { task_id: id }, ada);
  const file = { name: 'x', sha256: 'b'.repeat(64), size: 3, by: 'ada', at: intent.at };
  const forged = attachmentRecord.put(office.idFor(attachmentRecord, intent), file, id);
  t.equal((await office.forge([forged], intent))?.law, 'attachment.bytes', 'bytes that are not there');
  const blob = blobRecord.put(blobId(file.sha256), { text: 'abc' });
  t.equal((await office.forge([forged, blob], intent))?.law, 'attachment.bytes', 'bytes of another digest');
  const stray = new TextEncoder().encode('stray');
  const alone = blobRecord.put(blobId(digest(stray)), { text: 'stray' });
  t.equal((await office.forge([alone], intent))?.law, 'blob.used');
  const hidden = { ...file, sha256: digest(stray), size: stray.length };
  const pair = [
    attachmentRecord.put(office.idFor(attachmentRecord, intent), hidden, id),
    blobRecord.put(blobId(digest(stray)), { base64: btoa('stray') }),
  ];
  t.equal((await office.forge(pair, intent))?.law, 'blob.used', 'text that hides from the redactor');
  await t.rejects(
    office.does('attach.add', { task_id: id, name: 'x', content_base64: btoa('plain') }),
    /send it as content/,
  );
  await t.rejects(
    office.does('attach.add', { task_id: id, name: 'x', content: 'x'.repeat(1_048_577) }),
    /at most 1 MB/,
  );
  await office.does('attach.add', { task_id: id, name: 'x.bin', content_base64: btoa('\u0000\u0001\u00ff') });
});

t.test('record of a task keeps only what was asked', async t => {
  const { office, id } = await begin({
    description: 'long',
    estimate: '4h',
    due_on: '2026-04-01',
    start_on: '2026-03-10',
  });
  await office.does('task.update', { task_id: id, description: null, due_on: null, labels: ['b', 'a', 'b'] });
  const task: Task = await office.task(id);
  t.notOk('description' in task || 'due_on' in task);
  t.match(task, { labels: ['a', 'b'], estimate: '4h', start_on: '2026-03-10' });
});
