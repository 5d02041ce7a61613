import t from 'tap';
import { Stage } from './stage.ts';

t.test(
  'staged work in two clones offline: nothing is lost, what got another number keeps its meaning, no word is about what its author did not see',
  async t => {
    const stage = new Stage(t.testdir());
    const { clones } = await stage.team(['one', 'two']);
    const [one, two] = clones as [string, string];
    const [anna, bert, carl] = [{ as: 'anna' }, { as: 'bert' }, { as: 'carl' }];
    const planned = await stage.task(one, 'Plan the sweeper');
    const shown = await stage.task(one, 'Sweep', '--acceptance-criteria', 'swept', '--validation-required');
    await stage.ok(one, ['task', 'claim', shown], bert);
    await stage.ok(one, ['work', 'finish', shown, '--summary', 'swept'], bert);
    for (const cwd of [one, two]) await stage.ok(cwd, ['sync']);

    const propose = (goal: string) => [
      ...['plan', 'propose', planned, '--goal', goal, '--acceptance-criteria', 'swept every minute'],
      ...['--todos', `Write down ${goal}`],
    ];
    await stage.ok(one, ['question', 'ask', planned, '--questions', 'Which zone?'], anna);
    await stage.ok(one, propose('the zone'), anna);
    await stage.ok(two, ['question', 'ask', planned, '--questions', 'How long?'], bert);
    await stage.ok(two, ['question', 'answer', planned, '--answers', 'q1: A year.'], bert);
    await stage.ok(two, propose('the years'), bert);
    await stage.ok(two, ['plan', 'reject', planned, '--version', '1', '--reason', 'not mine any more'], bert);

    const commit = await stage.git(one, 'rev-parse', 'HEAD');
    await stage.ok(one, ['task', 'code-ref', shown, '--ref-type', 'commit', '--sha', commit], anna);
    await stage.ok(two, ['validate', 'check', shown, '--criterion', 'c1', '--result', 'pass', '--text', 'seen'], carl);
    await stage.ok(two, ['validate', 'finish', shown, '--result', 'passed', '--summary', 'it holds'], carl);
    t.match(await stage.ok(two, ['task', 'get', shown]), { task: { status: 'done' } }, 'as far as this clone knows');

    await stage.ok(one, ['sync']);
    const late = await stage.run(two, ['sync']);
    await stage.ok(one, ['sync']);
    t.match(await stage.ok(one, ['question', 'query', planned]), {
      questions: [
        { id: 'q1', text: 'Which zone?', status: 'open' },
        { id: 'q2', text: 'How long?', status: 'open' },
      ],
    });
    for (const [version, goal] of ['the zone', 'the years'].entries())
      t.match(JSON.stringify(await stage.ok(one, ['plan', 'get', planned, '--version', `${version + 1}`])), goal);
    t.match(await stage.ok(one, ['task', 'get', shown]), { task: { status: 'in_review' } }, 'nobody saw that commit');
    const { parked } = await stage.ok(two, ['parked', 'list']);
    t.same(
      parked.map((entry: { op: string }) => entry.op).sort(),
      ['plan.reject', 'question.answer', 'validate.check', 'validate.finish'],
      'kept, and told',
    );
    t.equal(late.answer.parked.length, 4);
    for (const entry of parked) t.match(entry, { reason: /./ });
    for (const cwd of clones) t.same(await stage.faults(cwd), []);
  },
);
