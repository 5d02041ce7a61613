import type { Context } from '../../kernel/operation.ts';
import { actorRecord } from '../actors/record.ts';
import { find } from '../lookup.ts';
import { projectRecord } from '../projects/record.ts';
import { type Task, taskRecord } from '../tasks/record.ts';
import { type Session, type StrayCorrection, sessionsPort } from './ports.ts';
import { type Measured, measure } from './spans.ts';

/** A session with what its task and its project are now: both are read where they stand, nothing of them is kept twice. */
export interface Told {
  session: Session;
  measured: Measured;
  kind: string;
  title?: string;
  project?: string;
  labels: readonly string[];
  billable: boolean;
}

/** Which sessions are asked for; everything that is given must hold. */
export interface SessionFilter {
  actor?: string | undefined;
  task_id?: string | undefined;
  project?: string | undefined;
  billable?: boolean | undefined;
  open?: boolean | undefined;
  /** Those that have a moment in it, ms. */
  from: number;
  until: number;
}

/** Sessions read between two signs of progress. */
const STEP = 500;

/** The sessions that match, in the order of the book, and the corrections that name none. */
export async function toldSessions(
  context: Context,
  { actor, task_id, project, billable, open, from, until }: SessionFilter,
): Promise<{ told: Told[]; stray: readonly StrayCorrection[] }> {
  const { sessions, stray } = await context.use(sessionsPort);
  const look = lookups(context);
  const told: Told[] = [];
  for (const [index, session] of sessions.entries()) {
    if (index % STEP === STEP - 1) context.progress?.(index + 1, sessions.length, 'sessions');
    if (actor !== undefined && session.actor !== actor) continue;
    if (task_id !== undefined && session.task_id !== task_id) continue;
    const measured = measure(session, context.now);
    const [begun, ended] = measured.span;
    if (begun >= until || (ended === begun ? begun < from : ended <= from)) continue;
    if (open !== undefined && measured.open !== open) continue;
    const task = await look.task(session.task_id);
    if (project !== undefined && task?.project !== project) continue;
    const bills = task?.project !== undefined && (await look.billable(task.project));
    if (billable !== undefined && bills !== billable) continue;
    told.push({
      session,
      measured,
      kind: await look.kind(session.actor),
      ...(task ? { title: task.title } : {}),
      ...(task?.project === undefined ? {} : { project: task.project }),
      labels: task?.labels ?? [],
      billable: bills,
    });
  }
  return { told, stray: stray.filter(one => task_id === undefined || one.task_id === task_id) };
}

/** Records by name, each read once. */
function lookups({ view }: Context) {
  const once = <T>(read: (name: string) => Promise<T>) => {
    const known = new Map<string, Promise<T>>();
    return (name: string): Promise<T> => {
      const found = known.get(name) ?? read(name);
      known.set(name, found);
      return found;
    };
  };
  return {
    task: once((id): Promise<Task | undefined> => find(view, taskRecord, id)),
    kind: once(async name => (await find(view, actorRecord, name))?.kind ?? 'agent'),
    billable: once(async key => (await find(view, projectRecord, key))?.policy?.billable === true),
  };
}
