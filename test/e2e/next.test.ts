import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { wordsOf } from '../examples/story.ts';
import { filled } from '../rooms/shift.ts';
import { type Answer, type RunOptions, Stage } from './stage.ts';

const noSsh = spawnSync('ssh-keygen', ['-?']).error !== undefined && 'there is no ssh-keygen';

/** A person without a terminal: a key of hers says that it is her. */
async function person(stage: Stage, cwd: string, name: string): Promise<RunOptions> {
  const key = stage.path(`${name}-key`);
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `${name}@laptop`, '-f', key]);
  await stage.git(cwd, 'config', 'gpg.format', 'ssh');
  await stage.git(cwd, 'config', 'user.signingKey', `${key}.pub`);
  return { as: name, env: { LEDGENTER_KIND: 'human', LEDGENTER_SIGN: 'true' } };
}

t.test(
  'next alone, through the real binary: a scripted agent, a validator and a person bring a task to done',
  { skip: noSsh },
  async t => {
    const stage = new Stage(t.testdir());
    const cwd = await stage.repository('here');
    const grace = await person(stage, cwd, 'grace');
    await stage.ok(cwd, ['init'], grace);
    await stage.ok(cwd, ['ledger', 'policy', '--plan-required', '--validation-required'], grace);
    const sha = await stage.git(cwd, 'rev-parse', 'HEAD');
    const criterion = JSON.stringify({ text: 'the log is readable', check: 'git log -1' });
    const id = await stage.task(cwd, 'Sweep the table', '--acceptance-criteria', criterion);
    await stage.ok(cwd, ['question', 'ask', id, '--questions', 'Which clock?', '--required']);

    const told: string[] = [];
    const more = { sha, command: 'git log -1' };
    for (let idle = 0; idle < 3; ) {
      for (const options of [{ as: 'anna' }, { as: 'bert' }, grace]) {
        const { action, command, blocking } = await stage.ok(cwd, ['next'], options);
        if (action === 'wait' || action === 'none' || action === 'task-create') {
          if (action === 'wait') t.ok(blocking.length > 0, 'what is waited for is told');
          idle++;
          continue;
        }
        idle = 0;
        told.push(`${options.as} ${action}`);
        const [, ...words] = wordsOf(filled(command, more));
        const ran = await stage.run(cwd, words, options);
        t.equal(ran.code, 0, `${options.as} was told ${command}: ${ran.out}${ran.err}`);
        if (ran.code !== 0 || told.length > 30) throw new Error(told.join('\n'));
      }
    }
    const { task } = await stage.ok(cwd, ['task', 'get', id]);
    t.match(task, { status: 'done', assignee: 'anna', plan: { version: 1 } }, told.join('\n'));
    const by = (action: string): string[] =>
      told.filter(one => one.endsWith(` ${action}`)).map(one => one.split(' ')[0]!);
    t.same(by('plan-accept'), ['grace'], told.join('\n'));
    t.same(by('criterion-prove').slice(0, 1), ['anna']);
    t.notOk(by('validate-finish').includes('anna'));
    t.same(await stage.faults(cwd), []);

    await t.test('a person reads it, and exit codes say yes and no', async t => {
      const plain = async (...args: string[]) => stage.plain(cwd, args);
      const over = await plain('next', id);
      t.match(over, { code: 0, out: new RegExp(`^none: ${id} is done`) });
      const other = await stage.task(cwd, 'Another');
      const next = await plain('next', other);
      t.match(next.out, /^plan-propose: /);
      t.match(next.out, /^Propose a plan: ledgenter plan propose /m);
      t.match(await plain('can', 'claim', other), {
        code: 1,
        out: /^no: claim [\s\S]*needs an accepted plan/,
      });
      t.match(await plain('can', 'plan', other), { code: 0, out: /^yes: plan/ });
      t.match(await plain('next-action', other), { code: 0, out: next.out });
      const document = await plain('context', id, '--for', 'code-reviewer');
      t.match(document, { code: 0, out: /^# t-\w+ for the code-reviewer\n/ });
      t.match(document.out, new RegExp(`commit ${sha.slice(0, 12)}`));
      writeFileSync(join(cwd, 'context.md'), document.out);
      const answer: Answer = await stage.ok(cwd, ['context', id, '--for', 'code-reviewer']);
      t.ok(document.out.startsWith(answer.document.trimEnd()), 'what is piped is the document');
      t.match(await stage.run(cwd, ['can', 'dance', id]), { code: 65 });
      t.match(await stage.run(cwd, ['next', 't-0000000000']), { code: 66 });
    });
  },
);
