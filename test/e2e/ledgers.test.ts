import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Overlay, View } from '../../src/kernel/view.ts';
import { nothing } from '../../src/rooms/nothing.ts';
import { adoptedTask } from '../../src/rooms/tasks/adopted.ts';
import { Forger, recordText } from './forger.ts';
import { Hooked } from './hooked.ts';
import { Host } from './office-stage.ts';
import { type Answer, type RunOptions, Stage } from './stage.ts';

const HUMAN: RunOptions = { env: { LEDGENTER_KIND: 'human' } };

/** The ledger that the surfaces of a worktree are on; several names where they do not agree. */
async function inUse(stage: Stage, cwd: string, options: RunOptions = {}): Promise<string[]> {
  const [list, me] = await Promise.all([
    stage.ok(cwd, ['ledger', 'list', '--local'], options),
    stage.ok(cwd, ['whoami'], options),
  ]);
  return [...new Set<string>([list.current, me.ledger?.name ?? 'main'])];
}

const refused = async (stage: Stage, cwd: string, args: string[], options: RunOptions = {}) => {
  const { code, answer } = await stage.run(cwd, args, options);
  return { exit: code, ...answer.error } as { exit: number; code: string; message: string; hint: string };
};

t.test('a branch has a ledger of its own: worktrees, branches, merges, two clones', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['alpha', 'beta']);
  const [alpha, beta] = clones as [string, string];
  await stage.ok(alpha, ['ledger', 'policy', '--requires-evidence', '--sync'], HUMAN);
  const mine = await stage.task(alpha, 'On main');
  await stage.ok(alpha, ['sync']);

  await t.test('what can be no ledger, or is none, is refused', async t => {
    t.match(await refused(stage, alpha, ['ledger', 'switch', 'nowhere']), {
      exit: 66,
      code: 'NOT_FOUND',
      hint: 'ledgenter ledger list',
    });
    for (const name of ['../up', 'Two', 'hooks', 'cache', 'nul', '-x'.repeat(20)])
      t.match(await refused(stage, alpha, ['ledger', 'fork', `--name=${name}`]), { exit: 65 }, name);
    t.match(await refused(stage, alpha, ['whoami', '--ledger', 'a b']), { exit: 65 });
    t.match(await refused(stage, alpha, ['whoami', '--ledger', 'nowhere']), {
      exit: 78,
      hint: 'ledgenter ledger list',
    });
    t.match(await refused(stage, alpha, ['ledger', 'fork', 'main']), {
      exit: 77,
      hint: 'ledgenter ledger switch main',
    });
    t.match(await refused(stage, alpha, ['ledger', 'adopt', mine, '--from', 'main']), { exit: 65 });
    t.match(await refused(stage, alpha, ['ledger', 'switch', 'main', '--branch', 'none']), { exit: 66 });
    t.same(await inUse(stage, alpha), ['main']);
  });

  await t.test('a fork takes settings and people along, and no work', async t => {
    await stage.git(alpha, 'checkout', '-q', '-b', 'feature-a');
    const forked = await stage.ok(alpha, ['ledger', 'fork', 'feature-a']);
    t.match(forked, { ledger: 'feature-a', forked_from: 'main', current: 'feature-a', because: 'worktree' });
    t.same(await inUse(stage, alpha), ['feature-a']);
    t.match(await stage.ok(alpha, ['status']), { ledger: 'feature-a', because: 'worktree' });
    t.match((await stage.plain(alpha, ['prime'])).out, /on the ledger feature-a\./);
    t.match(await stage.ok(alpha, ['task', 'query']), { total: 0 });
    t.match(await refused(stage, alpha, ['task', 'get', mine]), { exit: 66 });
    t.match(await stage.ok(alpha, ['actor', 'query', '--role', 'maintainer']), { actors: [{ actor: 'anna' }] });
    t.match(await stage.ok(alpha, ['ledger', 'list']), {
      current: 'feature-a',
      ledgers: [
        { ledger: 'feature-a', current: true, here: true, entries: 1, forked_from: 'main' },
        { ledger: 'main', current: false, here: true, remote: 'origin' },
      ],
    });
    t.match(await stage.ok(alpha, ['verify']), { verified: true, origins: { checked: 1, unchecked: [] } });
    t.equal(await stage.git(alpha, 'status', '--porcelain'), '', 'nothing of it lies in the working tree');
  });

  const held = await stage.task(alpha, 'On the branch');
  await stage.ok(alpha, ['sync']);

  await t.test('another clone joins it by name; a claim there has one winner', async t => {
    t.match(await stage.ok(beta, ['ledger', 'list']), {
      ledgers: [{ ledger: 'feature-a', here: false }, { here: true }],
    });
    t.match(await refused(stage, beta, ['ledger', 'fork', 'feature-a']), { exit: 77 });
    t.match(await stage.ok(beta, ['ledger', 'switch', 'feature-a'], { as: 'bob' }), {
      joined: true,
      current: 'feature-a',
    });
    t.match(await stage.ok(alpha, ['task', 'claim', held]), { claimed: true });
    t.match(await refused(stage, beta, ['task', 'claim', held], { as: 'bob' }), { code: 'CLAIM_LOST' });
    t.match(await refused(stage, beta, ['ledger', 'policy', '--no-requires-evidence'], { as: 'bob' }), { exit: 77 });
    await stage.ok(beta, ['ledger', 'switch', 'main'], { as: 'bob' });
    const other = { env: { LEDGENTER_LEDGER: 'feature-a' } };
    t.match(
      await stage.ok(beta, ['init'], other),
      { ledger: 'feature-a', created: false },
      'and init, by the variable',
    );
  });

  await t.test('another worktree of the clone goes on as it was', async t => {
    const tree = stage.path('tree');
    await stage.git(alpha, 'worktree', 'add', '-q', '-b', 'other', tree);
    t.same(await inUse(stage, tree), ['main']);
    t.match(await stage.ok(tree, ['task', 'query']), { total: 1 });
    await stage.ok(tree, ['ledger', 'fork', 'second', '--no-switch']);
    t.same(await inUse(stage, tree), ['main']);
    await stage.ok(tree, ['ledger', 'switch', 'second']);
    t.same([await inUse(stage, tree), await inUse(stage, alpha)], [['second'], ['feature-a']]);
  });

  await t.test('whoever holds something is told before it is out of sight', async t => {
    t.match(await refused(stage, alpha, ['ledger', 'switch', 'main']), { exit: 77, message: new RegExp(held) });
    t.match(await refused(stage, alpha, ['ledger', 'fork', 'third']), {
      hint: 'ledgenter ledger fork third --no-switch',
    });
    t.notOk((await stage.ok(alpha, ['ledger', 'list'])).ledgers.some((one: Answer) => one.ledger === 'third'));
    t.same(await inUse(stage, alpha), ['feature-a']);
    t.match(await stage.ok(alpha, ['ledger', 'switch', 'main', '--keep-claims']), { claims: [held], current: 'main' });
    t.match(await stage.ok(alpha, ['ledger', 'list']), { ledgers: [{ ledger: 'feature-a', claims: [held] }, {}, {}] });
    t.match(await stage.ok(alpha, ['task', 'note', held, '--text', 'still mine', '--ledger', 'feature-a']), {
      ok: true,
    });
  });

  await t.test('a branch keeps its ledger, and a merge changes it for nobody', async t => {
    await stage.ok(alpha, ['ledger', 'switch', 'feature-a', '--branch', 'feature-a']);
    t.match(await stage.ok(alpha, ['ledger', 'list']), { current: 'feature-a', because: 'branch' });
    t.same(await inUse(stage, alpha), ['feature-a']);
    t.match(await refused(stage, alpha, ['ledger', 'switch', 'main', '--keep-claims']), {
      hint: 'ledgenter ledger switch main --branch feature-a',
    });
    writeFileSync(join(alpha, 'feature.txt'), 'done\n');
    await stage.git(alpha, 'add', '.');
    await stage.git(alpha, 'commit', '-q', '-m', 'the feature');
    await stage.git(alpha, 'checkout', '-q', 'trunk');
    t.same(await inUse(stage, alpha), ['main']);
    await stage.git(alpha, 'merge', '-q', '--no-ff', '-m', 'merge', 'feature-a');
    t.same(await inUse(stage, alpha), ['main'], 'the branch came in, its ledger did not');
    t.match(await stage.ok(alpha, ['task', 'query']), { total: 1, tasks: [{ id: mine }] });
    t.same(
      await inUse(stage, alpha, { env: { LEDGENTER_LEDGER: 'feature-a' } }),
      ['feature-a'],
      'a variable counts first',
    );
    t.match(await refused(stage, alpha, ['ledger', 'switch', 'second'], { env: { LEDGENTER_LEDGER: 'main' } }), {
      hint: 'unset LEDGENTER_LEDGER',
    });
    await stage.git(alpha, 'checkout', '-q', '--detach', 'feature-a');
    t.same(await inUse(stage, alpha), ['main'], 'at no branch');
    await stage.git(alpha, 'checkout', '-q', 'trunk');
  });

  await t.test('hooks write the trailer of what is held in the ledger of the branch', async t => {
    const hands = new Hooked(stage, alpha);
    await hands.install();
    const trailer = (rev = 'HEAD') => stage.git(alpha, 'log', '-1', '--format=%(trailers:key=Task,valueonly)', rev);
    await hands.commit('on trunk');
    t.equal(await trailer(), '', 'nothing is held in main');
    await stage.git(alpha, 'checkout', '-q', 'feature-a');
    await hands.commit('on the branch');
    t.equal(await trailer(), held);
    await hands.commit('rebased');
    await hands.git('rebase', '-q', 'trunk');
    t.equal(await trailer(), held);
    const refs = (await stage.ok(alpha, ['task', 'get', held, '--include', 'refs'])).refs as Answer[];
    t.equal(refs.filter(ref => ref.live).length, 2, 'and the commits are linked there, also behind a rebase');
    await stage.git(alpha, 'checkout', '-q', 'trunk');
    writeFileSync(join(alpha, '.git', 'ledgenter-ledger'), 'feature-a\n');
    await hands.commit('as the worktree remembers');
    t.equal(await trailer(), held);
    const main = { env: { LEDGENTER_LEDGER: 'main' } };
    await hands.in(alpha, main).commit('as the variable says');
    t.equal(await trailer(), '');
    await stage.ok(alpha, ['ledger', 'switch', 'main', '--keep-claims']);
    t.notOk(existsSync(join(alpha, '.git', 'ledgenter-ledger')));
  });

  await t.test('a server that stays follows the branch, says so, and keeps what is held alive', async t => {
    const host = await Host.start(stage, alpha, 'anna');
    t.teardown(() => host.client.close());
    t.equal((await host.ok('ledger_status')).ledger, 'main');
    const own = (await host.call('task_claim', { task_id: mine })).task.id;
    await stage.git(alpha, 'checkout', '-q', 'feature-a');
    const first = await host.ok('ledger_status');
    t.match(first, { ledger: 'feature-a', ledger_changed: { from: 'main', to: 'feature-a', because: 'branch' } });
    t.notOk('ledger_changed' in (await host.ok('ledger_status')), 'once');
    t.equal((await host.call('whoami')).ledger.name, 'feature-a');
    await stage.git(alpha, 'checkout', '-q', 'trunk');
    t.match(await host.ok('whoami'), { claims: [{ task_id: own }], ledger_changed: { to: 'main' } });
    await host.ok('task_release', { task_id: own });
  });

  await t.test('adopted: once, with what was said, in both clones, and checked against its ledger', async t => {
    await stage.ok(alpha, ['task', 'note', held, '--text', 'two leases were stuck', '--ledger', 'feature-a']);
    t.match(await refused(stage, alpha, ['ledger', 'adopt', 't-0000000000', '--from', 'feature-a']), { exit: 66 });
    t.match(await refused(stage, alpha, ['ledger', 'adopt', held, '--from', 'nowhere']), { exit: 66 });
    const adopted = await stage.ok(alpha, ['ledger', 'adopt', held.slice(0, 8), '--from', 'feature-a']);
    t.match(adopted, {
      task: { id: held, status: 'open' },
      held_there: { actor: 'anna' },
      adopted: { ledger: 'feature-a' },
    });
    t.match(await stage.ok(alpha, ['ledger', 'adopt', held, '--from', 'feature-a']), {
      unchanged: true,
      task: { id: held },
    });
    await stage.ok(alpha, ['sync']);
    await stage.ok(beta, ['sync'], { as: 'bob' });
    const there = await stage.ok(beta, ['task', 'get', held, '--include', 'notes,refs'], { as: 'bob' });
    t.match(there, {
      task: { imported: true, created_by: 'anna', adopted: { ledger: 'feature-a', status: 'in_progress', by: 'anna' } },
      hints: { original: `ledgenter task get ${held} --ledger feature-a` },
    });
    t.match(there.notes, [{ text: 'still mine', by: 'anna' }, { text: 'two leases were stuck' }]);
    t.ok(there.counts.refs_live >= 2);
    t.match(await stage.ok(alpha, ['verify']), { verified: true, origins: { checked: 1 } });
    t.match(await stage.ok(beta, ['verify'], { as: 'bob' }), { verified: true });
    t.match(await stage.ok(alpha, ['task', 'get', held, '--ledger', 'feature-a']), { task: { status: 'in_progress' } });
  });

  await t.test('what an adoption says of another ledger, and is not so there, is named', async t => {
    const forger = new Forger(stage, alpha);
    const said = { ...(await lastAdoption(stage, alpha)), task_id: 't-0123456789', records: [], sha256: EMPTY };
    const task = await adoptedTask(new View(new Overlay(nothing)), said, { actor: 'anna', at: AT });
    const file = { 'tasks/0/1/0123456789/task.json': recordText(task) };
    const oid = await forger.commit({
      actor: 'anna',
      op: 'ledger.adopt',
      input: said,
      intent: { at: AT },
      files: file,
    });
    const { code, answer } = await stage.run(alpha, ['verify', '--ref', oid]);
    t.equal(code, 65);
    t.match(answer.findings, [{ law: 'origin.task', actor: 'anna' }]);
  });

  await t.test('who leaves leaves no memory of it', async t => {
    await stage.git(alpha, 'checkout', '-q', 'feature-a');
    await stage.ok(alpha, ['task', 'release', held]);
    await stage.ok(alpha, ['sync']);
    await stage.ok(alpha, ['leave', '--yes', '--keep-hosts', '--ledger', 'feature-a']);
    t.notMatch(readFileSync(join(alpha, '.git', 'config'), 'utf8'), /ledgenter =/);
  });
});

const AT = new Date().toISOString();
/** SHA-256 of `[]`, the digest of no record. */
const EMPTY = '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945';

async function lastAdoption(stage: Stage, cwd: string): Promise<Answer> {
  const messages = (await stage.git(cwd, 'log', '--format=%B%x00', 'refs/ledgenter/main/book')).split('\0');
  const bodies = messages.map(text => text.slice(text.indexOf('\n\n') + 2)).filter(text => text.startsWith('{'));
  return bodies.map(text => JSON.parse(text)).find(({ intent }) => intent.op === 'ledger.adopt').intent.input;
}
