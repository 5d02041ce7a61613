import fc from 'fast-check';
import t from 'tap';
import { MAX_LEASE_MS } from '../../src/kernel/hold.ts';
import type { WriteOperation } from '../../src/kernel/operation.ts';
import { type FileChange, Overlay, type Reader } from '../../src/kernel/view.ts';
import { covers } from '../../src/rooms/decisions/paths.ts';
import { liveRows } from '../../src/rooms/reservations/live.ts';
import { fold, matches, newBudget, overlaps, patternOf } from '../../src/rooms/reservations/overlap.ts';
import { stagedPort } from '../../src/rooms/reservations/ports.ts';
import {
  LIVE,
  type LiveRow,
  liveRecord,
  MAX_LIVE,
  type Reservation,
  reservationRecord,
} from '../../src/rooms/reservations/record.ts';
import { ada, bob, eve, HOUR, operationOf, type Person, person, T0, TestOffice, type Turn } from './office.ts';

const GRACE = 120_000;
const DAY = 24 * HOUR;
const meet = (a: string, b: string): boolean => overlaps(patternOf(a), patternOf(b), newBudget());

async function begin() {
  const office = new TestOffice();
  await office.does('ledger.init', { namespace: 'refs/ledgenter', authority: 'github/acme/parser' }, eve);
  const claim = async (paths: string[], who: Person = ada, more: object = {}, turn: Turn = {}) =>
    String((await office.does('reserve.claim', { paths, ...more }, who, turn)).reservation_id);
  const refused = (paths: string[], who: Person = bob, more: object = {}, turn: Turn = {}) =>
    office.refusal('reserve.claim', { paths, ...more }, who, turn);
  const record = (id: string) => office.view.get(reservationRecord, id) as Promise<Reservation>;
  const query = async (input: object = {}, who: Person = ada) =>
    (await office.asks('reserve.query', input, who)) as {
      reservations: { id: string; state?: string }[];
      total: number;
    };
  const ids = async (input: object = {}, who: Person = ada) =>
    (await query(input, who)).reservations.map(({ id }) => id).sort();
  const check = (input: object, who: Person = bob, staged: string[] = []) =>
    office.asks('reserve.check', input, who, { [stagedPort.name]: { paths: async () => staged } }) as Promise<{
      clear: boolean;
      conflicts: { path: string; reservation_id: string; by: string }[];
    }>;
  return { office, claim, refused, record, query, ids, check };
}

t.test('paths are kept to a run, plainly written, for an hour or a day', async t => {
  const { office, claim, record } = await begin();
  const task_id = await office.creates();
  const id = await claim(['./src/parser/', 'docs//*.md', 'docs/*.md'], ada, { task_id, reason: 'moving it' });
  t.match(id, /^v-[0-9a-z]{10}$/);
  const made = await record(id);
  t.match(made, { paths: ['docs/*.md', 'src/parser'], task_id, reason: 'moving it', actor: 'ada', run: ada.run[0] });
  t.equal(Date.parse(made.lease_until) - Date.parse(made.since), HOUR);
  const day = await record(await claim(['README.md'], eve));
  t.equal(Date.parse(day.lease_until) - Date.parse(day.since), DAY, 'a person’s');
  for (const path of ['/etc/x', '~/x', 'C:/x', 'a\\b', '../x', 'a/../b', '', '.', 'a\nb', 'x\ud800'])
    await t.rejects(office.outcome('reserve.claim', { paths: [path] }, ada), /paths/, JSON.stringify(path));
  await t.rejects(office.outcome('reserve.claim', { paths: [] }, ada), /paths/);
  await t.rejects(office.outcome('reserve.claim', { paths: ['x'], lease: '8d' }, ada), /7 days/);
});

t.test('what another keeps is refused: who, until when, for what, and where to look', async t => {
  const { office, claim, refused } = await begin();
  const task_id = await office.creates();
  const id = await claim(['src/parser/**'], ada, { task_id, reason: 'moving it' });
  const found = await refused(['docs', 'SRC/Parser/lexer.ts']);
  t.match(found, {
    code: 'RESERVED',
    law: 'reservation.free',
    hint: /reserve query --paths ':\/SRC\/Parser\/lexer.ts'/,
  });
  t.match(found.message, new RegExp(`^ada has src/parser/\\*\\* reserved until 20.* for ${task_id} \\(moving it\\)`));
  const outcome = await office.outcome('reserve.claim', { paths: ['src'] }, bob);
  t.match(outcome, { error: { exit: 75, details: { reservation_id: id, holder: 'ada', task_id } } });
  t.match(await refused(['src/pars*/x']), { code: 'RESERVED' });
  t.match(await refused(["src/parser/it's"]), { hint: 'ledgenter reserve query' }, 'no quoting in a hint');
  t.match(await refused(['src/writer', 'docs']), { code: 'lawful' });
});

