import t from 'tap';
import { checkHash, type Proof, proofRecord } from '../../src/rooms/tasks/proofs.ts';
import { type Criterion, codeRefRecord, taskRecord } from '../../src/rooms/tasks/record.ts';
import { ada, bob, eve, type Person, TestOffice, type Turn } from './office.ts';

const COMMIT = 'a1'.repeat(20);
const OTHER = 'b2'.repeat(20);
const CRITERIA = [{ text: 'tests pass', check: 'npm test' }, { text: 'documented' }];

/** A task of eve's with a check, held by ada, with a commit. */
async function begin({ claim = true, ...input }: { claim?: boolean } & Record<string, unknown> = {}) {
  const office = new TestOffice();
  const id = await office.creates({ acceptance_criteria: CRITERIA, ...input }, eve);
  if (claim) await office.does('task.claim', { task_id: id }, ada);
  const who = claim ? ada : eve;
  const { code_ref_id } = await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha: COMMIT }, who);
  const criterion = async (name = 'c1'): Promise<Criterion> =>
    (await office.task(id)).criteria.find(one => one.id === name)!;
  const facts = async (patch: Partial<Proof> = {}) => ({
    task_id: id,
    criterion: 'c1',
    check_sha256: checkHash(await criterion()),
    exit_code: 0,
    duration_ms: 1200,
    commit: COMMIT,
    clean: true,
    output_sha256: 'c'.repeat(64),
    output_bytes: 12,
    output_tail: 'all 12 passed',
    ...patch,
  });
  const proves = async (patch: Partial<Proof> = {}, by: Person = ada) =>
    office.does('task.proof', await facts(patch), by);
  return { office, id, ref: String(code_ref_id), criterion, facts, proves };
}

const done = (id: string) => ({ task_id: id, status: 'done' });

t.test('a criterion with a check is met by a passing proof, and by nothing else', async t => {
  const { office, id, criterion, proves } = await begin();
  const word = { task_id: id, criterion: 'c1' };
  const hint = `ledgenter task prove ${id} --criterion c1`;
  t.match(await office.refusal('task.check', word), { code: 'GATE', law: 'task.criteria', hint });
  t.match(await office.refusal('task.update', done(id)), { code: 'GATE', message: /c1 is not met/, hint });
  t.match(await proves({ exit_code: 1 }), { met: false });
  t.match(await proves({ clean: false }), { met: false });
  t.match(await proves({ commit: OTHER }), { met: false });
  t.match(await proves({ exit_code: null, ended: 'timeout' }), { met: false });
  t.match(await criterion(), { met: false, proof: undefined });
  const { proof_id, met } = await proves();
  t.equal(met, true);
  t.match(await criterion(), { met: true, met_by: 'ada', proof: proof_id });
  t.equal((await office.view.ids(proofRecord, id)).length, 5, 'each of them is kept');
  t.match(await office.refusal('task.update', done(id)), { message: /c2/, hint: /task check/ });
  await office.does('task.check', { task_id: id, criterion: 'c2' });
  await office.does('task.update', done(id));
});

t.test('the newest word counts: a check that fails later takes the criterion back', async t => {
  const { office, id, criterion, proves } = await begin();
  await proves();
  await proves({ exit_code: 1, clean: false });
  t.match(await criterion(), { met: true }, 'a tree that was not clean says nothing of the commit');
  await proves({ exit_code: 1 });
  t.match(await criterion(), { met: false, proof: undefined });
  t.match(await office.refusal('task.update', done(id)), { code: 'GATE', message: /c1 is not met/ });
});

