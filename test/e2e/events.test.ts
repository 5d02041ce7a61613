import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { BOOK, LAUNCHER, Stage } from './stage.ts';

const stage = new Stage(t.testdir());
let [here, there] = ['', ''];
t.before(async () => {
  const { clones } = await stage.team(['one', 'two']);
  [here, there] = clones as [string, string];
});

const lands = async (cwd: string): Promise<string[]> =>
  (await stage.git(cwd, 'log', '--format=%s', BOOK)).split('\n').filter(line => line.includes('landed'));
const spool = (cwd: string): string => join(cwd, '.git', 'ledgenter', 'main', 'spool');
const say = (cwd: string, as: string, event: string, summary: string, ...more: string[]) =>
  stage.ok(cwd, ['event', 'log', summary, '--event', event, ...more], { as });

t.test('ten agents at once lose nothing, and a sync lands all of it as one entry', async t => {
  const agents = Array.from({ length: 10 }, (_, n) => `agent-${n}`);
  await Promise.all(
    agents.map(async (as, n) => {
      if (n % 2 === 0) await say(here, as, 'task_start', `began ${n}`);
      else await stage.plain(here, ['wrap', '--as', as, '--', 'git', '--version']);
      if (n < 3) for (let beat = 0; beat < 2; beat++) await say(here, as, 'heartbeat', `beat ${beat}`);
    }),
  );
  const waiting = await stage.ok(here, ['event', 'query', '--limit', '1']);
  t.match(waiting, { total: 18, events: [{ landed: false }] }, '10 starts, 5 results and the signs of life of three');
  const { landed } = await stage.ok(here, ['sync']);
  t.ok(landed >= 1);
  t.equal((await lands(here)).length, 1, 'one entry');
  await stage.ok(there, ['sync']);
  const seen = await stage.ok(there, ['event', 'query', '--limit', '200']);
  t.equal(seen.total, 18);
  for (const agent of agents.slice(0, 3)) {
    const [beat] = seen.events.filter(
      (one: never) =>
        (one as { agent: string; event: string }).agent === agent && (one as { event: string }).event === 'heartbeat',
    );
    t.match(beat, { data: { count: 2, first: /Z$/, last: /Z$/ }, landed: true }, agent);
  }
  t.match(await stage.ok(there, ['status', '--agent', 'agent-1']), { agent: 'agent-1', state: 'idle' });
  t.match(await stage.ok(there, ['status', '--agent', 'agent-2']), {
    state: 'busy',
    last_event: { event: 'heartbeat' },
  });
  t.equal((await stage.run(there, ['status', '--agent', 'nobody-at-all'])).code, 66);
});

t.test('a crash between landing and noting it lands nothing twice', async t => {
  await say(here, 'crash', 'task_start', 'before the crash');
  await stage.ok(here, ['sync']);
  const before = await lands(here);
  for (const name of readdirSync(spool(here))) if (name.endsWith('.landed')) rmSync(join(spool(here), name));
  t.equal((await stage.ok(here, ['event', 'query', 'crash'])).total, 1, 'what landed is known by the book');
  await stage.ok(here, ['sync']);
  t.same(await lands(here), before);
  const [file] = readdirSync(spool(here)).filter(name => name.endsWith('.jsonl'));
  appendFileSync(join(spool(here), file!), '{"ts":"2026-03-0');
  await say(here, 'crash', 'task_result', 'after it', '--data', '{"exit_code":0}');
  await stage.ok(here, ['sync']);
  t.match(await stage.ok(here, ['event', 'query', 'crash']), { total: 2 }, 'a torn line takes no other with it');
});

t.test('a clock that was ahead, and a clone that was copied, keep back nothing', async t => {
  await say(here, 'clock', 'task_start', 'first');
  const copy = `${here}-copy`;
  cpSync(here, copy, { recursive: true });
  const [file] = readdirSync(spool(here)).filter(name => name.endsWith('.jsonl'));
  const ahead = { ts: '2999-03-02T08:00:00Z', agent: 'clock', event: 'error', summary: 'ahead' };
  appendFileSync(join(spool(here), file!), `${JSON.stringify(ahead)}\n`);
  await say(copy, 'clock', 'error', 'said in the copy');
  await stage.ok(here, ['sync']);
  await stage.ok(copy, ['sync']);
  await stage.ok(copy, ['sync']);
  await stage.ok(here, ['sync']);
  const { events } = await stage.ok(here, ['event', 'query', 'clock']);
  const said = new Set(events.map(({ summary }: { summary: string }) => summary));
  t.same(said, new Set(['first', 'ahead', 'said in the copy']));
  t.ok(events.every(({ landed, ts }: { landed: boolean; ts: string }) => landed && ts < '2990'));
  rmSync(copy, { recursive: true });
});

