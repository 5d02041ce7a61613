import t from 'tap';
import { readReport } from '../../src/rooms/code/report.ts';
import { type CodeRef, codeRefRecord } from '../../src/rooms/tasks/record.ts';
import { ada, bob, TestOffice } from './office.ts';

const SHA = '3f2a9c17'.padEnd(40, '0');
const HEAD = 'e'.repeat(40);
const GITHUB = 'https://github.com/acme/web/pull/12';
const GITLAB = 'https://gitlab.com/acme/web/-/merge_requests/12';

/** What the four sources say of one merged pull request, with the noise that comes along. */
const MERGED: Record<string, object> = {
  gh: {
    number: 12,
    url: GITHUB,
    state: 'MERGED',
    isDraft: false,
    mergedAt: '2026-03-02T09:00:00Z',
    mergeCommit: { oid: SHA },
    headRefOid: HEAD,
  },
  event: {
    action: 'closed',
    number: 12,
    pull_request: {
      html_url: GITHUB,
      number: 12,
      state: 'closed',
      draft: false,
      merged: true,
      merge_commit_sha: SHA,
      title: 'PRIVATE',
      body: 'PRIVATE',
      head: { sha: HEAD },
    },
    sender: { login: 'PRIVATE' },
  },
  glab: {
    iid: 12,
    web_url: GITLAB,
    state: 'merged',
    draft: false,
    merge_commit_sha: SHA,
    sha: HEAD,
    description: 'PRIVATE',
  },
  hook: {
    object_kind: 'merge_request',
    user: { email: 'PRIVATE' },
    object_attributes: {
      iid: 12,
      url: GITLAB,
      state: 'merged',
      merge_commit_sha: SHA,
      last_commit: { id: HEAD, message: 'PRIVATE' },
    },
  },
};
const patched = (form: string, patch: object): string => {
  const report = structuredClone(MERGED[form]!) as Record<string, object>;
  Object.assign(report.pull_request ?? report.object_attributes ?? report, patch);
  return JSON.stringify(report);
};

t.test('four forms say the same', async t => {
  for (const [form, report] of Object.entries(MERGED)) {
    const pr = form === 'gh' || form === 'event' ? GITHUB : GITLAB;
    t.same(readReport(JSON.stringify(report)), { pr, state: 'merged', merged_as: SHA }, form);
  }
  const state = (form: string, patch: object) => readReport(patched(form, patch)).state;
  t.equal(state('gh', { state: 'OPEN', isDraft: true }), 'draft');
  t.equal(state('gh', { state: 'OPEN' }), 'open');
  t.equal(state('gh', { state: 'CLOSED' }), 'closed');
  t.equal(state('event', { merged: false, state: 'open', draft: true }), 'draft');
  t.equal(state('event', { merged: false }), 'closed');
  t.equal(state('glab', { state: 'opened', draft: true }), 'draft');
  t.equal(state('glab', { state: 'locked' }), 'open', 'it is just being merged');
  t.equal(state('hook', { state: 'opened', work_in_progress: true }), 'draft');
  for (const odd of ['QUEUED', '', 7, null, {}, ['open'], '__proto__', 'constructor'])
    for (const form of ['gh', 'glab', 'hook']) t.equal(state(form, { state: odd }), 'unknown', `${form} ${odd}`);
  t.same(
    readReport(patched('event', { merged: false })),
    { pr: GITHUB, state: 'closed' },
    'a merge commit for trial is none',
  );
  t.match(readReport(patched('hook', { merge_commit_sha: null })), { merged_as: HEAD }, 'fast-forwarded');
  for (const none of ['', null, '0'.repeat(40), '3f2a9c1', 7]) {
    const squashed = { merge_commit_sha: none, squash_commit_sha: SHA };
    t.match(readReport(patched('glab', squashed)), { merged_as: SHA }, `squashed, and ${none} is no merge commit`);
    t.match(readReport(patched('glab', { merge_commit_sha: none, squash_commit_sha: none })), { merged_as: HEAD });
  }
  t.notHas(readReport(patched('gh', { mergeCommit: null })), 'merged_as');
});

