import t, { type Test } from 'tap';
import { ERRORS, type ErrorCode, EXIT } from '../../src/kernel/errors.ts';
import { cliWords, type Operation, toolName } from '../../src/kernel/operation.ts';
import { inputFields } from '../../src/surfaces/inputs.ts';
import { OPERATIONS } from '../../src/surfaces/operations.ts';
import { type Answer, type Input, SAMPLES, type Sample } from '../surfaces/good-and-bad.ts';
import { OfficeStage } from './office-stage.ts';
import type { Ran } from './stage.ts';

/** An input as a command line says it. */
export function argvOf(operation: Operation, input: Input): string[] {
  const fields = new Map(inputFields(operation).map(field => [field.name, field]));
  const words: string[] = [];
  const flags: string[] = [];
  for (const [name, value] of Object.entries(input)) {
    const text = (item: unknown): string => (typeof item === 'string' ? item : JSON.stringify(item));
    if (name === operation.positional && !Array.isArray(value)) words.push(text(value));
    else {
      const flag = `--${fields.get(name)?.flag ?? name.replace(/_/g, '-')}`;
      for (const item of Array.isArray(value) ? value : [value])
        flags.push(`${flag}=${item === null ? '' : text(item)}`);
    }
  }
  return [...cliWords(operation), ...words, ...flags];
}

/** How an answer is to look like, whatever surface gave it. */
function judge(t: Test, answer: Answer, wrong: ErrorCode | undefined, where: string): void {
  if (wrong === undefined) {
    t.equal(answer?.ok, true, `${where}: ${JSON.stringify(answer)?.slice(0, 300)}`);
    return;
  }
  t.match(answer, { ok: false, error: { code: wrong } }, where);
  t.match(answer?.error?.message, /^[^\n\r]+$/, `${where}: one line`);
  t.match(answer?.error?.hint, /\S/, `${where}: and what to do next`);
}

/** The fields of an answer that every surface gives alike. */
const shape = (answer: Answer): string[] =>
  Object.keys(answer ?? {})
    .filter(key => !['parked', 'hints'].includes(key))
    .sort();

/** Every other operation from `first` on: two files share them, so that both cores walk. */
export function walkHalf(first: 0 | 1): void {
  t.test('every operation works, and refuses, alike over the CLI, call and MCP', async t => {
    const office = await OfficeStage.open(t);
    for (const [index, operation] of OPERATIONS.entries()) {
      const sample = SAMPLES[operation.name];
      // `call` over a pipe and over MCP are one piece of code: a process for every third of them is enough.
      const piped = index % 3 === 0;
      if (sample && index % 2 === first) await t.test(operation.name, t => walk(t, office, operation, sample, piped));
    }
  });
}

async function walk(t: Test, office: OfficeStage, operation: Operation, sample: Sample, piped: boolean): Promise<void> {
  const { stage, here, host } = office;
  const { refused, bad, code = 'BAD_INPUT', exit = EXIT.ok } = sample;
  const tool = toolName(operation);
  const line = argvOf(operation, await sample.good(office));
  if (operation.cliOnly) {
    const good = await stage.run(here, line);
    if (exit === EXIT.ok || refused) judge(t, good.answer, refused, 'CLI, good');
    t.equal(good.code, refused ? ERRORS[refused].exit : exit, `CLI, good: exit code ${good.err}`);
    const wrong = await stage.run(here, argvOf(operation, bad));
    if (sample.silent) t.match(wrong, { code: EXIT.ok, out: '', err: '' }, 'a hook is silent');
    else judgeBad(t, wrong, code);
    judge(t, await host.call('call', { tool, input: bad }), 'UNKNOWN_OPERATION', 'no MCP tool');
    return;
  }
  const text = piped ? JSON.stringify(await sample.good(office)) : undefined;
  const own = await sample.good(office);
  // Four ways at once: two cores are busy, and nothing here waits for anything else here.
  const [good, wrong, called, mcp] = await Promise.all([
    stage.run(here, line),
    stage.run(here, argvOf(operation, bad)),
    text === undefined ? undefined : stage.plain(here, ['call', tool, '-'], { input: text }),
    host.call(tool, own),
  ]);
  for (const [answer, where] of [
    [good.answer, 'CLI, good'],
    ...(called ? ([[called.answer, 'call, good']] as const) : []),
    [mcp, 'MCP, good'],
  ] as const) {
    judge(t, answer, refused, where);
    t.same(shape(answer), shape(good.answer), `${where}: the same fields as the others`);
  }
  for (const { code: ended, err } of called ? [good, called] : [good])
    t.equal(ended, refused ? ERRORS[refused].exit : exit, err);
  judgeBad(t, wrong, code);
  judge(t, await host.call(tool, bad), code, 'MCP, bad');
  judge(t, await host.call('call', { tool, input: bad }), code, 'call, bad');
}

/** A command line also says of a flag that there is none (64). */
function judgeBad(t: Test, { answer, code: ended }: Ran, code: ErrorCode): void {
  const said = answer?.error?.code === 'USAGE' ? 'USAGE' : code;
  judge(t, answer, said, 'CLI, bad');
  t.equal(ended, ERRORS[said].exit, 'CLI, bad: exit code');
}
