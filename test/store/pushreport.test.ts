import t from 'tap';
import { pushResult } from '../../src/store/git/pushreport.ts';

const BOOK = 'refs/ledgenter/main/book';
const CLAIM = 'refs/ledgenter/main/claims/t-1';
const ONE = '1'.repeat(40);

interface Said {
  flags?: Record<string, string>;
  stderr?: string;
  code?: number;
}

function result({ flags = {}, stderr = '', code = 1 }: Said) {
  const lines = Object.entries(flags).map(([ref, text]) => `${text[0]}\t${ONE}:${ref}\t${text.slice(1)}`);
  return pushResult([BOOK, CLAIM], { code, stdout: ['To somewhere', ...lines, 'Done'].join('\n'), stderr });
}

t.test('accepted needs git’s word for every ref', async t => {
  t.same(result({ code: 0, flags: { [BOOK]: ' abc..def', [CLAIM]: '*[new reference]' } }), { kind: 'accepted' });
  t.same(result({ code: 0, flags: { [BOOK]: '+abc...def (forced update)', [CLAIM]: '-[deleted]' } }), {
    kind: 'accepted',
  });
  t.same(result({ code: 0, flags: { [BOOK]: '=[up to date]', [CLAIM]: '-[deleted]' } }), { kind: 'accepted' });
  t.match(result({ code: 0, flags: { [BOOK]: ' abc..def' } }), { kind: 'broken' }, 'one ref is not spoken of');
  t.match(result({ code: 1, flags: { [BOOK]: ' abc..def', [CLAIM]: '*[new reference]' } }), { kind: 'broken' });
});

t.test('every way to come second is refused, with the ref’s reason', async t => {
  for (const reason of [
    'stale info',
    'fetch first',
    'non-fast-forward',
    'already exists',
    'reference already exists',
    'cannot lock ref',
    'failed to update ref',
    "cannot lock ref 'refs/x': is at 1 but expected 2",
    'incorrect old value provided',
    'atomic transaction failed',
  ]) {
    const said = result({
      flags: { [BOOK]: '![rejected] (atomic push failed)', [CLAIM]: `![remote rejected] (${reason})` },
    });
    t.match(said, { kind: 'refused' }, reason);
    t.ok(said.kind === 'refused' && said.refs.some(ref => ref.ref === CLAIM && ref.reason === reason), reason);
  }
  const gone = result({
    stderr: `error: unable to delete '${CLAIM}': remote ref does not exist\nerror: failed to push`,
  });
  t.same(gone, { kind: 'refused', refs: [{ ref: CLAIM, reason: 'remote ref does not exist' }] });
});

t.test('a remote that would refuse again is told from one that only let another first', async t => {
  for (const reason of [
    'pre-receive hook declined',
    'hook declined',
    'protected branch hook declined',
    'deny updating a hidden ref',
    'funny refname',
    'shallow update not allowed',
  ]) {
    const said = result({
      flags: { [BOOK]: '![rejected] (atomic push failed)', [CLAIM]: `![remote rejected] (${reason})` },
    });
    t.match(said, { kind: 'denied', code: 'REMOTE_REFUSED', reason: new RegExp(reason) });
  }
  const atomic = result({ stderr: 'fatal: the receiving end does not support --atomic push' });
  t.match(atomic, { kind: 'denied', code: 'REMOTE_REFUSED' });
});

t.test('a remote that may only be read', async t => {
  for (const stderr of [
    'ERROR: Permission to org/repo.git denied to ann.\nfatal: Could not read from remote repository.',
    'git@example.org: Permission denied (publickey).\nfatal: Could not read from remote repository.',
    "fatal: unable to access 'https://example.org/r.git/': The requested URL returned error: 403",
    'fatal: remote error: access denied or repository not exported: /r.git',
    'ERROR: You are not allowed to push code to this project.\nfatal: Could not read from remote repository.',
    'remote: Write access to repository not granted.\nfatal: unable to access',
    "fatal: could not read Username for 'https://example.org': terminal prompts disabled",
    "fatal: Authentication failed for 'https://example.org/r.git/'",
  ])
    t.match(result({ code: 128, stderr }), { kind: 'denied', code: 'REMOTE_READ_ONLY', reason: /./ }, stderr);
  const unpack = 'unable to create temporary object directory';
  t.match(result({ flags: { [BOOK]: `![remote rejected] (${unpack})` } }), {
    kind: 'denied',
    code: 'REMOTE_READ_ONLY',
  });
});

