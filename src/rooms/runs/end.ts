import * as z from 'zod/mini';
import { idOf, mark, text } from '../../kernel/fields.ts';
import { type Context, defineOperation, refuse } from '../../kernel/operation.ts';
import { epochMs, formatDuration } from '../../kernel/time.ts';
import { actorRecord } from '../actors/record.ts';
import { find } from '../lookup.ts';
import { claims } from '../tasks/ports.ts';
import { isKin } from './laws.ts';
import { countsSchema, type Run, runRecord } from './record.ts';
import { showRun } from './show.ts';

const input = () =>
  z.strictObject({
    run_id: z.optional(idOf('run')),
    counts: z.optional(mark(countsSchema(), { machine: true })),
    summary: z.optional(text()),
  });

export const end = defineOperation({
  name: 'run.end',
  kind: 'write',
  summary: 'End this run, or one it started: the next write begins another; what it holds stays held until released',
  input,
  positional: 'run_id',
  tellsSeen: true,
  examples: [
    { cli: 'ledgenter run end --counts \'{"tasks_completed":1}\'', says: 'the shift is over, the record stays' },
    { cli: "ledgenter run end --summary 'the sweeper is wired; its test is flaky'", says: 'what the next one reads' },
  ],
  subject: ({ run_id, counts }, { run }) => {
    const told = Object.entries(counts ?? {}).map(([name, count]) => `${name} ${count}`);
    const which = run_id === undefined || run_id === run[0] ? 'its run' : `run ${run_id}`;
    return `ended ${which}${told.length > 0 ? `: ${told.join(', ')}` : ''}`;
  },
  async decide(view, { run_id, ...told }, by) {
    const id = run_id ?? by.run[0]!;
    const before = await find(view, runRecord, id);
    if (!before) {
      // Nothing was written under it: there is nothing to end, and no entry says so.
      if (run_id === undefined || run_id === by.run[0]) return { same: { run_id: id } };
      refuse('NOT_FOUND', `there is no run ${id}`, { hint: 'ledgenter run query --open' });
    }
    if (before.ended_at !== undefined) return { same: { run_id: id } };
    if (!isKin(id, before, by.intent)) {
      refuse('REFUSED', `${id} is ${before.actor}'s run: itself, its parent and its own children end it`, {
        hint: 'ledgenter run query --open',
      });
    }
    const after: Run = { ...before, ended_at: by.at, ...told };
    const files = [runRecord.put(id, after)];
    const actor = await view.get(actorRecord, by.actor);
    const { seen } = by.intent;
    // What a child was told, its parent was not.
    if (actor && seen !== undefined && id === by.run[0] && before.parent === undefined)
      files.push(actorRecord.put(by.actor, { ...actor, seen_through: seen }));
    return { files, result: { run_id: id } };
  },
  async show(context, { run_id }) {
    const id = String(run_id);
    const own = id === context.who.run[0];
    const held = own ? await stillHeld(context) : [];
    const [first] = held;
    return {
      ...(await showRun(context.view, id)),
      ...(held.length === 0 ? {} : { claims: held }),
      hints: { next: first ? `ledgenter task release ${first.task_id} --run ${id}` : 'ledgenter whoami' },
    };
  },
});

async function stillHeld(context: Context): Promise<{ task_id: string; lease_left: string }[]> {
  const held = await (await context.use(claims)).held();
  return held
    .map(({ id, lease_until }) => ({ id, left: epochMs(lease_until) - context.now }))
    .filter(({ left }) => left > 0)
    .map(({ id, left }) => ({ task_id: id, lease_left: formatDuration(left) }));
}