t.test('a report is anybody’s text', async t => {
  const refused = (text: string, code = 'BAD_INPUT') => t.throws(() => readReport(text), { code }, text.slice(0, 60));
  for (const text of ['', 'no json', '[]', '7', 'null', '"x"', '{}', '[{"number":1}]', '{"pull_request":7}'])
    refused(text);
  refused(JSON.stringify({ object_kind: 'push', object_attributes: {} }));
  refused(`${'['.repeat(400_000)}${']'.repeat(400_000)}`);
  refused(`{"pull_request":${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}}`);
  refused('x'.repeat(10 << 20), 'TOO_LARGE');
  refused('{"__proto__":{"number":12,"url":"https://github.com/acme/web/pull/12","state":"OPEN"}}');
  refused('{"pull_request":{"__proto__":{"html_url":"https://github.com/acme/web/pull/12","number":12}}}');
  for (const url of [
    7,
    null,
    {},
    [GITHUB],
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://github.com/acme/web',
    `${GITHUB}${'9'.repeat(3000)}`,
    'https://github.com/acme/web/pull/13',
  ])
    refused(patched('gh', { url }));
  for (const number of ['12', 12.5, -12, null, 1e30]) refused(patched('gh', { number }));
  const { pr } = readReport(
    patched('gh', { url: 'https://anna:secret@GitHub.com/acme/web/pull/12/files?token=s3cret#x' }),
  );
  t.equal(pr, GITHUB, 'no user, query, fragment or page');
  for (const oid of ['HEAD', `${SHA}; rm -rf`, SHA.toUpperCase(), 7, { toString: 1 }, '0'.repeat(40), SHA.slice(1)])
    t.notHas(readReport(patched('gh', { mergeCommit: { oid } })), 'merged_as', String(JSON.stringify(oid)));
});

const refs = async (office: TestOffice, id: string) =>
  (await office.view.all(codeRefRecord, id))
    .map(({ record }) => record)
    .sort((a, b) => (a.ref_type < b.ref_type ? 1 : -1));

t.test('a report finds or makes the pull request of a task, and keeps nothing else of its text', async t => {
  for (const form of Object.keys(MERGED)) {
    const office = new TestOffice();
    const id = await office.creates();
    const name = form === 'gh' || form === 'event' ? 'github:acme/web#12' : 'gitlab:acme/web!12';
    const report = JSON.stringify(MERGED[form]);
    await office.does('code.ref_update', { task_id: id, report });
    const [pr, commit] = (await refs(office, id)) as [CodeRef, CodeRef];
    t.match(pr, { ref_type: 'pr', name, state: 'merged', live: true }, form);
    t.match(commit, { ref_type: 'commit', sha: SHA, live: true });
    t.match(await office.outcome('code.ref_update', { task_id: id, report }, ada), { kind: 'same' });
    await office.does('code.ref_update', { report: patched(form, {}) }, bob).catch(() => {});
    t.notMatch(JSON.stringify([...office.entries, ...(await refs(office, id))]), /PRIVATE|mergedAt|sender/);
  }
});