t.test('a proof is outdated by another wording and by a commit that went', async t => {
  const { office, id, ref, criterion, facts, proves } = await begin();
  const stale = await facts();
  await proves();
  await office.does('task.check', { task_id: id, criterion: 'c2' });
  await office.does('task.update', { task_id: id, check: ['c1=npm run all'] }, eve, { held: false }).catch(() => {});
  t.match(await criterion(), { check: 'npm test', met: true }, 'nobody but the holder writes on what is held');
  await office.does('task.update', { task_id: id, status: 'open' });
  await office.does('task.update', { task_id: id, check: ['c1=npm run all'] }, eve);
  t.match(await criterion(), { check: 'npm run all', met: false, proof: undefined });
  await office.does('task.claim', { task_id: id });
  t.match(await office.refusal('task.proof', stale), { code: 'REFUSED', message: /changed while its check ran/ });
  t.match(await office.refusal('task.update', done(id)), { code: 'GATE', message: /c1/ });
  await proves();
  const live = (await office.view.get(codeRefRecord, ref, id))!;
  office.state.apply([codeRefRecord.put(ref, { ...live, live: false }, id)]);
  t.match(await office.refusal('task.update', done(id)), {
    code: 'GATE',
    law: 'task.status',
    message: /c1 was proven at a1a1a1a1a1a1, which is no live commit/,
    hint: `ledgenter task prove ${id} --criterion c1`,
  });
  await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha: COMMIT.slice(0, 10) });
  await office.does('task.update', done(id));
});

t.test('checks are set, changed and taken away by who may move the goalposts', async t => {
  const { office, id, criterion } = await begin({ claim: false, check: ['c2=make docs'] });
  t.match(await criterion('c2'), { text: 'documented', check: 'make docs', met: false });
  const set = (check: string[], who: Person = eve) => office.refusal('task.update', { task_id: id, check }, who);
  t.match(await set(['c2='], bob), { law: 'task.goalposts', code: 'HUMAN_ONLY' });
  t.match(await set(['c2=make all'], bob), { law: 'task.goalposts' });
  t.match(await set(['c9=true']), { code: 'NOT_FOUND' });
  await t.rejects(set(['c2=make all && true']), /needs a shell/);
  await t.rejects(set(['make all']), /is not of the form c1=/);
  t.match(await set(['c2=']), { code: 'lawful' });
  t.equal((await criterion('c2')).check, undefined);
  await office.does('task.update', { task_id: id, add_criteria: [{ text: 'linted', check: 'npm run lint' }] }, eve);
  t.match(await criterion('c3'), { check: 'npm run lint' });
});

t.test('task.proof: a criterion is met by no forged proof', async t => {
  const { office, id, criterion, facts } = await begin();
  const { task_id: _task, ...good } = await facts();
  const turn = (): Turn & { op: string } => ({ op: 'task.proof', at: office.now + 1000 });
  async function forged(patch: Partial<Proof>, more: object = {}) {
    const at = new Date(office.now + 1000).toISOString();
    const one = await criterion();
    const { files, intent } = await office.rewrite(id, {}, ada, turn());
    const x = office.idFor(proofRecord, intent);
    const met = { ...one, met: true, met_by: 'ada', met_at: at, proof: x, ...more };
    const task = { ...(await office.task(id)), updated_at: at, criteria: [met, await criterion('c2')] };
    const proof = { ...good, by: 'ada', at, ...patch } as Proof;
    const all = [...files.slice(0, -1), taskRecord.put(id, JSON.parse(JSON.stringify(task)))];
    return (await office.forge([...all, proofRecord.put(x, proof, id)], intent))?.law ?? 'lawful';
  }
  t.equal(await forged({}), 'lawful', 'the honest one');
  t.equal(await forged({ exit_code: 1 }), 'task.proof', 'it failed');
  t.equal(await forged({ exit_code: null, signal: 'SIGKILL' }), 'task.proof', 'it was killed');
  t.equal(await forged({ clean: false }), 'task.proof', 'on changed files');
  t.equal(await forged({ commit: OTHER }), 'task.proof', 'at another commit');
  t.equal(await forged({ criterion: 'c2' }), 'task.proof', 'of another criterion');
  t.equal(await forged({ check_sha256: 'd'.repeat(64) }), 'task.proof', 'of another wording');
  t.equal(await forged({}, { proof: 'x-0000000000' }), 'task.proof', 'of which there is none');
  t.equal(await forged({}, { proof: undefined }), 'task.criteria', 'by word');
  t.equal(await forged({}, { met_by: 'bob' }), 'task.criteria', 'met by another');
  t.equal(await forged({ by: 'bob' }), 'note.author');
  t.equal(await forged({ at: '2026-01-01T00:00:00.000Z' }), 'note.author');
  t.equal(await forged({ exit_code: 0, ended: 'timeout' }), 'task.proof');
  t.equal(await forged({ output_tail: 'x'.repeat(5000) }), 'record.schema');
});