t.test(
  'a run, its children and the same person may overlap what is theirs; other runs of an agent may not',
  async t => {
    const { claim, refused, record } = await begin();
    await claim(['src'], ada);
    const child: Person = { ...ada, run: [person('ada', 'agent', 'child').run[0]!, ...ada.run] };
    t.match(await refused(['src/a.ts'], child), { code: 'lawful' });
    t.match(await refused(['src/b.ts'], person('ada', 'agent', 'two')), { code: 'RESERVED' });
    t.match(await refused(['src/a.ts'], ada), { code: 'RESERVED' }, 'a parent meets its child');
    const first = await claim(['docs'], eve);
    const tomorrow = person('eve', 'human', 'two');
    const again = await claim(['docs'], tomorrow, { lease: '2d' });
    t.equal(again, first, 'the same paths again are the same reservation');
    t.equal((await record(first)).run, eve.run[0]);
  },
);

t.test('the same paths again extend it, and never make it shorter', async t => {
  const { office, claim, record } = await begin();
  const id = await claim(['src', 'docs'], ada, { lease: '10m' });
  t.equal(await claim(['docs', 'src'], ada, { lease: '30m' }), id);
  const { lease_until } = await record(id);
  t.same(await office.outcome('reserve.claim', { paths: ['docs', 'src'], lease: '1m' }, ada), {
    kind: 'same',
    result: { reservation_id: id },
  });
  t.equal((await record(id)).lease_until, lease_until);
  t.not(await claim(['docs', 'src'], ada, { reason: 'another' }), id, 'with another reason it is another');
});

t.test('released or lapsed with its grace, paths are free; before that they are not', async t => {
  const { office, claim, refused, ids, query } = await begin();
  const first = await claim(['src'], ada, { lease: '10m' }, { at: T0 + HOUR });
  const end = T0 + HOUR + 600_000 + GRACE;
  t.match(await refused(['src'], bob, {}, { at: end }), { code: 'RESERVED' });
  t.same(await ids(), [first]);
  t.match(await refused(['src'], bob, {}, { at: end + 1 }), { code: 'lawful' });
  t.notOk((await ids()).includes(first));
  const [second] = await ids();
  t.match(await office.refusal('reserve.release', { reservation_id: second }, ada), {
    code: 'NOT_HOLDER',
    law: 'reservation.change',
  });
  await office.does('reserve.release', { reservation_id: second }, bob);
  t.match(await office.outcome('reserve.release', { reservation_id: second }, bob), { kind: 'same' });
  t.same(await ids(), []);
  const all = await query({ all: true });
  t.same(all.reservations.map(({ state }) => state).sort(), ['lapsed', 'released']);
  t.match(await refused(['src'], ada), { code: 'lawful' });
});

t.test('a maintainer releases what another keeps; a person whose run is over too', async t => {
  const { office, claim, ids } = await begin();
  const id = await claim(['src'], ada);
  await office.does('reserve.release', { reservation_id: id }, eve);
  const grace = person('grace', 'human');
  const own = await claim(['src'], grace);
  await office.does('reserve.release', { reservation_id: own }, person('grace', 'human', 'two'));
  t.same(await ids(), []);
});

