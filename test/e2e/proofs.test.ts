import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { entryId } from '../../src/kernel/entry.ts';
import { recordId } from '../../src/kernel/ids.ts';
import { checkHash, proofRecord } from '../../src/rooms/tasks/proofs.ts';
import { taskRecord } from '../../src/rooms/tasks/record.ts';
import { secretShapes } from '../kernel/secret-shapes.ts';
import { Forger, recordText } from './forger.ts';
import { type Answer, BOOK, type Ran, Stage } from './stage.ts';

/** Spawns a child in its group and one in a group of its own, says who they are, and never ends; deaf to SIGTERM if told so. */
const ENDLESS = `
const { spawn } = require('node:child_process');
const wait = 'setInterval(() => {}, 1000)';
const near = spawn(process.execPath, ['-e', wait], { stdio: 'inherit' });
const far = spawn(process.execPath, ['-e', wait], { stdio: 'inherit', detached: true });
if (process.argv[3]) process.on('SIGTERM', () => {});
require('node:fs').writeFileSync(process.argv[2], [process.pid, near.pid, far.pid].join(' '));
setInterval(() => {}, 1000);
`;

/** Tells the most memory that the launcher's process took, in KB; its children load it too and say nothing. */
const PEAK = `
if (/ledgenter\\.cjs$/.test(process.argv[1] ?? ''))
  process.on('exit', () => require('node:fs').writeFileSync(process.env.PEAK, String(process.resourceUsage().maxRSS)));
`;

/** Two clones of one ledger: anna proves, bob writes what she did not. */
class Scene {
  readonly stage: Stage;
  readonly here: string;
  readonly there: string;
  readonly head: string;
  #count = 0;

  private constructor(stage: Stage, [here, there]: string[], head: string) {
    this.stage = stage;
    this.here = here!;
    this.there = there!;
    this.head = head;
  }

  static async open(t: Test): Promise<Scene> {
    const stage = new Stage(t.testdir());
    const { clones } = await stage.team(['here', 'there']);
    return new Scene(stage, clones, await stage.git(clones[0]!, 'rev-parse', 'HEAD'));
  }

  ok(...args: string[]): Promise<Answer> {
    return this.stage.ok(this.here, args);
  }

  run(...args: string[]): Promise<Ran> {
    return this.stage.run(this.here, args);
  }

  prove(task: string, ...flags: string[]): Promise<Ran> {
    return this.run('task', 'prove', task, ...flags);
  }

  /** A task that anna made and holds, with a criterion a check, and a linked commit. */
  async task(...checks: string[]): Promise<string> {
    const acceptance_criteria = checks.map((check, index) => ({ text: `it holds ${index + 1}`, check }));
    const input = JSON.stringify({ title: `Prove it ${++this.#count}`, acceptance_criteria });
    const id = (await this.ok('call', 'task_create', input)).task.id;
    return this.linked(id);
  }

  async linked(id: string): Promise<string> {
    await this.ok('task', 'claim', id);
    await this.ok('task', 'code-ref', id, '--ref-type', 'commit', '--sha', this.head);
    return id;
  }

  /** The proofs of a task, newest first. */
  async proofs(id: string): Promise<Answer[]> {
    return (await this.ok('task', 'get', id, '--include', 'proofs', '--full')).proofs;
  }

  done(id: string): Promise<Ran> {
    return this.run('task', 'update', id, '--status', 'done');
  }
}

const node = (code: string): string => `node -e '${code}'`;
const leaves = (name: string): string => node(`require("fs").writeFileSync("${name}", "")`);

