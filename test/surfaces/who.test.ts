import t from 'tap';
import { LedgerError } from '../../src/kernel/errors.ts';
import { isId, recordId } from '../../src/kernel/ids.ts';
import { isKey } from '../../src/kernel/record.ts';
import { HOSTS } from '../../src/surfaces/hosts.ts';
import { actorSlug, type Identity, identify, NOBODY, runChain, type Signs, setting } from '../../src/surfaces/who.ts';

interface Given extends Partial<Omit<Signs, 'config'>> {
  config?: Record<string, string>;
}

const anna = { 'user.name': 'Anna Müller' };
const who = ({ config = anna, ...rest }: Given): Identity =>
  identify({ flags: {}, env: {}, terminal: false, ...rest, config: name => config[name] });

/** [what, signs, what follows from them] */
const TABLE: [string, Given, Partial<Identity>][] = [
  ['a person on a terminal', { terminal: true }, { actor: 'anna-muller', kind: 'human', mode: 'session' }],
  ['no terminal', {}, { actor: 'anna-muller', kind: 'agent' }],
  [
    'Claude Code',
    { env: { CLAUDECODE: '1' } },
    { actor: 'claude-code-anna-muller', kind: 'agent', host: 'claude-code' },
  ],
  ['Claude Code on a terminal', { env: { CLAUDECODE: '1' }, terminal: true }, { kind: 'agent' }],
  ['Codex', { env: { CODEX_SANDBOX: 'seatbelt' } }, { actor: 'codex-anna-muller', kind: 'agent' }],
  ['Cursor', { env: { CURSOR_AGENT: '1' } }, { host: 'cursor' }],
  ['a person in Cursor', { env: { CURSOR_TRACE_ID: 'x' }, terminal: true }, { kind: 'human' }],
  ['Gemini CLI', { env: { GEMINI_CLI: '1' } }, { host: 'gemini-cli' }],
  ['OpenCode', { env: { OPENCODE: '1', AGENT: '1' } }, { host: 'opencode' }],
  ['an agent that only says so', { env: { AGENT: '1' } }, { host: 'agent', kind: 'agent' }],
  ['an agent that names itself', { env: { AI_AGENT: 'amp@1.2.3' } }, { host: 'amp', kind: 'agent' }],
  ['an agent whose name is no name', { env: { AI_AGENT: '../../etc' } }, { host: 'agent' }],
  [
    'a variable that says no',
    { env: { CLAUDECODE: '0', CI: 'false' }, terminal: true },
    { kind: 'human', mode: 'session' },
  ],
  ['an agent inside CI', { env: { CI: 'true', CLAUDECODE: '1' } }, { host: 'claude-code', kind: 'agent' }],
  [
    'GitHub Actions',
    { env: { GITHUB_ACTIONS: 'true', CI: 'true' }, config: {} },
    { actor: 'github-actions', kind: 'service', mode: 'loop' },
  ],
  ['another CI', { env: { CI: '1' } }, { host: 'ci', kind: 'service', mode: 'loop' }],
  ['an MCP host without variables', { client: 'cursor-vscode' }, { actor: 'cursor-anna-muller', kind: 'agent' }],
  ['an unknown MCP host', { client: 'somebody' }, { actor: 'anna-muller', kind: 'agent' }],
  ['--as', { flags: { as: 'Bob' }, env: { LEDGENTER_ACTOR: 'eve' } }, { actor: 'bob' }],
  ['LEDGENTER_ACTOR', { env: { LEDGENTER_ACTOR: 'eve' }, config: { 'ledgenter.actor': 'zoe' } }, { actor: 'eve' }],
  ['git config', { config: { ...anna, 'ledgenter.actor': 'zoe' } }, { actor: 'zoe' }],
  ['nobody', { config: {} }, { actor: NOBODY }],
  ['LEDGENTER_KIND=service', { env: { LEDGENTER_KIND: 'service' }, terminal: true }, { kind: 'service' }],
  ['a person who says so without a terminal', { env: { LEDGENTER_KIND: 'human' } }, { kind: 'human' }],
  ['an agent that says it is a person', { env: { LEDGENTER_KIND: 'human', CLAUDECODE: '1' } }, { kind: 'agent' }],
  ['an MCP host that says it is a person', { env: { LEDGENTER_KIND: 'human' }, client: 'x' }, { kind: 'agent' }],
  ['a run group', { env: { LEDGENTER_RUN_GROUP: 'night' } }, { mode: 'loop' }],
  ['--mode before all', { flags: { mode: 'session' }, env: { LEDGENTER_MODE: 'loop', CI: '1' } }, { mode: 'session' }],
];