t.test('a path is of a repository; the ledger’s own has one name only', async t => {
  const { office, claim, refused, ids, check } = await begin();
  await office.does('repo.register', { slug: 'web', remote_url: 'https://github.com/acme/web' }, eve);
  await office.does('repo.register', { slug: 'own', remote_url: 'https://github.com/acme/parser' }, eve);
  await claim(['src']);
  t.match(await refused(['src'], bob, { repo: 'web' }), { code: 'lawful' });
  t.match(await refused(['src'], bob, { repo: 'own' }), { code: 'RESERVED' });
  t.match(await refused(['src'], ada, { repo: 'github/acme/web' }), { code: 'RESERVED', hint: /--repo web/ });
  t.match(await refused(['x'], ada, { repo: 'nowhere' }), { code: 'NOT_FOUND' });
  t.equal((await ids()).length, 2);
  t.equal((await ids({ paths: ['src/x'] })).length, 1);
  t.equal((await ids({ repo: 'web' })).length, 1);
  const there = { ...ada, checkout: { fingerprint: 'github/acme/web' } } as Person;
  t.match(await check({ paths: ['src/x'] }, there), { clear: false, conflicts: [{ by: 'bob' }] });
  t.match(await check({ paths: ['src/x'] }, ada), { clear: true });
  const operation = operationOf('reserve.claim') as unknown as WriteOperation<object>;
  const placed = (fingerprint: string | undefined, repo?: string) =>
    operation.placed!(
      office.context({ ...ada, ...(fingerprint ? { checkout: { fingerprint } } : {}) } as Person),
      repo === undefined ? { paths: ['x'] } : { paths: ['x'], repo },
    );
  const web = { paths: ['x'], repo: 'web' };
  t.same(await placed('github/acme/web'), web, 'the entry says where its writer stood');
  t.same(await placed(undefined, 'github/acme/web'), web);
  for (const fingerprint of ['github/acme/parser', 'github/ada/fork', undefined])
    t.same(await placed(fingerprint), { paths: ['x'] }, String(fingerprint));
  t.same(await placed('github/acme/web', 'own'), { paths: ['x'] }, 'what is said counts more than where one stands');
});

t.test('check names what another keeps of the given and of the staged paths', async t => {
  const { claim, check, ids } = await begin();
  const id = await claim(['src/*.ts', 'Makefile'], ada, { reason: 'moving it' });
  t.match(await check({ staged: true }, bob, ['src/a.ts', 'src/deep/b.md', 'makefile', 'src/*.md', 'docs/x']), {
    clear: false,
    conflicts: [
      { path: 'src/a.ts', reservation_id: id, by: 'ada', run: ada.run[0], reason: 'moving it' },
      { path: 'makefile' },
    ],
  });
  t.match(await check({ paths: ['src'] }), { clear: false, conflicts: [{ path: 'src' }] });
  t.same(await check({ staged: true }, bob, ['docs/x', 'src\\a.ts', '']), { clear: true, conflicts: [] });
  t.same(await check({ staged: true, paths: ['src'] }, ada, ['src/a.ts']), { clear: true, conflicts: [] }, 'your own');
  await t.rejects(check({}), { code: 'BAD_INPUT' });
  t.same(await ids({ mine: true }, bob), []);
  t.same(await ids({ mine: true }), [id]);
});

t.test('a slot is one holder’s: another is told who, until when and why, until it is free', async t => {
  const { office, claim, ids, check } = await begin();
  const take = (who: Person, more: object = {}, turn: Turn = {}) =>
    office.refusal('reserve.claim', { slot: 'Deploy', ...more }, who, turn);
  const slot = async (who: Person, more: object = {}, turn: Turn = {}) =>
    String((await office.does('reserve.claim', { slot: 'deploy', ...more }, who, turn)).reservation_id);
  const first = await slot(ada, { reason: 'v1.2', lease: '10m' });
  t.match(await take(bob), {
    code: 'RESERVED',
    law: 'reservation.free',
    message: /^ada has the slot deploy until 20.* \(v1.2\)$/,
    hint: 'ledgenter reserve query --slot deploy',
  });
  t.match(await take(person('ada', 'agent', 'two')), { code: 'RESERVED' }, 'another run of the same agent');
  t.match(await take(ada, { reason: 'v1.3' }), { code: 'RESERVED' }, 'there is one reservation of a slot');
  t.equal(await slot(ada, { lease: '20m' }), first, 'the same again extends it');
  t.match(await check({ slot: 'deploy' }), {
    clear: false,
    conflicts: [{ slot: 'deploy', by: 'ada', reason: 'v1.2' }],
  });
  t.match(await check({ slot: 'deploy' }, ada), { clear: true });
  t.match(await check({ slot: 'staging' }), { clear: true });
  t.match(await check({ paths: ['deploy'], staged: true }, bob, ['deploy']), { clear: true }, 'it is no path');
  await claim(['deploy'], bob);
  t.same(await ids({ slot: 'deploy' }), [first]);
  t.notOk((await ids({ paths: ['deploy'] })).includes(first));
  await slot(bob, { lease: '1h' }, { at: office.now + 20 * 60_000 + GRACE + 1000 });
  t.match(await take(ada), { code: 'RESERVED' }, 'lapsed with its grace it is the next one’s');
  const [second] = await ids({ slot: 'deploy' });
  await office.does('reserve.release', { reservation_id: second }, bob);
  t.match(await take(ada), { code: 'lawful' });
  for (const input of [{}, { slot: 'x', paths: ['x'] }, { slot: 'x', repo: 'web' }])
    await t.rejects(office.does('reserve.claim', input, ada), { code: 'BAD_INPUT' });
  await t.rejects(office.outcome('reserve.claim', { slot: 'a b' }, ada), /slot/);
});