t.test('what waits, waits: no push for events alone, and they land before the ledger is used', async t => {
  stage.resetPushes();
  await say(there, 'quiet', 'heartbeat', 'alive');
  t.equal(stage.pushes().size, 0);
  const bare = await stage.repository('bare');
  await say(bare, 'early', 'task_start', 'no ledger yet');
  await stage.ok(bare, ['init']);
  await stage.ok(bare, ['sync']);
  t.match(await stage.ok(bare, ['event', 'query', 'early']), { total: 1, events: [{ landed: true }] });
});

t.test('secrets reach neither the spool nor the book', async t => {
  const key = `ghp_${'a1B2'.repeat(9)}`;
  const answer = await say(
    here,
    'leaky',
    'error',
    `401 with ${key}`,
    '--data',
    JSON.stringify({ tail: [`token ${key}`] }),
  );
  t.match(answer, { redacted: 2 });
  writeFileSync(
    join(spool(here), `${'0'.repeat(32)}.jsonl`),
    `${JSON.stringify({ ts: new Date().toISOString(), agent: 'forger', event: 'error', summary: key })}\n`,
  );
  await stage.ok(here, ['sync']);
  const all = await stage.git(here, 'log', '-p', BOOK);
  t.notOk(all.includes(key));
  t.match(await stage.ok(here, ['event', 'query', 'forger']), { total: 1 });
  const { events } = await stage.ok(here, ['event', 'query', 'crash']);
  const strange = {
    ts: new Date().toISOString(),
    event: 'error',
    summary: 'of a run of another',
    run_id: events[0].run_id,
  };
  writeFileSync(join(spool(here), `${'1'.repeat(32)}.jsonl`), `${JSON.stringify({ ...strange, agent: 'anna' })}\n`);
  await stage.ok(here, ['sync']);
  t.match(await stage.ok(here, ['event', 'query', 'anna']), { total: 1, events: [{ landed: true }] });
});

t.test('export: days only ever grow, a status that nobody sees half of, a page a session', async t => {
  const dir = stage.path('telemetry', 'deep');
  const first = await stage.ok(here, ['event', 'export', dir]);
  t.ok(first.lines_added >= 18);
  const today = readdirSync(join(dir, 'agent-1')).find(name => name.endsWith('.jsonl'))!;
  const file = join(dir, 'agent-1', today);
  const before = readFileSync(file, 'utf8');
  t.equal((await stage.plain(here, ['event', 'validate', file])).code, 0);
  t.match(JSON.parse(readFileSync(join(dir, 'agent-1', 'status.json'), 'utf8')), {
    agent: 'agent-1',
    state: 'idle',
    since: /Z$/,
    last_event: { event: 'heartbeat' },
    task_id: null,
  });
  const [page] = readdirSync(join(dir, 'agent-1', 'sessions'));
  t.match(page, /^\d{4}-\d\d-\d\d-r-[0-9a-z]{10}\.md$/);
  t.match(readFileSync(join(dir, 'agent-1', 'sessions', page!), 'utf8'), /git: exit 0/);

  await say(here, 'agent-1', 'error', 'one more');
  // A reader that looks all the time, while the status is written again and again.
  const script = `const { readFileSync: read } = require('fs'); const end = Date.now() + 60000; let n = 0;
    process.stdin.on('end', () => { console.log(n); process.exit(0) }).resume();
    (function look() { for (let i = 0; i < 50; i++) { JSON.parse(read(process.argv[1], 'utf8')); n++ } setImmediate(look) })()`;
  const { spawn } = await import('node:child_process');
  const reader = spawn(process.execPath, ['-e', script, join(dir, 'agent-1', 'status.json')], { stdio: 'pipe' });
  let [seen, wrong] = ['', ''];
  reader.stdout.on('data', part => {
    seen += part;
  });
  reader.stderr.on('data', part => {
    wrong += part;
  });
  for (const event of ['error', 'task_start', 'task_result']) {
    await say(here, 'agent-1', event, `and ${event}`);
    await stage.ok(here, ['event', 'export', dir]);
  }
  reader.stdin.end();
  await new Promise(done => reader.on('close', done));
  t.equal(wrong, '');
  t.ok(Number(seen) > 0, `${seen.trim()} looks, none of half a file`);
  const after = readFileSync(file, 'utf8');
  t.ok(after.startsWith(before), 'what stood there stands there');
  t.equal(after.split('\n').length, before.split('\n').length + 4);
  t.match(await stage.ok(here, ['event', 'export', dir]), { lines_added: 0, files_grown: 0 });

  writeFileSync(file, after.replace('one more', 'nothing more'));
  await say(here, 'agent-3', 'error', 'waits');
  const refused = await stage.run(here, ['event', 'export', dir]);
  t.match(refused, {
    code: 77,
    answer: { error: { code: 'REFUSED', message: new RegExp(`agent-1/${today} has a line`) } },
  });
  t.match(readFileSync(file, 'utf8'), /nothing more/, 'it was left alone');
  t.notMatch(readFileSync(join(dir, 'agent-3', today), 'utf8'), /waits/, 'and so was all else');
});