t.test('all else is broken, with git’s reason: nobody knows what the remote did', async t => {
  const cases: [string, RegExp][] = [
    [
      'ssh: Could not resolve hostname nowhere: Name or service not known\nfatal: Could not read from remote repository.',
      /resolve/,
    ],
    ["fatal: unable to access 'https://x/': Failed to connect to x port 443: Connection refused", /connect/i],
    ['fatal: the remote end hung up unexpectedly', /hung up/],
    ['error: RPC failed; HTTP 502 curl 22\nfatal: expected flush after ref listing', /./],
    ['', /./],
  ];
  for (const [stderr, reason] of cases) t.match(result({ code: 128, stderr }), { kind: 'broken', reason }, stderr);
  t.match(result({ flags: { [BOOK]: '![remote rejected] (unpacker error)' } }), { kind: 'broken', reason: /unpacker/ });
  t.match(result({ flags: { [BOOK]: '![remote failure] (remote failed to report status)' } }), { kind: 'broken' });
});

t.test('a gate of ours that lets a claim go to somebody quicker is no remote that refuses pushes', async t => {
  const declined = '![remote rejected] (pre-receive hook declined)';
  const flags = { [BOOK]: declined, [CLAIM]: declined };
  const said = (...lines: string[]): string => lines.map(line => `remote: ledgenter: ${line}        `).join('\n');
  const held = `${CLAIM}: the claim 0123456789ab by anna broke law ref.claim: bert holds it until then`;
  const behind = `${BOOK}: the push broke law ref.book: the ref stands at 0123456789ab by now; fetch first`;
  t.match(result({ flags, stderr: said(held) }), { kind: 'refused', refs: [{ ref: CLAIM }] });
  t.match(result({ flags, stderr: said(behind) }), { kind: 'refused', refs: [{ ref: BOOK }] });
  const fenced = `${BOOK}: entry 0123456789ab by anna broke law ref.hold: t-1: bert holds it until then`;
  t.match(result({ flags, stderr: said(fenced) }), { kind: 'refused', refs: [{ ref: BOOK, told: true }] });
  const final = `${CLAIM}: the claim 0123456789ab by anna broke law ref.claim: t-1 is final in the book: nobody claims it any more`;
  t.match(result({ flags, stderr: said(final) }), { kind: 'refused', refs: [{ reason: /^t-1 is final/, told: true }] });
  const long = `${CLAIM}: the claim 0123456789ab by anna broke law ref.claim: a lease is seven days at most`;
  t.match(
    result({ flags, stderr: said(long) }),
    { kind: 'denied', reason: /seven days at most/, hint: 'ledgenter doctor' },
    'what nobody else took is no lost race',
  );
  const early = `${BOOK}: entry 0123456789ab by anna broke law book.landed: landed at x, 12m 3s ahead of the clock of this machine`;
  t.match(result({ flags, stderr: said(early) }), {
    kind: 'denied',
    reason: /^the clock of this machine is 12m 3s ahead of the server/,
    hint: 'ledgenter sync',
  });
  const unlawful = `${BOOK}: entry 0123456789ab by anna broke law task.status: access denied until it is done`;
  const told = result({ flags, stderr: said(unlawful, held) });
  t.match(told, { kind: 'denied', code: 'REMOTE_REFUSED', hint: 'ledgenter verify' });
  t.match(told.kind === 'denied' && told.reason, /broke law task\.status/);
  t.match(result({ flags, stderr: 'remote: ledgenter: the gate cannot start' }), { kind: 'denied' });
});