/** What a forger may change of a lawful claim, and the law that names it. */
t.test('forged reservations are named by their law', async t => {
  const { office, claim, record } = await begin();
  const kept = await claim(['src'], ada, { lease: '2h' });
  const base = await record(kept);
  const list = (rows: LiveRow[]): FileChange => liveRecord.put(LIVE, { live: rows });
  const rows = await liveRows(office.view);
  const forged = async (who: Person, change: object, row: object = {}, fakes: Partial<Turn> = {}) => {
    const intent = office.intent('reserve.claim', { paths: ['x'] }, who, fakes);
    const id = office.idFor(reservationRecord, intent);
    const { at, run } = intent;
    const lease_until = new Date(Date.parse(at) + HOUR).toISOString();
    const fresh = { paths: ['x'], actor: who.actor, run: run[0]!, since: at, lease_until, ...change } as Reservation;
    const live = [...rows, { id, until: fresh.lease_until, ...row }].sort((a, b) => (a.id < b.id ? -1 : 1));
    const files = [...(await office.enrolled(intent)), reservationRecord.put(id, fresh), list(live)];
    return (await office.forge(files, intent))?.law ?? 'lawful';
  };
  t.equal(await forged(bob, {}), 'lawful');
  t.equal(await forged(bob, { actor: 'ada' }), 'reservation.form');
  t.equal(await forged(bob, { run: ada.run[0] }), 'reservation.form');
  t.equal(await forged(bob, { since: base.since }), 'reservation.form');
  t.equal(await forged(bob, { paths: ['x', 'x'] }), 'reservation.form');
  t.equal(await forged(bob, { paths: ['../x'] }), 'record.schema');
  t.equal(await forged(bob, { paths: [] }), 'reservation.form');
  const slot = { slot: 'deploy' };
  t.equal(await forged(bob, { paths: [], ...slot }, slot), 'lawful');
  t.equal(await forged(bob, { paths: [], ...slot }), 'reservation.list', 'the list says that it is a slot');
  t.equal(await forged(bob, { paths: ['x'], ...slot }, slot), 'reservation.form');
  t.equal(await forged(bob, { paths: [], slot: 'De ploy' }, slot), 'record.schema');
  t.equal(await forged(bob, { paths: [], ...slot, repo: 'web' }, { ...slot, repo: 'web' }), 'reservation.form');
  t.equal(await forged(bob, { task_id: 't-0000000000' }), 'reservation.form');
  t.equal(await forged(bob, { repo: 'nowhere' }, { repo: 'nowhere' }), 'reservation.form');
  t.equal(await forged(bob, { lease_until: base.since }), 'reservation.form');
  const long = new Date(office.now + MAX_LEASE_MS + HOUR).toISOString();
  t.equal(await forged(bob, { lease_until: long }), 'reservation.form');
  t.equal(await forged(bob, { paths: ['Src/a'] }), 'reservation.free');
  t.equal(await forged(bob, {}, { until: '2026-03-02T09:00:00.000Z' }), 'reservation.list');

  const changed = async (who: Person, change: object, live: (rows: LiveRow[]) => LiveRow[], turn: Turn = {}) => {
    const intent = office.intent('reserve.release', { reservation_id: kept }, who, turn);
    const after = { ...base, ...change, ...('released_at' in change ? { released_at: intent.at } : {}) };
    const files = [...(await office.enrolled(intent)), reservationRecord.put(kept, after), list(live(rows))];
    return (await office.forge(files, intent))?.law ?? 'lawful';
  };
  const same = (all: LiveRow[]) => all;
  const gone = () => [];
  t.equal(await changed(ada, { released_at: '' }, gone), 'lawful');
  t.equal(await changed(ada, { released_at: '' }, same), 'reservation.list', 'a released one stays no obstacle');
  t.equal(await changed(bob, { released_at: '' }, gone), 'reservation.change');
  t.equal(await changed(ada, { paths: ['src', 'x'] }, same), 'reservation.change');
  t.equal(await changed(ada, { actor: 'bob' }, same), 'reservation.change');
  t.equal(await changed(ada, { lease_until: base.since }, same), 'reservation.change');

  const intent = office.intent('task.note', { task_id: 't-0000000000' }, bob);
  t.equal((await office.forge([...(await office.enrolled(intent)), list([])], intent))?.law, 'reservation.list');
  await office.does('reserve.release', { reservation_id: kept }, ada);
  const again = office.intent('reserve.claim', { paths: ['src'] }, ada);
  const { released_at: _gone, ...back } = await record(kept);
  const revived = [reservationRecord.put(kept, back), list([{ id: kept, until: back.lease_until }])];
  t.equal((await office.forge(revived, again))?.law, 'reservation.change', 'released stays released');
});

