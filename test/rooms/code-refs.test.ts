import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { type CodeRef, codeRefRecord } from '../../src/rooms/tasks/record.ts';
import { ada, bob, eve, TestOffice } from './office.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const C = 'c'.repeat(40);

/** An office with a task that has code refs: ids by what they point at. */
async function begin(input: object = {}, shas: readonly string[] = [A]) {
  const office = new TestOffice();
  const id = await office.creates(input);
  const refs: string[] = [];
  for (const sha of shas)
    refs.push(String((await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha })).code_ref_id));
  return { office, id, refs };
}

const refsOf = async (office: TestOffice, id: string) => office.view.all(codeRefRecord, id);
const told = async (office: TestOffice, id: string) =>
  (await refsOf(office, id))
    .map(({ record: { sha, name, live, moved_to } }) => `${sha ?? name} ${live}${moved_to ? ` ${moved_to}` : ''}`)
    .sort();

t.test('code_ref.live: of a ref only what became of it may change', async t => {
  const { office, id, refs } = await begin({}, [A, B]);
  const [a, b] = refs as [string, string];
  const { code_ref_id: pr } = await office.does('task.code_ref', {
    task_id: id,
    ref_type: 'pr',
    name: 'github:acme/web#7',
  });
  const forge = async (patches: Record<string, object>) => {
    const files = [];
    for (const [ref, patch] of Object.entries(patches)) {
      const record = { ...(await office.view.get(codeRefRecord, ref, id))!, ...patch };
      files.push(codeRefRecord.put(ref, JSON.parse(JSON.stringify(record)) as CodeRef, id));
    }
    return (await office.forge(files, office.intent('code.follow', { task_id: id })))?.law ?? 'lawful';
  };
  t.equal(await forge({ [a]: { live: false } }), 'lawful');
  t.equal(await forge({ [a]: { live: false, moved_to: B } }), 'lawful');
  t.equal(await forge({ [a]: { live: false, moved_to: B.slice(0, 7) } }), 'lawful', 'by the beginning of its id');
  t.equal(await forge({ [a]: { moved_to: B } }), 'code_ref.live', 'a live commit moved nowhere');
  t.equal(await forge({ [a]: { live: false, moved_to: C } }), 'code_ref.live', 'to a commit that is not the task’s');
  t.equal(await forge({ [a]: { live: false, moved_to: A } }), 'code_ref.live', 'to itself');
  t.equal(await forge({ [a]: { live: false, moved_to: B }, [b]: { live: false } }), 'code_ref.live', 'to a dead one');
  t.equal(await forge({ [String(pr)]: { live: false, moved_to: B } }), 'code_ref.live', 'a pull request moves nowhere');
  t.equal(await forge({ [String(pr)]: { state: 'merged' } }), 'lawful');
  t.equal(await forge({ [String(pr)]: { state: 'gone' } }), 'record.schema');
  t.equal(await forge({ [a]: { state: 'open' } }), 'code_ref.live', 'a commit has no state');
  for (const patch of [{ sha: C }, { by: 'bob' }, { ref_type: 'tag', name: 'v1' }, { at: '2020-01-01T00:00:00.000Z' }])
    t.equal(await forge({ [a]: patch }), 'code_ref.live', JSON.stringify(patch));
  const intent = office.intent('task.code_ref', { task_id: id });
  const born = { ref_type: 'commit', sha: C, live: true, by: 'ada', at: intent.at } as const;
  const file = (patch: object) => codeRefRecord.put(office.idFor(codeRefRecord, intent), { ...born, ...patch }, id);
  t.equal((await office.forge([file({ live: false })], intent))?.law, 'code_ref.live', 'none is born dead');
  t.equal((await office.forge([file({ moved_to: A })], intent))?.law, 'code_ref.live');
  t.equal((await office.forge([file({})], intent))?.law, undefined);
});

t.test('refs follow an amend and a squash, and come back', async t => {
  const { office, id, refs } = await begin({}, [A, B]);
  const [a, b] = refs as [string, string];
  const squash = {
    task_id: id,
    add: [{ ref_type: 'commit', sha: C }],
    gone: [
      { code_ref_id: a, moved_to: C },
      { code_ref_id: b, moved_to: C },
    ],
  };
  const did = await office.does('code.follow', squash, bob);
  t.match(did, { task_id: id, gone: [a, b], back: [] });
  t.same(await told(office, id), [`${A} false ${C}`, `${B} false ${C}`, `${C} true`]);
  t.match(await office.outcome('code.follow', squash, ada), { kind: 'same' }, 'said again it says nothing');
  const undo = { task_id: id, back: [a, b], gone: [{ code_ref_id: String((did.added as string[])[0]) }] };
  t.match(await office.does('code.follow', undo), { back: [a, b] });
  t.same(await told(office, id), [`${A} true`, `${B} true`, `${C} false`], 'what is back moved nowhere');
  t.match(await office.outcome('code.follow', undo, ada), { kind: 'same' });
  await office.does('code.follow', {
    task_id: id,
    add: [
      { ref_type: 'commit', sha: C },
      { ref_type: 'commit', sha: C },
    ],
  });
  t.equal((await refsOf(office, id)).length, 3, 'a dead one lives again instead of a second');
});

