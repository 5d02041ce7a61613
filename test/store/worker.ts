// A process of its own for the tests of races and crashes: `worker.ts <mode> <folder> …`. It waits for a line on stdin.
import { once } from 'node:events';
import { discover, openDesk, openGitRemote, openGitStore } from '../../src/store/git/index.ts';
import { ENV, meta, put } from './repos.ts';

const [mode, cwd, ...rest] = process.argv.slice(2) as [string, string, ...string[]];
const say = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};
const found = await discover(cwd, ENV);
const store = openGitStore(found, ENV);

const modes: Record<string, () => Promise<void>> = {
  /** Tries to create each of `rounds` refs with a commit of its own; says which it won. */
  async swap() {
    const [name, rounds] = [rest[0]!, Number(rest[1])];
    const mine = await store.commit([], [put('who', name)], meta(name));
    const won: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const { ok } = await store.swap([{ ref: `refs/ledgenter/race/claims/${round}`, old: null, new: mine }]);
      if (ok) won.push(round);
    }
    say({ won });
  },
  /** Writes entries on the book until it is killed; says each one it was told is in. */
  async write() {
    const ref = 'refs/ledgenter/main/book';
    for (let i = 0; ; i++) {
      const old = (await store.refs(ref)).get(ref) ?? null;
      const edits = [put(`tasks/${i % 32}/x/${i}.json`, `{"i":${i}}\n`), put('top.json', `${i}\n`)];
      const oid = i % 10 === 9 ? await bulk(old, i) : await store.commit(old ? [old] : [], edits, meta(`entry ${i}`));
      const swapped = await store.swap([{ ref, old, new: oid }]);
      if (swapped.ok) say({ oid });
    }
  },
  /** Fetches again and again; says how each ended. */
  async fetch() {
    const remote = openGitRemote(found, store, { name: 'origin', env: ENV });
    for (let i = 0; i < Number(rest[0]); i++) {
      const fetched = await remote.fetch('refs/ledgenter/main/');
      const oids = fetched.kind === 'fetched' ? [...fetched.refs.values()] : [];
      const commits = await store.readCommits(oids);
      say({
        kind: fetched.kind,
        reason: 'reason' in fetched ? fetched.reason : '',
        absent: commits.filter(c => !c).length,
      });
    }
  },
  /** Draws numbers from the desk. */
  async numbers() {
    const desk = openDesk(found.location.commonDir, 'main');
    const numbers: number[] = [];
    for (let i = 0; i < Number(rest[0]); i++) numbers.push(await desk.nextNumber(0));
    say({ numbers, writer: await desk.writer() });
  },
  /** Writes in every way there is, where there is no room; says the code of each failure. */
  async full() {
    const tip = rest[0]!;
    const edits = [put('a', 'x')];
    const ways: (() => Promise<unknown>)[] = [
      () => store.commit([tip], edits, meta('loose')),
      () => bulk(tip, 1),
      () => store.swap([{ ref: 'refs/ledgenter/main/book', old: null, new: tip }]),
      () => openDesk(found.location.commonDir, 'main').setNote('n', 'x'),
    ];
    for (const way of ways) {
      const code: string = await way().then(
        () => 'written',
        error => error.code ?? String(error),
      );
      say(code);
    }
    say(await store.readBlobs([`${tip}:n/0/0/0.json`]));
  },
  /** Reads something and then has nothing more to do: helpers must not keep the process. */
  async idle() {
    await store.swap([{ ref: 'refs/ledgenter/idle/book', old: null, new: null }]);
    say(await store.refs('refs/ledgenter/none/'));
  },
};

async function bulk(parent: string | null, i: number): Promise<string> {
  async function* steps() {
    for (let n = 0; n < 60; n++) yield { edits: [put(`bulk/${n}/${i}`, `${n}`)], meta: meta(`bulk ${i} ${n}`) };
  }
  return (await store.commitMany(parent, steps())).at(-1)!;
}

say('ready');
await once(process.stdin, 'data');
process.stdin.destroy();
await modes[mode]!();
if (mode !== 'idle') await store.close();