t.test('an extension meets whoever came in between', async t => {
  const { office, claim, record } = await begin();
  const id = await claim(['src'], ada, { lease: '10m' });
  await claim(['src/a'], bob, {}, { at: office.now + 600_000 + GRACE + 1 });
  const intent = office.intent('reserve.claim', { paths: ['src'] }, ada);
  const until = new Date(office.now + HOUR).toISOString();
  const rows = [...(await liveRows(office.view)), { id, until }].sort((a, b) => (a.id < b.id ? -1 : 1));
  const files = [
    reservationRecord.put(id, { ...(await record(id)), lease_until: until }),
    liveRecord.put(LIVE, { live: rows }),
  ];
  t.equal((await office.forge(files, intent))?.law, 'reservation.free');
});

t.test('a ledger full of old reservations is as quick as a new one; of live ones there is an end', async t => {
  const { office, claim, refused } = await begin();
  const live: LiveRow[] = [];
  const record = { paths: ['old'], actor: 'ada', run: ada.run[0]!, since: '2026-03-01T00:00:00.000Z' };
  const idAt = (n: number): string => `v-${String(n).padStart(10, '0')}`;
  for (let n = 0; n < 10_000; n++)
    office.state.apply([
      reservationRecord.put(idAt(n), { ...record, lease_until: '2026-03-01T01:00:00.000Z', released_at: record.since }),
    ]);
  let reads = 0;
  const counted: Reader = {
    read: path => {
      reads++;
      return office.state.read(path);
    },
    list: folder => office.state.list(folder),
  };
  const { outcome } = await (async () => {
    const { enact } = await import('../../src/book/enact.ts');
    const { rulebook } = await import('./office.ts');
    const intent = office.intent('reserve.claim', { paths: ['old'] }, bob);
    return { outcome: await enact(rulebook, new Overlay(counted), intent, office.stamp(intent)) };
  })();
  t.equal(outcome.kind, 'lawful');
  t.ok(reads < 40, `${reads} reads`);
  for (let n = 0; n < MAX_LIVE; n++) {
    office.state.apply([
      reservationRecord.put(idAt(n), { ...record, paths: [`p${n}`], lease_until: '2026-03-03T00:00:00.000Z' }),
    ]);
    live.push({ id: idAt(n), until: '2026-03-03T00:00:00.000Z' });
  }
  office.state.apply([liveRecord.put(LIVE, { live })]);
  t.match(await refused(['elsewhere'], bob), { code: 'BUSY' });
  await office.does('reserve.release', { reservation_id: idAt(0) }, eve);
  t.match(await claim(['elsewhere'], bob), /^v-/);
});

