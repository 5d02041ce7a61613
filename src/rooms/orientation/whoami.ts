import * as z from 'zod/mini';
import { type Context, defineOperation } from '../../kernel/operation.ts';
import { epochMs, formatDuration } from '../../kernel/time.ts';
import { actorRecord } from '../actors/record.ts';
import { find } from '../lookup.ts';
import { type Claims, claims, taskIndex } from '../tasks/ports.ts';
import { type Task, taskRecord } from '../tasks/record.ts';
import { nextFor } from '../tasks/show.ts';

/** Claims listed by name; the rest are counted. */
const SHOWN = 5;
/** Characters of a title: the whole answer is to stay below 400 tokens. */
const TITLE = 60;

interface Open {
  id: string;
  task: Task;
  left: number;
}

async function openClaims({ view, now }: Context, own: Claims): Promise<Open[]> {
  const open: Open[] = [];
  for (const { id, lease_until } of await own.held()) {
    const task = await find(view, taskRecord, id);
    if (task) open.push({ id, task, left: epochMs(lease_until) - now });
  }
  return open.sort((a, b) => a.left - b.left);
}

/** One concrete next call. In a session nobody is sent to claim what they did not ask for. */
async function hint(context: Context, open: Open[], mine: number, ready: number): Promise<string> {
  const { view, who } = context;
  const [first] = open;
  if (first) return (await nextFor(view, first.id, first.task, who.actor)) ?? `ledgenter task get ${first.id}`;
  if (who.mode === 'loop') return ready > 0 ? 'ledgenter task claim' : 'ledgenter task query --ready --explain';
  return mine > 0 ? 'ledgenter task query --assignee me' : 'ledgenter task query --ready';
}

export const whoami = defineOperation({
  name: 'whoami',
  kind: 'read',
  toolset: 'orientation',
  default: true,
  summary: 'Who you are here, what you hold and for how long, what is ready, and one next command',
  input: () => z.strictObject({}),
  examples: [{ cli: 'ledgenter whoami', says: 'where am I, and what next' }],
  async query(context) {
    const { who, view, now } = context;
    const index = await context.use(taskIndex);
    const open = await openClaims(context, await context.use(claims));
    const counts = await index.counts(now);
    const mine = await index.query(
      { assignee: who.actor, status: ['open', 'in_review', 'blocked'] },
      { limit: 1, now },
    );
    const { ready, unassigned_ready, in_progress, blocked, in_review } = counts;
    const known = await find(view, actorRecord, who.actor);
    const listed = open.slice(0, SHOWN).map(({ id, task, left }) => {
      const title = [...task.title];
      return {
        task_id: id,
        title: title.length > TITLE ? `${title.slice(0, TITLE).join('')}…` : task.title,
        lease_left: left > 0 ? formatDuration(left) : 'lapsed',
      };
    });
    return {
      actor: who.actor,
      kind: who.kind,
      ...(known ? { role: known.role } : {}),
      mode: who.mode,
      run: who.run[0],
      ...(who.run.length > 1 ? { parent_run: who.run[1] } : {}),
      ...(who.host === undefined ? {} : { host: who.host }),
      claims: listed,
      ...(open.length > listed.length ? { more_claims: open.length - listed.length } : {}),
      counts: { ready, unassigned_ready, in_progress, blocked, in_review, assigned_to_me: mine.total },
      hints: { next: await hint(context, open, mine.total, ready) },
    };
  },
});