t.test('many at once, each with an id of its own; what is there already is left out', async t => {
  const { office, id } = await begin({}, [A.slice(0, 7)]);
  const add = [A, B, C, B.slice(0, 9)].map(sha => ({ ref_type: 'commit', sha }));
  const { added } = await office.does('code.follow', { task_id: id, add });
  t.equal((added as string[]).length, 2, 'the beginning of an id names the same commit');
  t.same(await told(office, id), [`${A.slice(0, 7)} true`, `${B} true`, `${C} true`]);
  const branch = { ref_type: 'branch', name: 'sweep' };
  t.equal(((await office.does('code.follow', { task_id: id, add: [branch, branch] })).added as string[]).length, 1);
  t.match(await office.refusal('code.follow', { task_id: id, add: [{ ref_type: 'commit' }] }), { code: 'BAD_INPUT' });
  const unknown = { task_id: id, gone: [{ code_ref_id: 'c-0000000000' }], back: ['c-0000000000'] };
  t.match(await office.outcome('code.follow', unknown, ada), { kind: 'same' }, 'what is not here is left out');
});

t.test('a place that is not a live commit of the task is not told', async t => {
  const { office, id, refs } = await begin({}, [A, B]);
  const [a, b] = refs as [string, string];
  await office.does('code.follow', { task_id: id, gone: [{ code_ref_id: a, moved_to: C }] });
  t.same(await told(office, id), [`${A} false`, `${B} true`]);
  await office.does('code.follow', { task_id: id, gone: [{ code_ref_id: a, moved_to: B }] });
  t.same(await told(office, id), [`${A} false ${B}`, `${B} true`], 'it may be told later');
  await office.does('code.follow', {
    task_id: id,
    add: [{ ref_type: 'commit', sha: C }],
    gone: [{ code_ref_id: b, moved_to: C }],
  });
  t.same(await told(office, id), [`${A} false ${B}`, `${B} false ${C}`, `${C} true`], 'a chain');
});

t.test('a done task that needs evidence keeps the last of it', async t => {
  const { office, id, refs } = await begin({ requires_evidence: true }, [A, B]);
  const gone = refs.map(code_ref_id => ({ code_ref_id }));
  await office.does('task.claim', { task_id: id });
  await office.does('task.update', { task_id: id, status: 'done' });
  t.same((await office.does('code.follow', { task_id: id, gone }, bob)).gone, [refs[0]]);
  t.same(await told(office, id), [`${A} false`, `${B} true`]);
  t.match(await office.outcome('code.follow', { task_id: id, gone }, bob), { kind: 'same' });
  await office.does('code.follow', { task_id: id, gone, add: [{ ref_type: 'commit', sha: C }] }, bob);
  t.same(await told(office, id), [`${A} false`, `${B} false`, `${C} true`], 'with another in its place it goes');
  await office.does('attach.add', { task_id: id, name: 'run.log', content: 'all passed' }, eve);
  const live = (await refsOf(office, id)).find(({ record }) => record.live)!;
  await office.does('code.follow', { task_id: id, gone: [{ code_ref_id: live.id }] }, bob);
  t.same(await told(office, id), [`${A} false`, `${B} false`, `${C} false`], 'an attachment is evidence too');
});

t.test('while a task is held its refs follow under the claim only', async t => {
  const { office, id } = await begin({}, []);
  const add = [{ ref_type: 'commit', sha: A }];
  await office.does('task.claim', { task_id: id });
  t.match(await office.refusal('code.follow', { task_id: id, add }, bob), { code: 'NOT_HOLDER' });
  await office.does('code.follow', { task_id: id, add });
  await office.does('task.release', { task_id: id });
  await office.does('code.follow', { task_id: id, add: [{ ref_type: 'commit', sha: B }] }, bob);
  t.same(await told(office, id), [`${A} true`, `${B} true`]);
});