t.test('hostile patterns cost a bounded time, and in doubt nothing is free', async t => {
  const { office, refused } = await begin();
  const nasty = (letter: string) => `${`${letter}*`.repeat(60)}${letter}`;
  const record = { actor: 'ada', run: ada.run[0]!, since: '2026-03-01T00:00:00.000Z' };
  const live: LiveRow[] = [];
  for (let n = 0; n < MAX_LIVE - 1; n++) {
    const id = `v-${String(n).padStart(10, '0')}`;
    const paths = Array.from({ length: 50 }, (_, at) => `**/${nasty('a')}/**/z${at}`).sort();
    office.state.apply([reservationRecord.put(id, { ...record, paths, lease_until: '2026-03-03T00:00:00.000Z' })]);
    live.push({ id, until: '2026-03-03T00:00:00.000Z' });
  }
  office.state.apply([liveRecord.put(LIVE, { live })]);
  const mine = Array.from({ length: 50 }, (_, at) => `x/${'a'.repeat(200)}b/${'?'.repeat(20)}y${at}`);
  t.match(await refused(mine), { code: 'RESERVED' });
  const budget = newBudget(10);
  t.equal(overlaps(patternOf('*a*b*/x'), patternOf('cccccccccccccccccccccc/y'), budget), true, 'in doubt');
});

t.test('overlap: examples', async t => {
  for (const [a, b] of [
    ['src', 'src/a/b.ts'],
    ['SRC', 'src/x'],
    ['**', 'a'],
    ['**/x', 'a/b/x/c'],
    ['**/x', 'a'],
    ['src/*.ts', 'src/a*'],
    ['a?c', 'abc/d'],
    ['a/**/z', 'a/z'],
    ['a*b', 'a*c*b'],
    ['*.ts', '?.t?'],
    ['caf\u00e9', 'cafe\u0301'],
    ['STRA\u1e9eE', 'stra\u1e9ee'],
    ['\u03a3', '\u03c2'],
    ['?', '\u{1f600}'],
  ] as const)
    t.ok(meet(a, b), `${a} and ${b}`);
  for (const [a, b] of [
    ['src', 'srcs'],
    ['src/a', 'src/b'],
    ['a*', 'b*'],
    ['*.ts', '*.js'],
    ['a?', 'abc'],
    ['*a', '?b'],
    ['a/*/c', 'a/b/d'],
    ['x*y*z', 'xz'],
  ] as const)
    t.notOk(meet(a, b), `${a} and ${b}`);
});

const letter = fc.constantFrom('a', 'b', 'A', '*', '?', '**');
const part = fc.array(letter, { minLength: 1, maxLength: 4 }).map(letters => letters.join(''));
const pattern = fc.array(part, { minLength: 1, maxLength: 4 }).map(parts => parts.join('/'));
const name = fc.array(fc.constantFrom('a', 'b', 'B'), { minLength: 1, maxLength: 4 }).map(letters => letters.join(''));
const file = fc.array(name, { minLength: 1, maxLength: 5 }).map(names => names.join('/'));

t.test('overlap is symmetric and reflexive, and misses no file that both cover', async () => {
  const covered = (path: string, one: string): boolean => covers(fold(path), fold(one));
  fc.assert(
    fc.property(pattern, pattern, fc.array(file, { maxLength: 20 }), (a, b, files) => {
      if (!meet(a, a) || meet(a, b) !== meet(b, a)) return false;
      for (const one of files) {
        const both = covered(a, one) && covered(b, one);
        if (both && !meet(a, b)) return false;
        if (covered(a, one) !== matches(patternOf(a), fold(one), newBudget())) return false;
        if (covered(a, one) && !meet(a, one)) return false;
      }
      return true;
    }),
    { numRuns: 3000 },
  );
});

/** All sequences of these up to a length. */
function sequences(of: readonly string[], length: number, glue: string): string[] {
  let longest = [...of];
  const all = [...of];
  for (let n = 1; n < length; n++) {
    longest = longest.flatMap(one => of.map(next => `${one}${glue}${next}`));
    all.push(...longest);
  }
  return all;
}

t.test('overlap says yes only where a file is covered by both: all short names, all short folders', async t => {
  const cases = [
    { of: ['a', 'b', '*', '?'], glue: '', files: sequences(['a', 'b'], 6, '') },
    { of: ['a', 'b', '*', '**'], glue: '/', files: sequences(['a', 'b'], 6, '/') },
  ];
  for (const { of, glue, files } of cases) {
    const patterns = sequences(of, 3, glue);
    const covered = patterns.map(one => new Set(files.filter(path => covers(one, path))));
    const wrong: string[] = [];
    for (const [i, a] of patterns.entries())
      for (const [j, b] of patterns.entries())
        if (meet(a, b) !== [...covered[i]!].some(path => covered[j]!.has(path))) wrong.push(`${a} and ${b}`);
    t.same(wrong, []);
  }
});
