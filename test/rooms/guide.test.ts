import t from 'tap';
import { cliWords, toolName } from '../../src/kernel/operation.ts';
import { LAWS } from '../../src/rooms/index.ts';
import { TEXTS, TOPICS } from '../../src/rooms/orientation/topics.ts';
import { parseArgs } from '../../src/surfaces/cli/parse.ts';
import { OWN_COMMANDS, resolveCommand } from '../../src/surfaces/cli/resolve.ts';
import { inputFields } from '../../src/surfaces/inputs.ts';
import { OPERATIONS } from '../../src/surfaces/operations.ts';
import { makeRegistry } from '../../src/surfaces/registry.ts';

const registry = makeRegistry(OPERATIONS);
const textOf = (topic: (typeof TOPICS)[number]): string =>
  TEXTS[topic]({ operations: OPERATIONS, laws: LAWS }).join('\n');
/** Words with `_` that are no tool: fields, codes of refusals, statuses. */
const FIELDS = new Set(OPERATIONS.flatMap(operation => inputFields(operation).map(({ name }) => name)));
/** Fields of answers that topics speak of. */
const ANSWERED = new Set(['project_context', 'repo_match']);
const rooms = new Set(OPERATIONS.map(({ name }) => name.split('.')[0]!));

t.test('every topic that FEATURES names is told', async t => {
  for (const topic of ['start', 'loop', 'session', 'tasks', 'gates', 'plans', 'decisions', 'knowledge', 'handoffs'])
    t.ok((TOPICS as readonly string[]).includes(topic), topic);
  for (const topic of TOPICS) {
    const text = textOf(topic);
    t.ok(text.length > 100 && !text.includes('undefined'), topic);
  }
});

t.test('every command that a topic shows is one, and is read as it stands', async t => {
  let shown = 0;
  for (const topic of TOPICS) {
    for (const [, line] of textOf(topic).matchAll(/`ledgenter ([^`]+)`/g)) {
      const words = line!.split(' ');
      if ((OWN_COMMANDS as readonly string[]).includes(words[0]!)) continue;
      const found = resolveCommand(words, registry);
      t.equal(found.kind, 'operation', `${topic}: ${line}`);
      if (found.kind === 'operation') t.doesNotThrow(() => parseArgs(found.args, found.operation), `${topic}: ${line}`);
      shown++;
    }
  }
  t.ok(shown > 8, `${shown} commands`);
});

t.test('every tool that a topic names exists', async t => {
  const tools = new Set(OPERATIONS.map(toolName));
  const commands = new Set(OPERATIONS.map(one => cliWords(one).join(' ')));
  for (const topic of TOPICS) {
    for (const [, quoted] of textOf(topic).matchAll(/`([^`]+)`/g)) {
      const word = /^[a-z_]+/.exec(quoted!)?.[0] ?? '';
      if (!word.includes('_') || FIELDS.has(word) || !rooms.has(word.split('_')[0]!)) continue;
      t.ok(tools.has(word) || ANSWERED.has(word), `${topic}: ${quoted}`);
    }
    for (const [, first, second] of textOf(topic).matchAll(/`(task|attach|run|repo) ([a-z-]+)/g))
      t.ok(commands.has(`${first} ${second}`), `${topic}: ${first} ${second}`);
  }
});

t.test('git-and-repos tells all four verdicts', async t => {
  const text = textOf('git-and-repos');
  for (const verdict of ['match', 'mismatch', 'unknown', 'none']) t.match(text, new RegExp(`^- ${verdict}: `, 'm'));
  t.match(text, /repo_register/);
});