t.test('task.get shows what became of the refs', async t => {
  const { office, id, refs } = await begin({}, [A]);
  await office.does('code.follow', {
    task_id: id,
    add: [{ ref_type: 'commit', sha: B }],
    gone: [{ code_ref_id: refs[0]!, moved_to: B }],
  });
  await office.does('code.ref_update', { task_id: id, pr: 'github:acme/web#7', state: 'draft' });
  t.match((await office.asks('task.get', { task_id: id })).counts, { refs: 3, refs_live: 2 });
  const told = await office.asks('task.get', { task_id: id, include: ['refs'] });
  t.match(told.refs, [
    { sha: A, live: false, moved_to: B },
    { sha: B, live: true },
    { name: 'github:acme/web#7', state: 'draft', live: true },
  ]);
  t.notHas(told, 'truncated');
  for (let n = 0; n < 40; n++) {
    const sha = String(n).padStart(40, 'f');
    const { added } = await office.does('code.follow', { task_id: id, add: [{ ref_type: 'commit', sha }] });
    await office.does('code.follow', { task_id: id, gone: [{ code_ref_id: (added as string[])[0]! }] });
  }
  const long = await office.asks('task.get', { task_id: id, include: ['refs'] });
  t.match(long, { truncated: true, counts: { refs: 43, refs_live: 2 } });
  t.equal((long.refs as unknown[]).length, 20);
  t.match(long.refs, [{ sha: B }, { state: 'draft' }], 'what is live is always shown');
  t.equal(
    ((await office.asks('task.get', { task_id: id, include: ['refs'], full: true })).refs as unknown[]).length,
    43,
  );
});

t.test('a pull request has one name, however it is written', async t => {
  const office = new TestOffice();
  await office.does('repo.register', { slug: 'web', remote_url: 'https://github.com/acme/web.git' });
  const id = await office.creates();
  const link = (ref: object) => office.does('task.code_ref', { task_id: id, ref_type: 'pr', ...ref });
  const same = [
    { url: 'https://github.com/Acme/Web/pull/12/files?diff=split' },
    { name: 'acme/web#12' },
    { name: 'https://github.com/acme/web/pull/12' },
    { name: '#12', repo: 'web' },
    { name: '12', repo: 'github/acme/web' },
    { name: 'github:acme/web#12', url: 'https://github.com/acme/web/pull/12' },
  ];
  const ids = new Set<unknown>();
  for (const ref of same) ids.add((await link(ref)).code_ref_id);
  t.equal(ids.size, 1);
  for (const [ref, name] of [
    [{ url: 'https://gitlab.com/group/sub/repo/-/merge_requests/3' }, 'gitlab:group/sub/repo!3'],
    [{ url: 'https://git.example.com/group/repo/-/merge_requests/3' }, 'gitlab:git.example.com/group/repo!3'],
    [{ name: '13' }, '13'],
    [{ url: 'https://bitbucket.org/acme/web/pull-requests/4' }, undefined],
    [{ name: 'acme/web/x', url: 'https://github.com/acme/web/issues/12' }, 'acme/web/x'],
  ] as const) {
    const { code_ref_id } = await link(ref);
    t.equal((await office.view.get(codeRefRecord, String(code_ref_id), id))?.name, name, JSON.stringify(ref));
  }
});

const SHAS = [A, B, C, A.slice(0, 8), B.slice(0, 7), 'd'.repeat(64)];
const anySha = fc.constantFrom(...SHAS);
const some = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 3 });
const steps = fc.array(
  fc.record({
    add: some(fc.record({ ref_type: fc.constant('commit'), sha: anySha })),
    gone: some(fc.record({ ref: fc.nat(7), moved_to: fc.option(anySha, { nil: undefined }) })),
    back: some(fc.nat(7)),
  }),
  { minLength: 1, maxLength: 8 },
);

t.test(
  'whatever refs are told to follow is lawful, and said again says nothing; evidence of what is done stays',
  async t => {
    const property = fc.assert(
      fc.asyncProperty(steps, fc.boolean(), async (all, done) => {
        const { office, id } = await begin({ requires_evidence: true }, [A]);
        if (done) {
          await office.does('task.claim', { task_id: id });
          await office.does('task.update', { task_id: id, status: 'done' });
        }
        for (const { add, gone, back } of all) {
          const ids = (await refsOf(office, id)).map(({ id }) => id);
          const ref = (n: number) => ids[n % ids.length]!;
          const input = JSON.parse(
            JSON.stringify({
              task_id: id,
              add,
              gone: gone.map(({ ref: n, moved_to }) => ({ code_ref_id: ref(n), moved_to })),
              back: back.map(ref),
            }),
          );
          const outcome = await office.outcome('code.follow', input, bob);
          assert.notEqual(outcome.kind, 'refused', JSON.stringify([input, outcome]));
          const after = JSON.stringify(await refsOf(office, id));
          assert.equal((await office.outcome('code.follow', input, ada)).kind, 'same', JSON.stringify(input));
          assert.equal(JSON.stringify(await refsOf(office, id)), after);
          const refs = (await refsOf(office, id)).map(({ record }) => record);
          assert.ok(!done || refs.some(({ live }) => live), 'evidence');
          assert.ok(refs.every(({ live, moved_to }) => !live || moved_to === undefined));
        }
      }),
      { numRuns: 60 },
    );
    await t.resolves(property);
  },
);
