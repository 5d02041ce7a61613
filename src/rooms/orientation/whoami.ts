import * as z from 'zod/mini';
import { type Context, defineOperation } from '../../kernel/operation.ts';
import { epochMs, formatDuration } from '../../kernel/time.ts';
import { actorRecord } from '../actors/record.ts';
import { find } from '../lookup.ts';
import { activeTask, type Claims, claims, taskIndex } from '../tasks/ports.ts';
import { type Task, taskRecord } from '../tasks/record.ts';
import { hereIn } from './here.ts';
import { inboxIn } from './inbox.ts';
import { newsIn } from './news.ts';
import { nextIn } from './next.ts';
import { short } from './short.ts';

/** Claims and projects listed by name; the rest are counted. */
const CLAIMS = 3;
const PROJECTS = 5;
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

/** What this worktree is about. */
async function activeIn({ view, use }: Context): Promise<object | undefined> {
  const id = await (await use(activeTask)).id();
  const task = id === undefined ? undefined : await find(view, taskRecord, id);
  return task && { task_id: id, title: short(task.title), status: task.status };
}

export const whoami = defineOperation({
  name: 'whoami',
  kind: 'read',
  toolset: 'orientation',
  default: true,
  summary: 'Who you are here, what you hold, your inbox, what is ready, what changed, and one next command',
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
    const inbox = await inboxIn(context);
    const here = await hereIn(context);
    const since = await newsIn(context, known);
    const active = await activeIn(context);
    const [first] = open;
    const listed = open.slice(0, CLAIMS).map(({ id, task, left }) => ({
      task_id: id,
      title: short(task.title),
      lease_left: left > 0 ? formatDuration(left) : 'lapsed',
    }));
    return {
      actor: who.actor,
      kind: who.kind,
      ...(known ? { role: known.role } : {}),
      ...(who.ledger ? { ledger: who.ledger } : {}),
      mode: who.mode,
      run: who.run[0],
      ...(who.run.length > 1 ? { parent_run: who.run[1] } : {}),
      ...(who.series === undefined ? {} : { series: who.series }),
      ...(who.host === undefined ? {} : { host: who.host }),
      ...(who.checkout ? { repo: here.slug ?? who.checkout.fingerprint } : {}),
      claims: listed,
      ...(open.length > listed.length ? { more_claims: open.length - listed.length } : {}),
      ...(active ? { active } : {}),
      inbox: inbox.waiting.length,
      ...(inbox.answers.length > 0 ? { answered: inbox.answers.length } : {}),
      counts: { ready, unassigned_ready, in_progress, blocked, in_review, assigned_to_me: mine.total },
      ...(since ? { since_last_run: since } : {}),
      ...(here.projects.length > 0 ? { projects: here.projects.slice(0, PROJECTS) } : {}),
      hints: await nextIn(context, { ...(first ? { claim: first } : {}), inbox, ready, mine: mine.total }),
    };
  },
});