t.test('an export goes through no link in its folder', { skip: process.platform === 'win32' }, async t => {
  const [dir, away] = [stage.path('linked'), stage.path('away')];
  for (const folder of [join(dir, 'agent-1'), away]) mkdirSync(folder, { recursive: true });
  symlinkSync(away, join(dir, 'agent-2'));
  symlinkSync(away, join(dir, 'agent-1', 'sessions'));
  for (const agent of ['agent-1', 'agent-2'])
    t.match(await stage.run(here, ['event', 'export', dir, '--agent', agent]), {
      code: 77,
      answer: { error: { message: /is a link/ } },
    });
  t.same(readdirSync(away), []);
});

t.test('a file with bad lines is told line by line', async t => {
  const file = stage.path('bad.jsonl');
  const good = JSON.stringify({ ts: '2026-03-02T09:00:00Z', agent: 'ada', event: 'heartbeat', summary: 'alive' });
  writeFileSync(file, `${good}\n{"ts":1}\nno json\n${good}`);
  const ran = await stage.run(here, ['event', 'validate', file]);
  t.match(ran, {
    code: 65,
    answer: { ok: true, events: 2, bad_lines: 2, bad: [{ line: 2 }, { line: 3, problem: 'is no JSON' }] },
  });
});

t.test('a run is summed up for people', async t => {
  const task = await stage.task(here, 'Wire the sweeper', '--run', 'night');
  await say(here, 'anna', 'task_start', 'sweep', '--run', 'night', '--task-id', task);
  const { markdown } = await stage.ok(here, ['run', 'summary', '--markdown', '--run', 'night']);
  t.match(markdown, /# Run r-.*Wire the sweeper.*task_start/s);
});

t.test('a repository that cannot be written leaves its events with the user, for its next sync', async t => {
  const cwd = await stage.clone(stage.path('shared.git'), 'three');
  await stage.ok(cwd, ['init']);
  const blocked = join(cwd, '.git', 'ledgenter', 'main', 'spool');
  writeFileSync(blocked, 'in the way');
  await say(cwd, 'blocked', 'error', 'no room here');
  t.match(await stage.plain(cwd, ['wrap', '--as', 'blocked', '--', 'git', '--version']), { code: 0, err: '' });
  const user = join(stage.env().HOME!, '.ledgenter', 'spool');
  t.equal(readdirSync(user).length, 1);
  const elsewhere = stage.path('elsewhere');
  mkdirSync(elsewhere);
  await stage.plain(elsewhere, ['wrap', '--as', 'outside', '--', 'git', '--version']);
  await stage.ok(cwd, ['sync']);
  t.match(await stage.ok(cwd, ['event', 'query', 'blocked']), { total: 3, events: [{ landed: true }] });
  t.equal(
    (await stage.ok(cwd, ['event', 'query', 'outside'])).total,
    0,
    'what names no repository stays with the user',
  );
  t.ok(existsSync(join(user, 'none')));
});

t.test('every book is whole', async t => {
  t.ok(existsSync(LAUNCHER));
  await stage.ok(there, ['sync']);
  t.same(await stage.faults(there), []);
});