t.test('proof.form', async t => {
  const { office, id, facts } = await begin();
  const { task_id: _task, ...good } = await facts();
  async function law(patch: Partial<Proof>, who: Person = ada, task = id) {
    const intent = office.intent('task.proof', { task_id: task }, who);
    const files = await office.enrolled(intent);
    const record = { ...good, by: who.actor, at: intent.at, ...patch } as Proof;
    return (await office.forge([...files, proofRecord.put(office.idFor(proofRecord, intent), record, task)], intent))
      ?.law;
  }
  t.equal(await law({}), undefined);
  t.equal(await law({ criterion: 'c2' }), 'proof.form', 'a criterion without a check');
  t.equal(await law({ criterion: 'c7' }), 'proof.form');
  t.equal(await law({ check_sha256: 'd'.repeat(64) }), 'proof.form');
  t.equal(await law({ exit_code: null }), 'proof.form', 'it ended somehow');
  t.equal(await law({ exit_code: 0, signal: 'SIGTERM' }), 'proof.form');
  t.equal(await law({}, bob), 'hold.work', 'another holds it');
  await office.does('task.update', { task_id: id, status: 'open' });
  t.equal(await law({}, bob), 'proof.form', 'nobody holds it');
  t.match(await office.refusal('task.proof', await facts(), bob), { code: 'NOT_HOLDER', hint: /task claim/ });
  t.equal(await law({}, eve), undefined, 'a person proves all the same');
  await office.does('task.update', { task_id: id, status: 'cancelled', reason: 'not needed' }, eve);
  t.match(await office.refusal('task.proof', await facts(), eve), { code: 'REFUSED', message: /is cancelled/ });
  t.equal(await law({}, eve), 'proof.form', 'nothing is proven of what is over');
});

t.test('a check added or changed in review opens the review anew', async t => {
  const { office, id, proves } = await begin({ reviewer: 'bob' });
  await proves();
  await office.does('task.check', { task_id: id, criterion: 'c2' });
  await office.does('task.update', { task_id: id, status: 'in_review' });
  const first = (await office.task(id)).review;
  t.match(await proves(), { met: true }, 'proving again in review changes nothing of it');
  t.equal((await office.task(id)).review, first);
  await office.does('task.update', { task_id: id, check: ['c2=make docs'] }, eve);
  const { review, criteria } = await office.task(id);
  t.not(review, first);
  t.match(criteria[1], { check: 'make docs', met: false });
});

t.test('task get says what is proven, at which commit, and why it no longer counts', async t => {
  const { office, id, proves } = await begin();
  const { proof_id } = await proves({ output_tail: 'x'.repeat(3000) });
  await proves({ exit_code: 2, clean: false, output_tail: 'red' });
  const shown = await office.asks('task.get', { task_id: id, include: ['proofs'] });
  t.match(shown, {
    task: { criteria: [{ id: 'c1', check: 'npm test', proof: proof_id, proven_at: COMMIT }, { id: 'c2' }] },
    counts: { proofs: 2 },
    truncated: true,
  });
  const proofs = shown.proofs as Proof[];
  t.match(proofs[0], { exit_code: 2, clean: false, output_tail: 'red' }, 'newest first');
  t.ok(proofs[1]!.output_tail!.length <= 401);
  const whole = await office.asks('task.get', { task_id: id, include: ['proofs'], full: true });
  t.equal((whole.proofs as Proof[])[1]!.output_tail!.length, 3000);
});
