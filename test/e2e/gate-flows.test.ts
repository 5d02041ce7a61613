import { writeFileSync } from 'node:fs';
import t from 'tap';
import { together } from '../races/race.ts';
import { GatedStage, push, RIGHT_AT_SERVER, starts } from './gated.ts';
import { BOOK } from './stage.ts';

const HOUR = 3_600_000;

t.test('clones do before a gate all that they do without one, and leave no ref behind', async t => {
  const stage = new GatedStage(t.testdir());
  const { remote, clones } = await stage.team(['anna', 'bert', 'carl']);
  const [anna, bert, carl] = clones as [string, string, string];
  const as = (actor: string) => ({ as: actor });
  const task = await stage.task(anna, 'fought over');
  const second = await stage.task(anna, 'to hand over');
  const third = await stage.task(anna, 'to take over', '--sync');
  await Promise.all([bert, carl].map(cwd => stage.ok(cwd, ['sync'])));

  await t.test('a race has one winner, and the others are told who', async t => {
    const who = ['anna', 'bert', 'carl', 'dora'];
    const ran = await together(4, n => stage.run(clones[n % 3]!, ['task', 'claim', task], as(who[n]!)));
    const won = ran.filter(({ code }) => code === 0);
    t.equal(won.length, 1);
    for (const { code, answer } of ran.filter(one => !won.includes(one))) {
      t.equal(code, 75, JSON.stringify(answer));
      t.match(answer, { error: { code: 'CLAIM_LOST' } });
    }
    const n = ran.indexOf(won[0]!);
    t.match(await stage.ok(clones[n % 3]!, ['task', 'renew', task], as(who[n]!)), { ok: true }, 'renewed');
    t.match(await stage.ok(clones[n % 3]!, ['task', 'release', task, '--sync'], as(who[n]!)), { landed: true });
  });

  await t.test('an offered claim is taken back, offered again, and moves', async t => {
    await stage.ok(anna, ['task', 'claim', second]);
    const offer = ['handoff', 'create', 'please', '--kind', 'work', '--task-id', second, '--to', 'bert'];
    const first = (await stage.ok(anna, offer)).handoff.id;
    await stage.ok(anna, ['handoff', 'cancel', first]);
    t.match(await stage.ok(anna, ['task', 'note', second, '--text', 'mine again', '--sync']), { landed: true });
    const again = (await stage.ok(anna, [...offer.slice(0, 2), 'once more', ...offer.slice(3)])).handoff.id;
    await stage.ok(bert, ['sync']);
    // The book moves at the same moment: the claim refs decide, the entry follows.
    const [taken] = await Promise.all([
      stage.run(bert, ['handoff', 'claim', again], as('bert')),
      stage.run(carl, ['task', 'create', 'meanwhile', '--sync'], as('carl')),
    ]);
    t.match(taken, { code: 0, answer: { claimed: true } });
    await stage.ok(bert, ['sync'], as('bert'));
    t.match(await stage.ok(bert, ['handoff', 'respond', again, '--answer', 'done', '--sync'], as('bert')), {
      landed: true,
    });
    t.match(await stage.ok(bert, ['task', 'update', second, '--status', 'done', '--sync'], as('bert')), {
      landed: true,
    });
  });

  await t.test('claims that the gate has to know as their own', async t => {
    const own = await stage.task(anna, 'claimed again', '--sync');
    const first = await stage.ok(anna, ['task', 'claim', own, '--lease', '2h']);
    const again = await stage.ok(anna, ['task', 'claim', own, '--lease', '10m']);
    t.equal(again.lease_until, first.lease_until, 'claiming again ends nothing earlier');
    t.match(await stage.ok(anna, ['task', 'release', own, '--sync']), { landed: true });
    const fast = { env: { ...stage.later(3 * 60_000), ...RIGHT_AT_SERVER } };
    t.match(await stage.ok(anna, ['task', 'claim', own, '--lease', '7d'], fast), { claimed: true }, 'a clock ahead');
    t.match(await stage.ok(anna, ['task', 'release', own, '--sync'], fast), { landed: true });
    t.match(await stage.ok(anna, ['task', 'claim', own, '--lease', '7d'], fast), { claimed: true });
    t.match(await stage.ok(anna, ['task', 'claim', own]), { claimed: true }, 'again, once the clock was set right');
    t.match(await stage.ok(anna, ['task', 'release', own, '--sync']), { landed: true });
    // Something unsent stands before it: the claim ref goes alone, and the book does not know who it is.
    await stage.ok(carl, ['sync']);
    await stage.ok(carl, ['task', 'note', own, '--text', 'waits'], as('newcomer'));
    t.match(await stage.ok(carl, ['task', 'claim', own, '--sync'], as('newcomer')), { claimed: true });
    t.match(await stage.ok(carl, ['task', 'release', own, '--sync'], as('newcomer')), { landed: true });
    const early = await stage.run(bert, ['task', 'create', 'from a fast clock', '--sync'], {
      as: 'bert',
      env: { ...stage.later(12 * 60_000), ...RIGHT_AT_SERVER },
    });
    t.match(early, {
      code: 77,
      answer: { error: { message: /clock of this machine is 1[12]m.* ahead of the server/ } },
    });
  });

  await t.test('a lapsed claim is taken over, an offline one is confirmed', async t => {
    await stage.ok(anna, ['task', 'claim', third]);
    const early = await stage.run(carl, ['task', 'claim', third], as('carl'));
    t.match(early, { code: 75, answer: { error: { details: { holder: 'anna' } } } });
    const env = stage.later(2 * HOUR);
    t.match(await stage.ok(carl, ['task', 'claim', third], { as: 'carl', env }), { took_over_from: 'anna' });
    t.match(await stage.ok(carl, ['task', 'release', third, '--sync'], { as: 'carl', env }), { landed: true });
    await stage.ok(anna, ['sync'], { env });
    t.match(await stage.ok(anna, ['task', 'claim', third, '--offline'], { env }), { provisional: true });
    t.match(await stage.ok(anna, ['sync'], { env }), { ok: true, parked: [] });
    t.match(await stage.ok(anna, ['task', 'update', third, '--status', 'done', '--sync'], { env }), { landed: true });
  });

  await t.test('a crowd lands through the queue, and doctor is content', async t => {
    const env = stage.later(2 * HOUR + 60_000);
    const titles = ['from anna', 'from bert', 'from carl'];
    await together(3, n => stage.task(clones[n]!, titles[n]!));
    const ran = await together(3, n => stage.run(clones[n]!, ['sync'], { env }));
    for (const { code, out, err } of ran) t.equal(code, 0, `${out}${err}`);
    await stage.ok(anna, ['sync'], { env });
    const listed = (await stage.ok(anna, ['task', 'query', '--limit', '50'], { env })).tasks;
    for (const title of titles)
      t.ok(
        listed.some((one: { title: string }) => one.title === title),
        title,
      );
    t.match(await stage.ok(anna, ['doctor'], { env }), { healthy: true });
    const left = await stage.git(remote, 'for-each-ref', '--format=%(refname)', 'refs/ledgenter');
    t.equal(left, BOOK, 'neither claims nor queues are left');
    t.match(await stage.ok(anna, ['verify'], { env }), { verified: true });
    t.equal(await stage.fsck(remote), '');
  });
});

