import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { LedgerError } from '../../src/kernel/errors.ts';
import { GitConfig } from '../../src/store/git/index.ts';
import { branchOf, currentLedger } from '../../src/surfaces/ledgers/current.ts';
import { memoryPath, remember, remembered } from '../../src/surfaces/ledgers/memory.ts';
import { LedgerWatch } from '../../src/surfaces/ledgers/watch.ts';
import type { Place } from '../../src/surfaces/place.ts';

/** A checkout whose HEAD and configuration a test sets. */
class Checkout {
  readonly gitDir: string;
  #values = new Map<string, readonly string[]>();

  constructor(t: Test) {
    this.gitDir = t.testdir({});
    this.at('trunk');
  }

  at(branch: string): void {
    writeFileSync(join(this.gitDir, 'HEAD'), `ref: refs/heads/${branch}\n`);
  }

  set(name: string, value: string): void {
    this.#values = new Map([...this.#values, [name, [value]]]);
  }

  get place(): Place {
    const config = new GitConfig(this.#values);
    const repository = { gitDir: this.gitDir, commonDir: this.gitDir, topLevel: this.gitDir };
    const location = {
      ...repository,
      bare: false,
      worktree: 'main',
      objectFormat: 'sha1',
      refFormat: 'files',
    } as const;
    return { cwd: this.gitDir, repository, discovery: { location, config }, config: name => config.get(name) };
  }

  use(env: Record<string, string> = {}, flag?: string) {
    const { place } = this;
    return currentLedger(place, { flags: flag === undefined ? {} : { ledger: flag }, env, config: place.config });
  }
}

t.test('flag, variable, configuration, branch, worktree, main: in this order', async t => {
  const here = new Checkout(t);
  t.same(await here.use(), { name: 'main', because: 'default' });
  await remember(here.gitDir, 'kept');
  t.same(await here.use(), { name: 'kept', because: 'worktree' });
  here.set('branch.trunk.ledgenter', 'own');
  t.same(await here.use(), { name: 'own', because: 'branch', branch: 'trunk' });
  here.at('other');
  t.same(await here.use(), { name: 'kept', because: 'worktree' }, 'of another branch nobody said anything');
  here.set('ledgenter.ledger', 'set');
  t.same(await here.use(), { name: 'set', because: 'configuration' });
  t.same(await here.use({ LEDGENTER_LEDGER: 'env' }), { name: 'env', because: 'environment' });
  t.same(await here.use({ LEDGENTER_LEDGER: '' }), { name: 'set', because: 'configuration' });
  t.same(await here.use({ LEDGENTER_LEDGER: 'env' }, 'flag'), { name: 'flag', because: 'flag' });
});

t.test('what is named and can be no ledger is refused; what was kept and can be none counts as nothing', async t => {
  const here = new Checkout(t);
  for (const name of ['../up', 'Main', 'a b', 'hooks', 'con', 'x'.repeat(32)])
    await t.rejects(here.use({ LEDGENTER_LEDGER: name }), LedgerError, name);
  writeFileSync(memoryPath(here.gitDir), '../up\n');
  here.set('branch.trunk.ledgenter', 'a b');
  t.match(await here.use(), { because: 'default' });
  await remember(here.gitDir, undefined);
  t.equal(remembered(here.gitDir), undefined);
});

t.test('a rebase goes on in the ledger of its branch; a commit alone is at none', async t => {
  const here = new Checkout(t);
  here.set('branch.topic/one.ledgenter', 'own');
  writeFileSync(join(here.gitDir, 'HEAD'), `${'a'.repeat(40)}\n`);
  t.equal(await branchOf(here.place), undefined);
  t.match(await here.use(), { name: 'main' });
  mkdirSync(join(here.gitDir, 'rebase-merge'));
  writeFileSync(join(here.gitDir, 'rebase-merge', 'head-name'), 'refs/heads/topic/one\n');
  t.match(await here.use(), { name: 'own', branch: 'topic/one' });
  rmSync(join(here.gitDir, 'rebase-merge'), { recursive: true });
  t.match(await here.use(), { name: 'main' });
});

t.test('outside of a repository only a name counts', async t => {
  const place: Place = { cwd: t.testdir({}), config: () => undefined };
  const use = (env: Record<string, string>) => currentLedger(place, { flags: {}, env, config: place.config });
  t.same(await use({}), { name: 'main', because: 'default' });
  t.same(await use({ LEDGENTER_LEDGER: 'far' }), { name: 'far', because: 'environment' });
});

t.test('a server asks nothing again while nothing moved', async t => {
  const here = new Checkout(t);
  const watch = new LedgerWatch(join(here.gitDir, 'no such folder'), {}, {});
  t.equal(await watch.moved(), undefined, 'before it began');
  watch.begin(here.place, { name: 'main', because: 'default' });
  t.equal(await watch.moved(), undefined);
  here.at('other');
  await t.rejects(watch.moved(), { code: 'NO_REPOSITORY' }, 'only then it looks anew');
});
