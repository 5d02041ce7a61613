import { writeFileSync } from 'node:fs';
import t from 'tap';
import { Book } from '../../src/book/book.ts';
import { verify } from '../../src/book/verify.ts';
import { claimMeta } from '../../src/exchange/claimref.ts';
import { discover, openDesk, openGitStore } from '../../src/store/git/index.ts';
import { theRulebook } from '../../src/surfaces/compose.ts';
import { Forger, type Forgery, recordText } from './forger.ts';
import { gate, objectsOf, push, refsOf, starts } from './gated.ts';
import { BOOK, Stage } from './stage.ts';

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const CLAIMS = 'refs/ledgenter/main/claims/';
const QUEUE = 'refs/ledgenter/main/queue/';
const HOUR = 3_600_000;
const MINUTE = 60_000;

const clock = (ms: number): string => new Date(Date.now() + ms).toISOString();

t.test(
  'forged pushes by plain git are refused at the gate, each with its law named, and nothing has moved',
  async t => {
    const stage = new Stage(t.testdir());
    const remote = await stage.remote();
    gate(stage, remote);
    const { clones } = await stage.team(['forging'], remote);
    const cwd = clones[0]!;
    const mallory = { as: 'mallory' };
    const held = await stage.task(cwd, 'held by anna');
    const gated = await stage.task(cwd, 'with a gate', '--acceptance-criteria', 'it works', '--requires-evidence');
    const free = await stage.task(cwd, 'free', '--acceptance-criteria', 'it works');
    await stage.ok(cwd, ['task', 'note', held, '--text', 'as it was', '--sync']);
    await stage.ok(cwd, ['task', 'claim', held, '--sync']);
    // Its renewal is on the ref alone: the book takes it for over long before.
    const renewed = await stage.task(cwd, 'renewed by anna', '--sync');
    await stage.ok(cwd, ['task', 'claim', renewed, '--lease', '2m', '--sync']);
    await stage.ok(cwd, ['task', 'renew', renewed, '--lease', '5h']);
    await stage.ok(cwd, ['task', 'claim', gated, '--sync'], mallory);
    const over = await stage.task(cwd, 'cancelled');
    await stage.ok(cwd, ['task', 'update', over, '--status', 'cancelled', '--sync']);

    const forger = new Forger(stage, cwd);
    const tip = await forger.tip();
    const path = (id: string): string => `tasks/${id[2]}/${id[3]}/${id.slice(2)}/task.json`;
    const [heldTask, gatedTask, freeTask, renewedTask] = await Promise.all(
      [held, gated, free, renewed].map(id => forger.read(path(id))),
    );
    const notePath = (await forger.list('tasks')).find(file => file.includes(`/${held.slice(2)}/notes/`))!;
    const [note, settings, honest, anna] = await Promise.all([
      forger.read(notePath),
      forger.read('ledger.json'),
      forger.last('mallory'),
      forger.last('anna'),
    ]);
    const at = clock(0);
    const run = honest.intent.run[0];
    const own = { root: 'forged', oid: tip, actor: 'mallory', run, lease_until: clock(HOUR) };
    const { hold: _ended, ...unheld } = gatedTask;
    const under = {
      root: gatedTask.hold.root,
      oid: tip,
      actor: 'mallory',
      run: gatedTask.hold.run,
      lease_until: gatedTask.hold.lease_until,
    };
    const by = { actor: 'mallory', op: 'task.update', input: {} };
    const change = (fields: object): Record<string, string> => ({
      [path(free)]: recordText({ ...freeTask, updated_at: at, ...fields }),
    });
    const ahead = clock(5 * MINUTE);
    const stolen = { ...own, root: 'stolen' };
    const beside = (id: string, record: object): Record<string, string> => ({
      [`tasks/${free[2]}/${free[3]}/${free.slice(2)}/notes/${id}.json`]: recordText(record),
    });

    const entries: Record<string, Forgery & { law: string; gateOnly?: true }> = {
      'done past its gates': {
        ...by,
        intent: { at, claim: under, run: [gatedTask.hold.run] },
        files: { [path(gated)]: recordText({ ...unheld, status: 'done', updated_at: at, finished_at: at }) },
        law: 'task.status',
      },
      'a note that was edited': {
        ...by,
        files: { [notePath]: recordText({ ...note, text: 'x' }) },
        law: 'append-only',
      },
      'a note taken away': { ...by, files: { [notePath]: null }, law: 'record.kept' },
      'work on a task another holds': {
        ...by,
        intent: { at, claim: own },
        files: { [path(held)]: recordText({ ...heldTask, title: 'mine', updated_at: at }) },
        law: 'hold.work',
      },
      'a claim over a live lease': {
        ...by,
        op: 'task.claim',
        intent: { at, claim: own },
        files: {
          [path(held)]: recordText({
            ...heldTask,
            assignee: 'mallory',
            hold: { root: 'forged', actor: 'mallory', run, since: at, lease_until: own.lease_until },
            updated_at: at,
          }),
        },
        law: 'hold.claim',
      },
      'a claim over a live lease that the book does not know': {
        ...by,
        op: 'task.claim',
        input: { task_id: renewed },
        intent: { at: ahead, claim: stolen },
        files: {
          [path(renewed)]: recordText({
            ...renewedTask,
            assignee: 'mallory',
            workers: ['anna', 'mallory'],
            hold: { root: 'stolen', actor: 'mallory', run, since: ahead, lease_until: own.lease_until },
            updated_at: ahead,
          }),
        },
        law: 'ref.hold',
        gateOnly: true,
      },
      'landed six minutes ahead': {
        ...by,
        files: {},
        stamp: { landed: clock(6 * MINUTE) },
        law: 'book.landed',
        gateOnly: true,
      },
      'a file that is no record': { ...by, files: { 'tasks/evil.sh': 'rm\n' }, law: 'record.schema' },
      'a record with a key of its own': { ...by, intent: { at }, files: change({ evil: true }), law: 'record.schema' },
      'a merge': { ...by, files: {}, parents: [tip, `${tip}~1`], law: 'book.linear' },
      'a number that its clone had before': {
        ...by,
        files: {},
        stamp: { writer: anna.stamp.writer, n: 1 },
        law: 'book.order',
      },
      'a number that its clone can never pass': {
        ...by,
        files: {},
        stamp: { writer: anna.stamp.writer, n: Number.MAX_SAFE_INTEGER },
        law: 'book.order',
      },
      'landed before its parent': { ...by, files: {}, stamp: { landed: clock(-24 * HOUR) }, law: 'book.landed' },
      'landed tomorrow': { ...by, files: {}, stamp: { landed: clock(24 * HOUR) }, law: 'book.landed' },
      'written tomorrow': { ...by, files: {}, intent: { at: clock(24 * HOUR) }, law: 'entry.time' },
      'an entry of another ledger': { ...by, files: {}, intent: { ledger: 'other' }, law: 'book.ledger' },
      'a task that waits for itself': {
        ...by,
        intent: { at },
        files: change({ depends_on: [free] }),
        law: 'task.refs',
      },
      'a ring of tasks': {
        ...by,
        intent: { at },
        files: {
          ...change({ parent: over }),
          [path(over)]: recordText({ ...(await forger.read(path(over))), parent: free, updated_at: at }),
        },
        law: 'task.acyclic',
      },
      'a note in the name of another': {
        ...by,
        op: 'task.note',
        intent: { at },
        files: beside('0123456789', { kind: 'comment', text: 'I agree', by: 'anna', at }),
        law: 'record.id',
      },
      'a change at another time': {
        ...by,
        intent: { at },
        files: change({ updated_at: clock(-HOUR) }),
        law: 'task.times',
      },
      'a criterion met by another': {
        ...by,
        intent: { at },
        files: change({ criteria: [{ ...freeTask.criteria[0], met: true, met_by: 'anna', met_at: at }] }),
        law: 'task.criteria',
      },
      'an actor that makes itself maintainer': {
        ...by,
        files: {
          'actors/mallory.json': recordText({ ...(await forger.read('actors/mallory.json')), role: 'maintainer' }),
        },
        law: 'actor.role',
      },
      'an actor that nobody knows': { ...by, intent: { actor: 'nobody-known' }, files: {}, law: 'actor.known' },
      'a run that nobody knows': { ...by, intent: { run: ['r-0000000000'] }, files: {}, law: 'run.known' },
      'another authority': {
        ...by,
        files: { 'ledger.json': recordText({ ...settings, authority: 'github/evil/evil' }) },
        law: 'ledger.settings',
      },
      'a key kept for another': {
        ...by,
        intent: { key: 'of-mine' },
        files: {},
        law: 'key.kept',
      },
    };
    const forged: { what: string; specs: string[]; law: string; oid?: string; gateOnly?: boolean }[] = [];
    for (const [what, { law, parents, gateOnly = false, ...forgery }] of Object.entries(entries)) {
      const named = parents && (await Promise.all(parents.map(name => stage.git(cwd, 'rev-parse', name))));
      const oid = await forger.commit({ ...forgery, ...(named ? { parents: named } : {}) });
      forged.push({ what, specs: [`${oid}:${BOOK}`], law, oid, gateOnly });
    }

    // Commits and trees as no clone writes them.
    const tree = await stage.git(cwd, 'rev-parse', `${tip}^{tree}`);
    const plain = `${await stage.git(cwd, 'log', '-1', '--format=%B', await forger.commit({ ...by, files: {} }))}\n`;
    const again = `${await stage.git(cwd, 'log', '-1', '--format=%B', `${tip}~3`)}\n`;
    const messages: Record<string, [message: string, law: string]> = {
      'a commit that is no entry': ['just a commit\n', 'entry.form'],
      'an entry that is not canonical': [plain.replace('{"intent"', '{ "intent"'), 'entry.form'],
      'a message of three megabytes': [`x\n\n${'a'.repeat(3 << 20)}\n`, 'entry.form'],
      'an old entry once more': [again, 'book.once'],
    };
    for (const [what, [message, law]] of Object.entries(messages)) {
      const oid = await forger.commitTree(tree, [tip], message, 'mallory');
      forged.push({ what, specs: [`${oid}:${BOOK}`], law, oid });
    }
    const lines = await stage.git(cwd, 'ls-tree', tip);
    const object = async (type: string, body: Buffer): Promise<string> => {
      const file = stage.path('object');
      writeFileSync(file, body);
      return stage.git(cwd, 'hash-object', '-t', type, '-w', '--literally', file);
    };
    const bytes = (...values: number[]): Buffer => Buffer.from(values);
    const entry = (mode: string, name: string | Buffer, oid: string): Buffer =>
      Buffer.concat([Buffer.from(`${mode} `), Buffer.from(name), bytes(0), Buffer.from(oid, 'hex')]);
    const raw = lines
      .split('\n')
      .map(line => /^0?(\d+) \w+ (\w+)\t(.*)$/.exec(line)!.slice(1) as [string, string, string]);
    const rootWith = (...more: Buffer[]): Promise<string> =>
      object('tree', Buffer.concat([...raw.map(([mode, oid, name]) => entry(mode, name, oid)), ...more]));
    const record = await object('blob', Buffer.from('{}\n'));
    const huge = await object('blob', Buffer.alloc(5 << 20, 'a'));
    const binary = await object('blob', Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0x0a]));
    let deep = await object('tree', entry('100644', 'x.json', record));
    for (let level = 0; level < 400; level++) deep = await nest(deep);
    let wide = await object('tree', entry('100644', 'x.json', record));
    for (let level = 0; level < 8; level++)
      wide = await object(
        'tree',
        Buffer.concat(Array.from({ length: 16 }, (_, n) => entry('40000', `d${n + 10}`, wide))),
      );
    async function nest(inner: string): Promise<string> {
      return object('tree', entry('40000', 'd', inner));
    }
    await object('tree', Buffer.alloc(0));
    const linked = await object('tree', entry('120000', '.git', record));
    const trees: Record<string, Buffer[]> = {
      'an empty folder': [entry('40000', 'zz', EMPTY_TREE)],
      'an empty folder that git refuses': [
        entry('40000', 'zz', await object('tree', entry('40000', '..', EMPTY_TREE))),
      ],
      'a tree behind a name that is no text': [
        entry('40000', bytes(0xfe), EMPTY_TREE),
        entry('40000', bytes(0xff), linked),
      ],
      'a symbolic link': [entry('120000', 'zlink', record)],
      'a submodule': [entry('160000', 'zsub', tip)],
      'a name that stands twice': [entry('100644', 'zz', record), entry('100644', 'zz', record)],
      'a way out of the folder': [entry('40000', '..', deep)],
      'a git directory': [entry('40000', '.git', await object('tree', entry('100644', 'config', record)))],
      'a huge file': [entry('100644', 'z.json', huge)],
      'a file that is no text': [entry('100644', 'z.json', binary)],
      'a tree of four hundred levels': [entry('40000', 'z', deep)],
      'four thousand million paths of nine trees': [entry('40000', 'z', wide)],
    };
    for (const [what, more] of Object.entries(trees)) {
      const oid = await forger.commitTree(await rootWith(...more), [tip], plain, 'mallory');
      forged.push({ what, specs: [`${oid}:${BOOK}`], law: 'record.schema', oid });
    }

    // Refs that may not move so.
    const shown = await stage.git(cwd, 'ls-remote', 'origin', `${CLAIMS}*`);
    const live = shown
      .split('\n')
      .find(line => line.endsWith(held))!
      .split('\t')[0]!;
    const stranger = await stage.git(cwd, 'commit-tree', EMPTY_TREE, '-m', 'Ledger other');
    const claim = (id: string, fields: object, parents: string[], files = EMPTY_TREE): Promise<string> => {
      const since = clock(0);
      const body = {
        id,
        actor: 'mallory',
        run,
        root: 'forged',
        nonce: 'forged',
        chain: [],
        since,
        lease_until: clock(HOUR),
      };
      return forger.commitTree(files, parents, claimMeta({ ...body, ...fields }, since).message, 'mallory');
    };
    const body = (await stage.git(cwd, 'log', '-1', '--format=%B', live)).split('\n\n')[1]!;
    const { actor: _anna, ...shownClaim } = { ...JSON.parse(body), nonce: 'forged' };
    /** In the name of the holder, over her claim. */
    const inHerName = async (fields: object): Promise<string> =>
      `${await claim(held, { ...shownClaim, actor: 'anna', ...fields }, [live])}:${CLAIMS}${held}`;
    const over1 = { root: 'forged', chain: [...shownClaim.chain, shownClaim.root] };
    const rewritten = await forger.commitTree(tree, [await stage.git(cwd, 'rev-parse', `${tip}~1`)], plain, 'mallory');
    const refs: Record<string, [spec: string, law: string]> = {
      'a book that is deleted': [`:${BOOK}`, 'ref.book'],
      'a book that goes back': [`${tip}~1:${BOOK}`, 'ref.book'],
      'a book that is rewritten': [`${rewritten}:${BOOK}`, 'ref.book'],
      'a book that is no commit': [`${tree}:${BOOK}`, 'ref.book'],
      'a book of another root': [`${stranger}:refs/ledgenter/other/book`, 'book.root'],
      'a book of another root, as a branch': [`${stranger}:refs/heads/ledgenter/other/book`, 'book.root'],
      'the book once more, as a branch': [`${tip}:refs/heads/ledgenter/main/book`, 'ref.book'],
      'a stolen claim': [`${await claim(held, {}, [live])}:${CLAIMS}${held}`, 'ref.claim'],
      'a live claim that is deleted': [`:${CLAIMS}${held}`, 'ref.claim'],
      'rubbish over a live claim': [`${stranger}:${CLAIMS}${held}`, 'ref.claim'],
      'a claim for a month': [
        `${await claim(free, { lease_until: clock(720 * HOUR) }, [])}:${CLAIMS}${free}`,
        'ref.claim',
      ],
      'a claim with files': [`${await claim(free, {}, [], tree)}:${CLAIMS}${free}`, 'ref.claim'],
      'a claim under the name of another': [`${await claim(held, {}, [])}:${CLAIMS}${free}`, 'ref.claim'],
      'a claim on what is over': [`${await claim(over, {}, [])}:${CLAIMS}${over}`, 'ref.claim'],
      'a claim on nothing': [`${await claim('t-0000000000', {}, [])}:${CLAIMS}t-0000000000`, 'ref.claim'],
      'a renewal that ends earlier': [await inHerName({ lease_until: clock(MINUTE) }), 'ref.claim'],
      'a renewal by another run': [await inHerName({ run }), 'ref.claim'],
      'a new root that ends earlier': [await inHerName({ ...over1, lease_until: clock(MINUTE) }), 'ref.claim'],
      'a new root of a run that the holding run did not start': [await inHerName({ ...over1, run }), 'ref.claim'],
      'a new root of a run made up, for long': [
        await inHerName({ ...over1, run: 'r-0000000000', lease_until: clock(48 * HOUR) }),
        'ref.claim',
      ],
      'a claim of somebody made up, for long': [
        `${await claim(free, { actor: 'ghost', lease_until: clock(96 * HOUR) }, [])}:${CLAIMS}${free}`,
        'ref.claim',
      ],
      'a queue of no entries': [`${stranger}:${QUEUE}mallory`, 'ref.queue'],
      'a ref that no ledger has': [`${stranger}:refs/ledgenter/main/evil`, 'ref.known'],
      'a branch where ledgers are kept': ['HEAD:refs/heads/ledgenter', 'ref.known'],
      'such a branch in other letters': ['HEAD:refs/heads/LedgenTer', 'ref.known'],
      'a ref in other letters': [`${stranger}:refs/Ledgenter/main/book`, 'ref.known'],
      'a ledger of no name': [`${stranger}:refs/ledgenter/..main/book`.replace('..', 'A'), 'ref.known'],
    };
    for (const [what, [spec, law]] of Object.entries(refs)) forged.push({ what, specs: [spec], law });
    forged.push({
      what: 'a live claim that goes with a book which leaves it as it is',
      specs: [`${await forger.commit({ ...by, op: 'task.note', files: {} })}:${BOOK}`, `:${CLAIMS}${held}`],
      law: 'ref.claim',
    });

    const [before, objects] = [await refsOf(stage, remote), await objectsOf(stage, remote)];
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let index = next++; index < forged.length; index = next++) {
        const { what, specs, law, oid } = forged[index]!;
        const ran = await push(stage, cwd, 'origin', ...specs);
        t.not(ran.code, 0, `${what} is refused`);
        t.match(ran.err, new RegExp(`remote: ledgenter: refs/\\S+: .* broke law ${law}: `), `${what}: ${ran.err}`);
        t.match(ran.err, /remote: +next: ledgenter /);
        if (oid !== undefined) t.match(ran.err, `entry ${oid.slice(0, 12)}`, `${what}: the entry is named`);
      }
    };
    await Promise.all([worker(), worker()]);
    t.equal(await refsOf(stage, remote), before, 'no ref has moved');
    t.equal(await objectsOf(stage, remote), objects, 'and no object came');
    t.ok(forged.length >= 30, `${forged.length} forged pushes`);

    await t.test('without a gate, verify names the same in any clone that has them', async t => {
      const open = stage.path('open.git');
      await stage.git(stage.dir, 'clone', '-q', '--mirror', remote, open);
      const inBook = forged.filter(({ oid, gateOnly }) => oid !== undefined && !gateOnly);
      await stage.git(cwd, 'push', '-q', open, ...inBook.map(({ oid }, n) => `${oid}:refs/forged/${n}`));
      const other = stage.path('other');
      await stage.git(stage.dir, 'clone', '-q', open, other);
      await stage.git(other, 'fetch', '-q', 'origin', `${BOOK}:${BOOK}`, 'refs/forged/*:refs/forged/*');
      const place = await discover(other, stage.env());
      const store = openGitStore(place, stage.env());
      t.teardown(() => store.close());
      const parts = { now: Date.now, sleep: async () => {}, random: () => 0 };
      const desk = openDesk(place.location.commonDir, 'main');
      const book = new Book({ store, desk, rulebook: theRulebook(), ledger: 'main', ...parts });
      for (const { what, law, oid } of inBook) {
        const { findings } = await verify(book, oid!, tip, { landed: await book.landed.at(tip) });
        t.match(findings, [{ oid, law }], what);
      }
      const replay = inBook.find(({ law }) => law === 'book.once')!.oid!;
      const ran = await stage.run(other, ['verify', '--range', `${tip.slice(0, 12)}..${replay.slice(0, 12)}`]);
      t.match(ran, { code: 65, answer: { replays_checked: true, findings: [{ oid: replay, law: 'book.once' }] } });
    });

    await t.test('a gate that cannot judge is shut for ledgers, and open for code', async t => {
      const oid = await forger.commit({ ...by, op: 'task.note', files: {} });
      const code = 'HEAD:refs/heads/some-code';
      await stage.git(remote, 'config', 'ledgenter.gateTimeout', '0');
      t.match(
        (await push(stage, cwd, 'origin', `${oid}:${BOOK}`)).err,
        /could not be judged within.*\n.*smaller parts/,
      );
      await stage.git(remote, 'config', '--unset', 'ledgenter.gateTimeout');
      writeFileSync(stage.path('gate.conf'), `node ${process.execPath}\nlauncher ${stage.path('gone.cjs')}\n`);
      t.match(
        (await push(stage, cwd, 'origin', `${oid}:${BOOK}`)).err,
        /the gate cannot start: there is no .*gone\.cjs/,
      );
      t.match(await push(stage, cwd, 'origin', code), { code: 0 });
      t.equal(
        await refsOf(stage, remote),
        `${await stage.git(cwd, 'rev-parse', 'HEAD')}`.replace(/^/, 'refs/heads/some-code ').concat(`\n${before}`),
      );
    });
  },
);

