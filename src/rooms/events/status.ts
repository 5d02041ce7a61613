import { type Context, refuse } from '../../kernel/operation.ts';
import { eventsOf, lastOf, type Told } from './table.ts';

/** What an agent does, as its events tell. */
export interface AgentStatus {
  agent: string;
  state: 'idle' | 'busy' | 'error';
  /** Since when it is in this state. */
  since: string;
  last_event: { ts: string; event: string; summary: string };
  task_id: string | null;
}

/** A result that says how a program ended counts as an error where that was not 0. */
const failed = ({ event, data }: Told): boolean =>
  event === 'error' || (event === 'task_result' && typeof data?.exit_code === 'number' && data.exit_code !== 0);

/** @param events of one agent, oldest first; undefined where there is none */
export function statusFrom(events: readonly Told[]): AgentStatus | undefined {
  const [first] = events;
  if (!first) return undefined;
  let [state, since]: [AgentStatus['state'], string] = ['idle', first.ts];
  let task: string | null = null;
  let last: Told = first;
  for (const event of events) {
    if (lastOf(event) >= lastOf(last)) last = event;
    if (event.event === 'heartbeat') continue; // it says that the agent lives, not what it does
    const now = event.event === 'task_start' ? 'busy' : failed(event) ? 'error' : 'idle';
    if (now !== state || now === 'busy') [state, since] = [now, event.ts];
    task = now === 'idle' ? null : (event.task_id ?? (now === 'error' ? task : null));
  }
  const { event, summary } = last;
  return { agent: first.agent, state, since, last_event: { ts: lastOf(last), event, summary }, task_id: task };
}

/** @throws LedgerError NOT_FOUND for an agent that never said anything */
export async function statusOf(context: Context, agent: string): Promise<AgentStatus> {
  const status = statusFrom(await eventsOf(context, { agent }));
  return status ?? refuse('NOT_FOUND', `no event of ${agent} is known`, { hint: 'ledgenter event query' });
}
