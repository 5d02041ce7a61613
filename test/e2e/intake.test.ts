import t from 'tap';
import { hundredAsks, REFERENCES } from '../rooms/asks.ts';
import { BOOK, Stage } from './stage.ts';

t.test('100 asks over 75 references, offline in four clones at once, are 75 tasks after sync', async t => {
  const stage = new Stage(t.testdir());
  const names = ['anna', 'bob', 'cleo', 'dan'];
  const { clones } = await stage.team(names);
  let state = 7;
  const random = () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const asks = hundredAsks(random);
  const table = (rows: typeof asks) =>
    `ref,title\n${rows.map(({ origin_ask_ref, title }) => `"${origin_ask_ref}","${title}"`).join('\n')}\n`;
  const ask = (at: number, rows = asks.slice(at * 25, at * 25 + 25)) =>
    stage.ok(clones[at]!, ['ask', '--from', 'csv', '-', '--offline'], { as: names[at]!, input: table(rows) });

  const answers = await Promise.all(clones.map((_, at) => ask(at)));
  for (const { asks: told, entered, existing = 0, landed } of answers) {
    t.equal(told.length, 25);
    t.equal(entered + existing, 25);
    t.equal(landed, false);
  }
  t.match(await ask(0), { entered: 0, existing: 25 }, 'a retry makes nothing');
  await Promise.all(clones.map((cwd, at) => stage.run(cwd, ['sync'], { as: names[at]! })));
  for (let round = 0; round < 2; round++)
    for (const [at, cwd] of clones.entries()) await stage.ok(cwd, ['sync'], { as: names[at]! });
  const trees = await Promise.all(clones.map(cwd => stage.git(cwd, 'rev-parse', `${BOOK}^{tree}`)));
  t.equal(new Set(trees).size, 1, 'the same tree in every clone');
  for (const cwd of clones) {
    t.match(await stage.ok(cwd, ['task', 'query']), { total: REFERENCES });
    t.match(await stage.ok(cwd, ['parked', 'list']), { total: 0, parked: [] });
  }
  t.match(await stage.ok(clones[3]!, ['verify']), { verified: true });

  await t.test('what a channel prints, by pipe and by file', async t => {
    const cwd = clones[0]!;
    const run = (args: string[], input?: string) => stage.run(cwd, args, input === undefined ? {} : { input });
    const issue = {
      number: 900,
      title: 'Crash on save',
      url: 'https://github.com/Acme/App/issues/900',
      body: 'secret',
    };
    const first = await run(['ask', '--from', 'github', '-', '--labels', 'bug'], JSON.stringify(issue));
    t.match(first, { code: 0, answer: { entered: 1, asks: [{ origin_ask_ref: 'github:acme/app#900' }] } });
    const id = first.answer.asks[0].task_id;
    const { task } = await stage.ok(cwd, ['task', 'get', id]);
    t.match(task, { title: issue.title, labels: ['bug'] });
    t.notMatch(JSON.stringify(task), 'secret', 'nothing else of its text');
    const again = await run(['task', 'ask', '--from=text', '-'], 'see acme/app#900\n');
    t.match(again, {
      code: 0,
      answer: { entered: 0, existing: 1, asks: [{ task_id: id, title: issue.title, existing: true }] },
    });
    t.match(await stage.ok(cwd, ['ask', 'Crash again', '--origin-ask-ref', 'GH:acme/app#900']), {
      task: { id },
      existing: true,
    });

    const some = await run(['ask', '--from', 'csv', '-'], 'ref,title\nacme/app#901,Nine\nnowhere,Ten\n');
    t.match(some, {
      code: 65,
      answer: { ok: true, entered: 1, refused: 1, asks: [{}, { at: 'row at line 3', problem: /no channel/ }] },
    });
    const seen = await stage.plain(cwd, ['ask', '--from', 'csv', '-'], {
      input: 'ref,title\nacme/app#901,Nine\nnowhere,Ten\n',
    });
    t.match(seen.out, /row at line 3.*no channel/);
    t.match(await run(['ask', '--from', 'eml', 'no-such.eml']), { code: 66 });
    t.match(await run(['ask', '--from', 'github', '-'], 'no json'), {
      code: 65,
      answer: { error: { code: 'BAD_INPUT', hint: 'ledgenter ask --help' } },
    });
    t.match(await run(['ask', '--from', 'fax', '-'], 'x'), { code: 65 });
    t.match(await run(['ask', '--from', 'text', '-'], 'x'.repeat((1 << 20) + 1)), { code: 65 });
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    const kept = await run(
      ['ask', '--from', 'text', '-', '--excerpt', '--origin-ask-ref', 'cli:standup'],
      `Rotate ${secret}\n`,
    );
    const rotated = await stage.ok(cwd, ['task', 'get', kept.answer.asks[0].task_id, '--full']);
    t.notMatch(JSON.stringify(rotated), secret);
    t.match(rotated.task.description, /^Rotate \[redacted/);
  });
});