t.test('a push of code starts nothing at the gate', async t => {
  const stage = new Stage(t.testdir());
  const remote = await stage.remote();
  gate(stage, remote);
  const cwd = await stage.clone(remote, 'one');
  const many = Array.from({ length: 200 }, (_, n) => `HEAD:refs/heads/code-${n}`);
  t.match(await push(stage, cwd, 'origin', ...many, 'HEAD:refs/heads/ledgenters', 'HEAD:refs/tags/ledgenter/x'), {
    code: 0,
  });
  t.equal(starts(stage), 0);
});

t.test('a ledger has one book, and a clone that finds two says so', async t => {
  const stage = new Stage(t.testdir());
  const remote = await stage.remote();
  const { clones } = await stage.team(['one'], remote);
  const cwd = clones[0]!;
  const [here, twin] = ['refs/ledgenter/main/book', 'refs/heads/ledgenter/main/book'];
  const id = await stage.task(cwd, 'a task', '--sync');
  const fresh = async (name: string): Promise<string> => {
    const folder = stage.path(name);
    await stage.git(stage.dir, 'clone', '-q', remote, folder);
    return folder;
  };

  const mirror = await stage.remote('mirror.git');
  await stage.git(cwd, 'push', '-q', mirror, 'HEAD:refs/heads/trunk', 'HEAD:refs/heads/ledgenter');
  gate(stage, mirror);
  t.match(
    (await push(stage, cwd, mirror, `${BOOK}:${twin}`)).err,
    /broke law ref\.book: it says that its ledger is kept under refs\/ledgenter, not refs\/heads\/ledgenter/,
    'a book is kept where it says',
  );
  t.match(await push(stage, cwd, mirror, ':refs/heads/ledgenter'), { code: 0 }, 'a branch in the way can go');
  const both = await push(stage, cwd, mirror, `${BOOK}:${here}`, `${BOOK}:${twin}`);
  t.match(both.err, /remote: ledgenter: refs\/ledgenter\/main\/book: .* broke law ref\.book: .* a second one/);
  t.match(both.err, /remote: ledgenter: refs\/heads\/ledgenter\/main\/book: .* broke law ref\.book/);
  t.match(await push(stage, cwd, mirror, `${BOOK}:${here}`), { code: 0 });

  await stage.git(cwd, 'push', '-q', remote, `${BOOK}:${twin}`);
  const joined = await fresh('joined');
  t.match(await stage.ok(joined, ['init']), { joined: true, namespace: 'refs/ledgenter' }, 'a copy is passed over');
  t.equal((await stage.tryGit(joined, ['rev-parse', '-q', '--verify', 'FETCH_HEAD'])).code, 1, 'nothing is left of it');

  const evil = await stage.clone(await stage.remote('evil.git'), 'evil');
  await stage.git(evil, 'config', 'ledgenter.namespace', 'refs/heads/ledgenter');
  await stage.ok(evil, ['init', '--publish'], { as: 'mallory' });
  await stage.task(evil, 'buy gift cards', '--sync');
  await stage.git(evil, 'push', '-q', '--force', remote, `${BOOK}:${twin}`);
  const asked = await fresh('asked');
  t.match(await stage.run(asked, ['init']), {
    code: 78,
    answer: {
      error: {
        code: 'OTHER_LEDGER',
        message: `origin keeps ledger main twice, at ${twin} and ${here}: ask its owner which one is right`,
        hint: 'ledgenter init --namespace <refs/heads/ledgenter|refs/ledgenter>',
      },
    },
  });
  t.match(await stage.ok(asked, ['init', '--namespace', 'refs/ledgenter']), { joined: true });
  t.match(await stage.ok(asked, ['task', 'query']), { tasks: [{ id }], total: 1 });
  t.match(await stage.ok(joined, ['init']), { namespace: 'refs/ledgenter' }, 'who has joined is not asked again');
});
