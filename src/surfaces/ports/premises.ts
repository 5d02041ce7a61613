import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Premises, premisesPort } from '../../exchange/doctor/premises.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { gitEnvironment } from '../../store/git/environment.ts';
import { lastLine, runGit } from '../../store/git/index.ts';
import { leftBehind, sweep } from '../../store/git/transfer/incoming.ts';
import type { Seat } from '../seat.ts';
import { cachesIn } from '../upkeep/caches.ts';
import { damagedNotes, leftFiles, putAside, removeFile, runFiles } from '../upkeep/files.ts';
import { keepSteps, lastStep } from '../upkeep/log.ts';
import { putRefAside, refFiles } from '../upkeep/refs.ts';
import { providePort } from './port.ts';
import { revisionsIn } from './revisions.ts';

/** Longest that a look through all objects, and fetching them all, may take, in ms. */
const ALL_MS = 600_000;
/** Commits without a ref that are looked at. */
const MANY = 10_000;

function premisesOf(seat: Seat): Premises {
  const git = seat.discovery.location.commonDir;
  const here = { cwd: git, gitDir: git };
  const log = join(git, 'ledgenter', seat.ledger, 'repairs.log');
  const objects = join(git, 'objects');
  const env = { ...gitEnvironment(seat.env), GIT_NO_LAZY_FETCH: '1' };
  const worded = (date: number): string => new Date(date).toISOString();
  return {
    damagedNotes: async () => damagedNotes(git, seat.ledger),
    leftFiles: async () => leftFiles(git, seat.now()),
    damagedRuns: async () =>
      runFiles(git)
        .filter(({ damaged }) => damaged)
        .map(({ file }) => ({ file, why: 'it names no run' })),
    staleRuns: async since =>
      runFiles(git)
        .filter(({ last }) => last < since)
        .map(({ file, last }) => ({ file, why: `nobody wrote under it since ${worded(last)}` })),
    putAside: async file => putAside(git, file, seat.now()),
    remove: async file => removeFile(git, file),
    caches: async () => cachesIn(seat.cacheFolder, `ledgenter/cache/${seat.ledger}`),
    leftObjects: async () => (await leftBehind(objects)).map(name => `objects/${name}`),
    sweepObjects: async () => (await sweep(objects)).length,
    async objects() {
      const run = await runGit(['count-objects', '-v'], here);
      const loose = Number(/^count: (\d+)/m.exec(run.stdout.toString('latin1'))?.[1] ?? 0);
      return { loose, partial: seat.discovery.config.hasPromisor() };
    },
    async brokenRefs() {
      const refs = refFiles(git, seat.ledger);
      const named = await seat.store.readCommits(refs.flatMap(({ oid }) => (oid === undefined ? [] : [oid])));
      const here = new Set(named.map(commit => commit?.oid));
      return refs
        .filter(({ oid }) => oid === undefined || !here.has(oid))
        .map(({ ref, oid }) => ({ file: ref, why: oid === undefined ? 'it holds no object id' : `it names ${oid}` }));
    },
    putRefAside: async ref => putRefAside(git, ref, seat.ledger, seat.now()),
    wrote: async () => existsSync(join(git, 'ledgenter', seat.ledger, 'number')),
    async dangling() {
      const args = ['fsck', '--connectivity-only', '--dangling', '--no-reflogs', '--no-progress'];
      const run = await runGit(args, { ...here, env, timeoutMs: ALL_MS });
      const lines = run.stdout.toString('latin1').split('\n');
      return lines.flatMap(line => /^dangling commit ([0-9a-f]+)$/.exec(line)?.[1] ?? []).slice(0, MANY);
    },
    async missing(tip) {
      const args = ['rev-list', '--objects', '--quiet', tip, '--'];
      const run = await runGit(args, { ...here, env, timeoutMs: ALL_MS });
      return run.code === 0 ? undefined : lastLine(run.stderr).replace(/^(fatal|error): /, '');
    },
    async refetch(remote, ref) {
      const plain = ['--no-write-fetch-head', '--no-tags', '--no-auto-gc', '--no-recurse-submodules', '--refmap='];
      const args = ['fetch', '--quiet', '--refetch', '--no-filter', ...plain, '--', remote, ref];
      const run = await runGit(args, { ...here, timeoutMs: ALL_MS });
      if (run.code !== 0) throw new LedgerError('UNREACHABLE', `git fetch --refetch: ${lastLine(run.stderr)}`);
    },
    remoteSettings() {
      const { config } = seat.discovery;
      const names = config.names().filter(name => /^remote\..+\.(fetch|push|mirror)$/s.test(name));
      return names.map(name => [name, [...config.getAll(name)]]);
    },
    root: commit => revisionsIn(git).root(commit),
    keepLog: async steps => keepSteps(log, steps),
    lastRepair: async () => lastStep(log),
    async rebuild(progress) {
      const { rebuildAll } = await import('../upkeep/rebuild.ts');
      return rebuildAll(seat, progress);
    },
  };
}

export const premisesSource = providePort(premisesPort, ({ seat }) => premisesOf(seat));