for (const [what, signs, expected] of TABLE) t.test(what, async t => t.match(who(signs), expected));

t.test('every host is found by each of its variables, and none has a session without being found', async t => {
  for (const host of HOSTS) {
    for (const name of host.env) t.equal(who({ env: { [name]: '1' } }).host, host.name, name);
    if (host.session) t.ok(host.env.length > 0, host.name);
    t.ok(isKey(host.name), host.name);
  }
});

t.test('the run is the one asked for, else the one of the host session, else left to the worktree', async t => {
  const session = { CLAUDECODE: '1', CLAUDE_CODE_SESSION_ID: 'abc' };
  t.equal(who({ env: { CLAUDECODE: '1' } }).run, undefined);
  t.same(who({ env: session }).run, who({ env: { ...session } }).run);
  t.notSame(who({ env: session }).run, who({ env: { ...session, CLAUDE_CODE_SESSION_ID: 'abd' } }).run);
  t.notSame(who({ env: session }).run, who({ env: session, flags: { as: 'bob' } }).run);
  t.same(who({ env: { ...session, LEDGENTER_RUN: 'a' }, flags: { as: 'x' } }).run, runChain('x', 'a'));
  t.same(who({ flags: { run: 'a/b', as: 'x' } }).run, [
    recordId('r', 'run', 'x', 'a/b'),
    recordId('r', 'run', 'x', 'a'),
  ]);
});

t.test('a run is named by its path, and an id stands for itself', async t => {
  const [id] = runChain('x', 'a');
  t.ok(isId('r', id!));
  t.same(runChain('x', id!), [id]);
  t.equal(runChain('x', `${id}/b`)[1], id);
  t.equal(runChain('x', 'a/b')[1], id);
  t.not(runChain('x', 'a/b')[0], runChain('x', 'b')[0]);
  t.not(runChain('y', 'a')[0], id);
  for (const bad of ['', '/', 'a//b', 'a/', 'x'.repeat(129), '1/2/3/4/5/6/7/8/9'])
    t.throws(() => runChain('x', bad), { code: 'BAD_INPUT' }, bad);
});

t.test('actors and modes that are none are refused with the next command', async t => {
  for (const as of ['a b', '../x', 'x'.repeat(65), 'con', '-']) t.throws(() => who({ flags: { as } }), LedgerError, as);
  t.throws(() => who({ flags: { mode: 'turbo' } }), { code: 'BAD_INPUT' });
});

t.test('a git name becomes a legal key', async t => {
  t.equal(actorSlug('Anna Müller'), 'anna-muller');
  t.equal(actorSlug('  J. R. "Bob" Dobbs  '), 'j-r-bob-dobbs');
  t.equal(actorSlug(undefined, 'kim@example.com'), 'kim');
  t.equal(actorSlug('李雷', 'li.lei@example.com'), 'li-lei');
  t.match(actorSlug('李雷'), /^user-[0-9a-z]{6}$/);
  t.equal(actorSlug(undefined), undefined);
  t.equal(actorSlug('   '), undefined);
  t.ok(isKey(actorSlug('x'.repeat(300))!));
});

t.test('a switch is a flag, a variable and a git setting alike', async t => {
  const signs = {
    env: { LEDGENTER_RUN_GROUP: 'env' } as Record<string, string>,
    config: (name: string) => (name === 'ledgenter.rungroup' ? 'git' : undefined),
  };
  t.equal(setting(signs, 'runGroup', 'flag'), 'flag');
  t.equal(setting(signs, 'runGroup'), 'env');
  t.equal(setting({ ...signs, env: {} }, 'runGroup'), 'git');
  t.equal(setting({ ...signs, env: { LEDGENTER_RUN_GROUP: '' } }, 'runGroup'), 'git');
});