t.test('without a task, the one that has the pull request is told; none, and several, are named', async t => {
  const office = new TestOffice();
  const report = patched('gh', { state: 'OPEN' });
  await t.rejects(office.does('code.ref_update', { report }), { code: 'NOT_FOUND', message: /github:acme\/web#12/ });
  const id = await office.creates();
  await office.does('task.code_ref', { task_id: id, ref_type: 'pr', url: `${GITHUB}/files` });
  t.match(await office.does('code.ref_update', { report }, bob), { task_id: id });
  t.match(await refs(office, id), [{ state: 'open', by: 'ada' }]);
  const other = await office.creates({ title: 'Another' });
  await office.does('task.code_ref', { task_id: other, ref_type: 'pr', name: 'Acme/Web#12' });
  await t.rejects(office.does('code.ref_update', { report }), /aimed at 2 things/, 'one entry a task');
});

t.test('what was merged stays merged when an older report comes late; by its id a ref is told anything', async t => {
  const office = new TestOffice();
  const id = await office.creates();
  const { code_ref_id } = await office.does('code.ref_update', { task_id: id, report: JSON.stringify(MERGED.gh) });
  const late = { task_id: id, report: patched('gh', { state: 'OPEN' }) };
  t.match(await office.outcome('code.ref_update', late, ada), { kind: 'same', result: { stays: true } });
  const again = { task_id: id, report: JSON.stringify(MERGED.gh) };
  t.notHas(((await office.outcome('code.ref_update', again, ada)) as { result: object }).result, 'stays', 'it is so');
  await office.does('code.ref_update', { task_id: id, code_ref_id, state: 'unknown' });
  t.match(await refs(office, id), [{ state: 'unknown' }, { ref_type: 'commit' }]);
  await office.does('code.ref_update', { task_id: id, code_ref_id, live: false });
  t.match(await refs(office, id), [{ live: false, state: 'unknown' }, {}]);
  await office.does('code.ref_update', { task_id: id, code_ref_id, live: true, state: 'closed' });
  t.match(await refs(office, id), [{ live: true, state: 'closed' }, {}]);
});

t.test('while another holds the task its pull request has its state, and nothing else is written', async t => {
  const office = new TestOffice();
  const id = await office.creates();
  await office.does('task.code_ref', { task_id: id, ref_type: 'pr', url: GITHUB });
  const { code_ref_id } = await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha: HEAD });
  await office.does('task.claim', { task_id: id });
  const before = await office.task(id);
  const report = JSON.stringify(MERGED.event);
  await office.does('code.ref_update', { task_id: id, report }, bob);
  t.match(await refs(office, id), [{ state: 'merged' }, { sha: HEAD }]);
  t.equal((await refs(office, id)).length, 2, 'the merge commit waits');
  t.same(await office.task(id), before);
  const refused = (input: object) => office.refusal('code.ref_update', { task_id: id, ...input }, bob);
  t.match(await refused({ code_ref_id, live: false }), { code: 'NOT_HOLDER' });
  t.match(await refused({ report: patched('event', { html_url: `${GITHUB}3`, number: 123 }) }), { code: 'NOT_HOLDER' });
  await office.does('code.ref_update', { task_id: id, report });
  t.equal((await refs(office, id)).length, 3, 'the holder links it');
});

t.test('what cannot be told is refused in words', async t => {
  const office = new TestOffice();
  const id = await office.creates();
  const { code_ref_id } = await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha: HEAD });
  const bad = [
    { task_id: id },
    { code_ref_id, live: true },
    { task_id: id, code_ref_id },
    { task_id: id, code_ref_id, state: 'open' },
    { task_id: id, pr: 'github:acme/web#1' },
    { task_id: id, pr: 'github:acme/web#1', state: 'open', merged_as: SHA },
    { task_id: id, code_ref_id, pr: 'github:acme/web#1', state: 'open' },
    { task_id: id, report: JSON.stringify(MERGED.gh), state: 'open' },
    { state: 'open' },
  ];
  for (const input of bad)
    await t.rejects(office.does('code.ref_update', input), { code: 'BAD_INPUT' }, JSON.stringify(input));
  for (const input of [
    { code_ref_id: 'c-0000000000', live: false },
    { pr: 'github:acme/web#1', live: false },
  ])
    await t.rejects(office.does('code.ref_update', { task_id: id, ...input }), { code: 'NOT_FOUND' });
});

t.test('code.ref_query', async t => {
  const office = new TestOffice();
  await office.does('repo.register', { slug: 'web', remote_url: 'https://github.com/acme/web.git' });
  const id = await office.creates();
  const other = await office.creates({ title: 'Another' });
  await office.does('task.code_ref', { task_id: id, ref_type: 'commit', sha: SHA, repo: 'web' });
  await office.does('task.code_ref', { task_id: other, ref_type: 'commit', sha: HEAD });
  await office.does('code.ref_update', { task_id: id, report: patched('gh', { state: 'OPEN' }) });
  const asks = async (input: object) => (await office.asks('code.ref_query', input)).code_refs as CodeRef[];
  t.match(await asks({ sha: SHA.slice(0, 8) }), [{ task_id: id, sha: SHA }]);
  t.match(await asks({ ref_type: 'pr', state: 'open' }), [{ task_id: id, name: 'github:acme/web#12' }]);
  t.equal((await asks({ repo: 'web' })).length, 2, 'by slug: the one that says so, and the pull request by its name');
  t.equal((await asks({ repo: 'git@github.com:acme/web.git' })).length, 2, 'by an address');
  t.equal((await asks({ task_id: other })).length, 1);
  t.same((await asks({ live: false })).length, 0);
  t.match(await office.asks('code.ref_query', { limit: 2, fields: ['sha'] }), {
    total: 3,
    cursor: /./,
    code_refs: [{ id: /^c-/ }, { id: /^c-/ }],
  });
});