t.test('checks are proven by running them, and by nothing else', async t => {
  const scene = await Scene.open(t);
  const { stage, here, there, head } = scene;

  t.test('a check that another wrote, or oneself in another clone, does not run until it was read', async t => {
    const check = leaves('ran.txt');
    const create = ['task', 'create', 'Theirs', '--acceptance-criteria', 'it holds', `--check=c1=${check}`, '--sync'];
    for (const as of ['bob', 'anna']) {
      const { id } = (await stage.ok(there, create, { as })).task;
      await scene.ok('sync');
      await scene.linked(id);
      if (as === 'bob') for (const read of [['task', 'get', id], ['whoami'], ['verify']]) await scene.ok(...read);
      const refused = await scene.prove(id);
      t.match(refused, {
        code: 77,
        answer: { error: { code: 'REFUSED', details: { criterion: 'c1', check, hash: /^[0-9a-f]{16}$/ } } },
      });
      const { message, hint, details } = refused.answer.error;
      t.ok(message.includes(check), 'the command is shown');
      t.ok(hint.endsWith(`ledgenter task prove ${id} --criterion c1 --trust ${details.hash}`), hint);
      t.match(await scene.prove(id, '--trust', '0123456789'), { code: 77, answer: { error: { message: /hash/ } } });
      t.match(await scene.prove(id, '--trust', details.hash.slice(0, 7)), { code: 65 }, 'too little of it');
      t.notOk(existsSync(join(here, 'ran.txt')), 'nothing was executed');
      t.same(await scene.proofs(id), [], 'nor recorded');
      if (as === 'anna') {
        const ran = await scene.prove(id, '--trust', details.hash);
        t.match(ran, {
          code: 1,
          answer: { proofs: [{ passed: true, met: false, clean: false }], stopped: /ran\.txt/ },
        });
        t.ok(existsSync(join(here, 'ran.txt')), 'confirmed, it runs');
        rmSync(join(here, 'ran.txt'));
        t.match((await scene.prove(id)).code, 1, 'and is trusted from then on');
        rmSync(join(here, 'ran.txt'));
        t.match(await stage.run(here, ['task', 'prove', id], { as: 'carl' }), { code: 77 }, 'by this actor alone');
      }
      await scene.ok('task', 'release', id);
    }
  });

  t.test('a check that fails is recorded, exits with 1 and keeps the task open', async t => {
    const id = await scene.task(node('console.log("3 of 12 failed"); process.exit(3)'), 'git --version');
    const ran = await scene.prove(id);
    t.match(ran, {
      code: 1,
      answer: {
        ok: true,
        task_id: id,
        proofs: [
          { criterion: 'c1', passed: false, met: false, exit_code: 3, clean: true, commit: head },
          { criterion: 'c2', passed: true, met: true, exit_code: 0, output_tail: undefined },
        ],
        landed: false,
        hints: { next: `ledgenter task prove ${id} --criterion c1` },
      },
    });
    t.equal(ran.answer.proofs[0].output_tail, '3 of 12 failed');
    t.match(await scene.proofs(id), [{ criterion: 'c2' }, { criterion: 'c1', exit_code: 3, by: 'anna' }]);
    t.match(await scene.done(id), { code: 77, answer: { error: { code: 'GATE', message: /c1 is not met/ } } });
    const word = await scene.run('task', 'check', id, '--criterion', 'c1', '--met');
    t.match(word, { code: 77, answer: { error: { hint: `ledgenter task prove ${id} --criterion c1` } } });
    t.match(await scene.run('call', 'task_proof', '{}'), { code: 64 }, 'no surface takes a proof');
    const plain = await stage.plain(here, ['task', 'prove', id]);
    t.match(
      plain.out,
      /^c1 failed in \d+\.\d s with exit code 3 at [0-9a-f]{12} \(x-[0-9a-z]{10}\)\n {2}3 of 12 failed\n/,
    );
  });

  t.test('what is proven is told, whatever becomes of the check behind it', async t => {
    const id = await scene.task('git --version', './nothere', 'git --version');
    const ran = await scene.prove(id);
    t.match(ran, {
      code: 1,
      answer: {
        proofs: [{ criterion: 'c1', met: true }],
        refused: { criterion: 'c2', code: 'USAGE', message: /no such file/ },
      },
    });
    t.equal(ran.answer.proofs.length, 1);
    t.match(await scene.prove(id, '--criterion', 'c2'), { code: 64, answer: { error: { code: 'USAGE' } } });
    await scene.ok('task', 'release', id);
  });

  t.test('where entries are to be signed and cannot be, nothing runs', async t => {
    const id = await scene.task(leaves('../unsigned-ran'));
    const ran = await stage.run(here, ['task', 'prove', id], { env: { LEDGENTER_SIGN: 'true' } });
    t.match(ran, { code: 78, answer: { error: { code: 'NOT_SIGNED' } } });
    t.notOk(existsSync(stage.path('unsigned-ran')));
    await scene.ok('task', 'release', id);
  });

  t.test('in another worktree of the same person the run that holds the task proves it', async t => {
    const id = await scene.task('git --version');
    const linked = stage.path('linked');
    await stage.git(here, 'worktree', 'add', '-q', '--detach', linked);
    const refused = await stage.run(linked, ['task', 'prove', id]);
    t.match(refused, { code: 77, answer: { error: { code: 'NOT_HOLDER', message: /^anna holds/ } } });
    const { hint } = refused.answer.error;
    t.match(hint, new RegExp(`^ledgenter task prove ${id} --run r-[0-9a-z]+$`));
    t.match(await stage.run(linked, hint.split(' ').slice(1)), { code: 0, answer: { proofs: [{ met: true }] } });
    await scene.ok('task', 'release', id);
    await stage.git(here, 'worktree', 'remove', '--force', linked);
  });

  t.test('nothing runs on a dirty tree, at a commit of something else, without a claim', async t => {
    const id = await scene.task(leaves('../dirty-ran'));
    for (const [name, text] of [
      ['untracked.txt', 'x'],
      ['code.txt', 'changed\n'],
    ] as const) {
      writeFileSync(join(here, name), text);
      const refused = await scene.prove(id);
      t.match(refused, { code: 77, answer: { error: { message: new RegExp(`not clean: ${name}`) } } });
      rmSync(join(here, name));
    }
    await stage.git(here, 'checkout', '-q', 'code.txt');
    await stage.git(here, 'commit', '-q', '--allow-empty', '-m', 'another');
    const other = await stage.git(here, 'rev-parse', 'HEAD');
    t.match(await scene.prove(id), {
      code: 77,
      answer: { error: { hint: `ledgenter task code-ref ${id} --ref-type commit --sha ${other}` } },
    });
    await stage.git(here, 'reset', '-q', '--hard', head);
    const bob = await stage.run(here, ['task', 'prove', id], { as: 'bob' });
    t.match(bob, { code: 77, answer: { error: { code: 'NOT_HOLDER', message: /^anna holds/ } } });
    t.notOk(existsSync(stage.path('dirty-ran')), 'nothing was executed');
    t.same(await scene.proofs(id), []);
    await scene.ok('task', 'release', id);
    t.match(await scene.prove(id), { code: 77, answer: { error: { hint: `ledgenter task claim ${id}` } } });
    const moves = await scene.task('git commit -q --allow-empty -m while-it-ran', 'git --version');
    t.match(await scene.prove(moves), {
      code: 1,
      answer: { proofs: [{ passed: true, met: false, clean: false, commit: head }], stopped: /HEAD moved/ },
    });
    await stage.git(here, 'reset', '-q', '--hard', head);
  });

  t.test('a proof older than its criterion does not count; proven again, the task is done', async t => {
    const id = await scene.task('git --version');
    t.match(await scene.prove(id), { code: 0, answer: { proofs: [{ met: true }] } });
    t.match(await scene.prove(id), { code: 0, answer: { proofs: [] } }, 'there is nothing left to prove');
    t.match((await scene.ok('task', 'get', id)).task.criteria, [{ met: true, proven_at: head, proof: /^x-/ }]);
    await scene.ok('task', 'update', id, '--check', 'c1=git --exec-path');
    const refused = await scene.done(id);
    t.match(refused.answer.error, { message: /c1/, hint: `ledgenter task prove ${id} --criterion c1` });
    t.match(await scene.prove(id), { code: 0 }, 'changed by her own hand here, it is trusted');
    t.match(await scene.done(id), { code: 0, answer: { task: { status: 'done' } } });
    t.match(await scene.prove(id, '--criterion', 'c1'), { code: 77, answer: { error: { message: /is done/ } } });
  });

  t.test('a check added in review opens the review anew', async t => {
    const asked = ['--reviewer', 'bob', '--acceptance-criteria', 'it holds', '--check=c1=git --version'];
    const id = await stage.task(here, 'To be reviewed', ...asked);
    await stage.ok(here, ['task', 'claim', id], { as: 'ada' });
    await stage.ok(here, ['task', 'code-ref', id, '--ref-type', 'commit', '--sha', head], { as: 'ada' });
    await stage.ok(here, ['task', 'update', id, '--status', 'in_review'], { as: 'ada' });
    const review = async () => (await scene.ok('task', 'get', id)).task.review;
    const first = await review();
    await scene.ok('task', 'update', id, '--check', 'c1=git --exec-path');
    t.not(await review(), first);
    t.match(await scene.prove(id), { code: 0 }, 'and it is proven while it is in review');
  });

  t.test('a command that never ends is ended with all that it started, and so is an interrupted one', async t => {
    writeFileSync(stage.path('endless.cjs'), ENDLESS);
    const pids = (name: string): number[] => readFileSync(stage.path(name), 'utf8').split(' ').map(Number);
    const id = await scene.task('node ../endless.cjs ../late.pids deaf', 'node ../endless.cjs ../cut.pids');
    t.match(await scene.prove(id, '--criterion', 'c1', '--timeout', '1s'), {
      code: 1,
      answer: { proofs: [{ passed: false, exit_code: null, ended: 'timeout' }] },
    });
    t.same(await alive(pids('late.pids')), []);
    for (const signal of ['SIGINT', 'SIGHUP'] as const) {
      const { child, ended } = stage.begin(here, ['task', 'prove', id, '--criterion', 'c2']);
      while (!existsSync(stage.path('cut.pids'))) await sleep(20);
      child.kill(signal);
      t.match(await ended, { code: 75, answer: { error: { code: 'CANCELLED' } } }, signal);
      t.same(await alive(pids('cut.pids')), []);
      rmSync(stage.path('cut.pids'));
    }
    t.equal((await scene.proofs(id)).length, 1, 'nothing was recorded of it');
    t.match(await scene.prove(id, '--timeout', '3h'), { code: 65 });
  });

  t.test('a gigabyte of output costs no memory and no room', async t => {
    const big = node(
      'const b = Buffer.alloc(1 << 20, "x"); for (let n = 0; n < 1024; n++) require("fs").writeSync(1, b)',
    );
    const id = await scene.task(big);
    writeFileSync(stage.path('peak.cjs'), PEAK);
    const env = { NODE_OPTIONS: `--require=${stage.path('peak.cjs')}`, PEAK: stage.path('peak') };
    t.match(await stage.run(here, ['task', 'prove', id], { env }), { code: 0 });
    t.ok(Number(readFileSync(stage.path('peak'), 'utf8')) < 250_000, `${readFileSync(stage.path('peak'))} KB`);
    const [proof] = await scene.proofs(id);
    t.match(proof, { output_bytes: 1 << 30, output_sha256: /^[0-9a-f]{64}$/ });
    t.equal(proof.output_tail.length, 4096);
  });

  t.test('secrets that a check prints reach no object and no answer', async t => {
    const shapes: { text: string; secret: string }[] = [];
    let room = 3_500;
    for (const shape of secretShapes().filter((_, index) => index % 3 === 0)) {
      if (shape.text.length + 1 > room || shapes.length === 40) continue;
      room -= shape.text.length + 1;
      shapes.push(shape);
    }
    t.ok(shapes.length >= 20, `${shapes.length} secrets`);
    writeFileSync(stage.path('secrets.txt'), shapes.map(({ text }) => `${text}\n`).join(''));
    const id = await scene.task(
      node('process.stderr.write(require("fs").readFileSync("../secrets.txt")); process.exit(1)'),
    );
    const ran = await scene.prove(id, '--sync');
    t.match(ran, { code: 1, answer: { redacted: Number, landed: true, proofs: [{ output_tail: /\[redacted:/ }] } });
    t.ok(ran.answer.redacted >= shapes.length);
    const places = [here, stage.path('shared.git')];
    const kept = places.map(cwd => stage.git(cwd, 'cat-file', '--batch-all-objects', '--batch', '--buffer'));
    const all = [ran.out, ...(await Promise.all(kept))].join('\n');
    const found = shapes.filter(({ secret }) =>
      [secret, JSON.stringify(secret).slice(1, -1)].some(one => all.includes(one)),
    );
    t.same(found, []);
    t.notOk(ran.out.includes(here), 'nor does the path of the checkout');
  });

  t.test('a check that needs a shell is refused when it is written', async t => {
    const create = ['task', 'create', 'x', '--acceptance-criteria', 'y', '--check=c1=npm test && rm x'];
    const criteria = { acceptance_criteria: [{ text: 'y', check: 'CI=1 npm test' }] };
    for (const args of [create, ['call', 'task_create', JSON.stringify({ title: 'x', ...criteria })]]) {
      const refused = await scene.run(...args);
      t.match(refused, { code: 65, answer: { error: { message: /needs a shell|begins with a variable/ } } });
    }
  });

  t.test('proofs forged with plain git are named by verify', async t => {
    const id = await scene.task('false', 'git --version');
    await scene.prove(id, '--criterion', 'c1');
    await scene.ok('sync');
    const forger = new Forger(stage, here);
    const tip = await forger.tip();
    const { claim } = (await forger.last('anna')).intent;
    const path = taskRecord.path(id);
    const before: Answer = await forger.read(path);
    const [c1, c2] = before.criteria;
    const [file] = await forger.list(`${path.replace(/\/[^/]*$/, '')}/proofs`);
    const failed: Answer = await forger.read(file!);
    const wording = checkHash({ ...c1, check: 'true' });
    /** `proof` lies under the id that the forged entry gives it, so that nothing but itself is wrong. */
    const tries: Record<string, { law: string; proof?: object; edited?: object }> = {
      'a proof that failed': { law: 'task.proof', proof: failed },
      'a proof at another commit': { law: 'task.proof', proof: { ...failed, exit_code: 0, commit: 'b'.repeat(40) } },
      'a proof of another wording': { law: 'task.proof', proof: { ...failed, exit_code: 0, check_sha256: wording } },
      'met by word': { law: 'task.criteria' },
      'the failed proof made good': { law: 'append-only', edited: { ...failed, exit_code: 0 } },
    };
    for (const [index, [what, { law, proof, edited }]] of Object.entries(tries).entries()) {
      const [at, nonce] = [new Date().toISOString(), `forged-proof-${index}`];
      const { claim: _claim, prev: _prev, chain: _chain, key: _key, ...kept } = (await forger.last('anna')).intent;
      const forged = { op: 'task.proof', input: { task_id: id } };
      const x = recordId('x', 'entry', entryId({ ...kept, ...forged, at, nonce, claim }), '0');
      const met = { ...c1, met: true, met_by: 'anna', met_at: at, ...(proof ? { proof: x } : {}) };
      const files = {
        [path]: recordText({ ...before, criteria: [edited ? c1 : met, c2], updated_at: at }),
        ...(proof ? { [proofRecord.path(x, id)]: recordText({ ...proof, at }) } : {}),
        ...(edited ? { [file!]: recordText(edited) } : {}),
      };
      const oid = await forger.commit({ actor: 'anna', ...forged, intent: { at, nonce, claim }, files });
      await forger.show(oid);
      t.match(await scene.run('verify'), { code: 65, answer: { findings: [{ oid, actor: 'anna', law }] } }, what);
      await forger.show(tip);
    }
    t.equal(await stage.git(here, 'rev-parse', BOOK), tip);
  });

  t.same(await stage.faults(here), []);
});

/** Those of these processes that still run, after what was killed had a moment to go; a dead one may wait for its parent. */
async function alive(pids: readonly number[]): Promise<number[]> {
  const runs = (pid: number): boolean =>
    /^[^Z]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim());
  for (let tries = 0; tries < 50 && pids.some(runs); tries++) await sleep(20);
  return pids.filter(runs);
}
