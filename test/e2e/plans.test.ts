import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { together } from '../races/race.ts';
import { Forger, recordText } from './forger.ts';
import { Stage } from './stage.ts';

const bob = { as: 'bob' };
const mallory = { as: 'mallory' };

t.test('plans with the real binary: files, who accepts, six starts of one plan, and what is forged', async t => {
  const stage = new Stage(t.testdir());
  const { clones } = await stage.team(['here']);
  const cwd = clones[0]!;
  const id = await stage.task(cwd, 'Sweep every minute', '--plan-required', '--acceptance-criteria', 'tests pass');
  const propose = (...words: string[]) => ['plan', 'propose', id, ...words];

  await t.test('a plan is typed, edited as a file, and piped; a template alone is what propose takes back', async t => {
    t.match(await stage.run(cwd, ['task', 'claim', id]), { code: 77, answer: { error: { code: 'GATE' } } });
    const words = [
      '--goal',
      'Sweep',
      '--todos',
      'Wire the timer in',
      '--todos',
      '- not a flag',
      '--files',
      'src/a.ts,src/b.ts',
    ];
    t.match(await stage.ok(cwd, propose(...words)), { version: 1, hints: { next: `ledgenter plan review ${id}` } });
    const template = await stage.plain(cwd, ['plan', 'template', id]);
    t.equal(template.code, 0);
    mkdirSync(join(cwd, 'notes'));
    writeFileSync(join(cwd, 'notes', 'plan.md'), template.out.replace('- not a flag', 'Write the page'));
    t.match(await stage.ok(join(cwd, 'notes'), propose('--file', 'plan.md')), { version: 2 });
    t.match(await stage.ok(cwd, propose('--file', '-'), { input: template.out.replace('Sweep\n', 'Sweep twice\n') }), {
      version: 3,
    });
    const again = await stage.plain(cwd, ['plan', 'template', id]);
    t.match(await stage.ok(cwd, propose('--file', '-'), { ...bob, input: again.out }), {
      version: 3,
      unchanged: true,
    });
    t.match((await stage.ok(cwd, ['plan', 'get', id, '--version', '2'])).plan, {
      goal: 'Sweep',
      todos: [{ text: 'Wire the timer in' }, { text: 'Write the page' }],
      files: ['src/a.ts', 'src/b.ts'],
    });
    const { hits, hints } = await stage.ok(cwd, ['search', 'timer', '--kind', 'plan', '--limit', '1']);
    t.match({ hits, hints }, { hits: [{ kind: 'plan', task_id: id }], hints: { next: /^ledgenter plan get / } });
    const lint = await stage.run(cwd, ['plan', 'lint', id, '--strict']);
    t.match(lint, { code: 65, answer: { findings: [{ severity: 'warning', where: 'todos[1], todos[2]' }, {}] } });
    for (const [file, code, said] of [
      ['no-such.md', 66, 'NOT_FOUND'],
      ['.', 65, 'BAD_INPUT'],
      ['code.txt', 65, 'BAD_INPUT'],
    ] as const)
      t.match(await stage.run(cwd, propose('--file', file)), { code, answer: { error: { code: said } } }, file);
    const shown = await stage.plain(cwd, ['plan', 'review', id]);
    for (const line of [
      'plan v3: proposed',
      'Goal',
      '  Sweep twice',
      '  1. Wire the timer in',
      'Against v2',
      '    + Sweep twice',
    ])
      t.ok(shown.out.split('\n').includes(line), line);
    t.match(shown.out, /next: ledgenter plan accept .* --version 3 --sha256 [0-9a-f]{64} --note/);
  });

  await t.test('an agent accepts by policy only, and never what it wrote', async t => {
    const accept = ['plan', 'accept', id, '--note', 'Small steps.'];
    for (const as of ['anna', 'bob'])
      t.match(await stage.run(cwd, accept, { as }), { code: 77, answer: { error: { code: 'HUMAN_ONLY' } } }, as);
    await stage.ok(cwd, ['ledger', 'policy', '--agents-accept-plans']);
    const other = await stage.task(cwd, 'Back and forth', '--plan-required');
    const goal = async (text: string) => (await stage.ok(cwd, ['plan', 'propose', other, '--goal', text])).version;
    t.same(
      [await goal('One'), await goal('One'), await goal('Two'), await goal('One')],
      [1, 1, 2, 3],
      'what was said before is a version of its own',
    );
    t.match(await stage.run(cwd, accept), { code: 77, answer: { error: { code: 'HUMAN_ONLY' } } }, 'its author');
    const wrong = [...accept, '--sha256', 'a'.repeat(64)];
    t.match(await stage.run(cwd, wrong, bob), { code: 77, answer: { error: { code: 'REFUSED' } } });
    t.match(await stage.ok(cwd, [...accept, '--sync'], bob), {
      accepted: true,
      version: 3,
      added: { criteria: 0, todos: 2 },
      hints: { next: `ledgenter task claim ${id}` },
    });
  });

  await t.test('six start the accepted plan at once: one does', async t => {
    const ran = await together(6, index => stage.run(cwd, ['task', 'claim', id], { as: `worker${index}` }));
    t.same(ran.map(({ code }) => code).sort(), [0, 75, 75, 75, 75, 75]);
    const winner = `worker${ran.findIndex(({ code }) => code === 0)}`;
    for (const { answer, code } of ran)
      if (code !== 0) t.match(answer.error, { code: 'CLAIM_LOST', details: { holder: winner } });
    t.match((await stage.ok(cwd, ['verify'])).findings, []);
  });

  await t.test(
    'verify names an accepted plan that was edited with git, and an acceptance that nobody may give',
    async t => {
      const other = await stage.task(cwd, 'Mop', '--acceptance-criteria', 'it is clean');
      await stage.ok(cwd, ['plan', 'propose', other, '--goal', 'Mop', '--todos', 'Fill the bucket'], mallory);
      const forger = new Forger(stage, cwd);
      const tip = await forger.tip();
      const paths = await forger.list('tasks');
      const path = (task: string, file: string) => paths.find(one => one.endsWith(`/${task.slice(2)}/${file}`))!;
      const plan = path(id, 'plans/v3.json');
      const by = { actor: 'mallory' };
      const edited = await forger.commit({
        ...by,
        op: 'plan.propose',
        input: { task_id: id },
        files: { [plan]: recordText({ ...(await forger.read(plan)), goal: 'Sell the sweeper' }) },
      });
      const task = path(other, 'task.json');
      const at = new Date().toISOString();
      const accepted = { ...(await forger.read(task)), updated_at: at, plan: { version: 1, sha256: 'a'.repeat(64) } };
      const forged = await forger.commit({
        ...by,
        op: 'plan.accept',
        input: { task_id: other, version: 1, sha256: 'a'.repeat(64), note: 'mine' },
        intent: { at },
        files: { [task]: recordText(accepted) },
      });
      for (const [oid, law] of [
        [edited, 'append-only'],
        [forged, 'human-only'],
      ] as const) {
        await forger.show(oid);
        const { code, answer } = await stage.run(cwd, ['verify']);
        t.match({ code, findings: answer.findings }, { code: 65, findings: [{ oid, actor: 'mallory', law }] });
      }
      await forger.show(tip);
    },
  );
});