t.test('much that is lawful passes: a thousand entries in fifty pushes, five thousand in one', async t => {
  const stage = new GatedStage(t.testdir());
  const { remote, clones } = await stage.team(['one']);
  const cwd = clones[0]!;
  const issues = Array.from({ length: 6_000 }, (_, n) => ({ id: `b-${n}`, title: `Issue ${n}`, status: 'open' }));
  writeFileSync(stage.path('issues.jsonl'), `${issues.map(one => JSON.stringify(one)).join('\n')}\n`);
  const before = (await stage.git(remote, 'rev-parse', BOOK)).trim();
  await stage.ok(cwd, ['import', 'beads', stage.path('issues.jsonl'), '--no-sync']);
  const oids = (await stage.git(cwd, 'rev-list', '--reverse', '--first-parent', `${before}..${BOOK}`)).split('\n');
  t.ok(oids.length >= 6_000);
  const asked = starts(stage);
  for (let n = 1; n <= 50; n++) {
    const ran = await push(stage, cwd, 'origin', `${oids[n * 20 - 1]}:${BOOK}`);
    if (ran.code !== 0) t.fail(`push ${n}: ${ran.err}`);
  }
  t.equal(starts(stage) - asked, 50);
  const ran = await push(stage, cwd, 'origin', `${oids[5_999]}:${BOOK}`);
  t.equal(ran.code, 0, ran.err);
  t.equal(ran.err, '', 'and nothing is said');
  t.equal(await stage.git(remote, 'rev-parse', BOOK), oids[5_999]);
  t.equal(starts(stage) - asked, 51);
});
