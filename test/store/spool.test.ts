import { fork } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { MAX_FILE, MAX_SPOOL, SpoolFolder } from '../../src/store/git/spool.ts';

t.test('lines stay in the order in which they were added, in a folder that is made when it is needed', async t => {
  const spool = new SpoolFolder(join(t.testdir(), 'a', 'b'));
  t.same(spool.names(), []);
  spool.add('{"n":1}');
  spool.add('{"n":2}');
  const [name] = spool.names();
  t.equal(spool.rest(name!, 0).toString(), '{"n":1}\n{"n":2}\n');
  t.equal(spool.rest(name!, 8).toString(), '{"n":2}\n');
});

t.test('what a crash tore stays a line of its own', async t => {
  const spool = new SpoolFolder(t.testdir());
  spool.add('one');
  const [name] = spool.names();
  appendFileSync(join(spool.folder, `${name}.jsonl`), '{"half');
  spool.add('two');
  t.equal(spool.rest(name!, 0).toString(), 'one\n{"half\ntwo\n');
});

t.test('a full file is followed by another, and a full spool takes no more', async t => {
  const spool = new SpoolFolder(t.testdir());
  spool.add('x');
  const [first] = spool.names();
  const path = join(spool.folder, `${first}.jsonl`);
  truncateSync(path, MAX_FILE);
  spool.add('y');
  t.equal(statSync(path).size, MAX_FILE, 'nothing more in the full one');
  t.equal(spool.names().length, 2);
  truncateSync(path, MAX_SPOOL + 1);
  for (const name of spool.names()) truncateSync(join(spool.folder, `${name}.jsonl`), MAX_SPOOL);
  t.throws(() => spool.add('z'), { code: 'ENOSPC' });
});

t.test('how far a file has landed is kept beside it; it goes once it has landed and rested', async t => {
  const spool = new SpoolFolder(t.testdir());
  spool.add('one');
  const [name] = spool.names();
  spool.setLanded(name!, 4, Date.now());
  t.equal(spool.landed(name!), 4);
  truncateSync(join(spool.folder, `${name}.jsonl`), 0);
  t.equal(spool.landed(name!), 0, 'a file that was cut off begins anew');
  spool.add('one');
  writeFileSync(join(spool.folder, `${name}.landed`), 'rubbish');
  t.equal(spool.landed(name!), 0, 'one that says nothing counts for nothing');
  const old = new Date(Date.now() - 2 * 86_400_000);
  utimesSync(join(spool.folder, `${name}.jsonl`), old, old);
  spool.setLanded(name!, 3, Date.now());
  t.equal(spool.names().length, 1, 'not before all of it has landed');
  spool.setLanded(name!, 4, Date.now());
  t.same(readdirSync(spool.folder), []);
  spool.add('two');
  t.equal(spool.names().length, 1);
});

t.test('eight processes at once write whole lines into one file', async t => {
  const folder = t.testdir();
  const script = join(folder, 'writer.mjs');
  const source = new URL('../../src/store/git/spool.ts', import.meta.url).href;
  writeFileSync(
    script,
    `const { SpoolFolder } = await import(${JSON.stringify(source)});
     const spool = new SpoolFolder(process.argv[2]);
     for (let n = 0; n < 200; n++) spool.add(JSON.stringify({ who: process.argv[3], n, text: 'x'.repeat(900 * (n % 5)) }));`,
  );
  const spool = join(folder, 'spool');
  const codes = await Promise.all(
    Array.from({ length: 8 }, (_, who) => new Promise(done => fork(script, [spool, String(who)]).on('exit', done))),
  );
  t.same(codes, Array(8).fill(0));
  const lines = new SpoolFolder(spool).names().flatMap(name =>
    readFileSync(join(spool, `${name}.jsonl`), 'utf8')
      .trimEnd()
      .split('\n'),
  );
  // A write that a neighbour sees half of looks torn to it: it begins with a line end, and an empty line says nothing.
  const seen = lines.filter(line => line !== '').map(line => JSON.parse(line) as { who: string; n: number });
  t.equal(seen.length, 1_600);
  for (let who = 0; who < 8; who++) t.equal(seen.filter(one => one.who === String(who)).length, 200);
});
