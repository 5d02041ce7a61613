import { entryMeta } from '../../src/book/entry.ts';
import { type ClaimStamp, entryId, FORMAT, type Intent } from '../../src/kernel/entry.ts';
import { instant } from '../../src/kernel/time.ts';
import { actorRecord } from '../../src/rooms/actors/record.ts';
import { runRecord } from '../../src/rooms/runs/record.ts';
import { noteRecord, type Task, taskRecord } from '../../src/rooms/tasks/record.ts';
import type { Oid } from '../../src/store/port.ts';
import type { Agent } from './cast.ts';
import { LEDGER, runId } from './ground.ts';
import type { World } from './world.ts';

export interface Forgery {
  what: string;
  oid: Oid;
}

/** Commits of one who holds nothing, made without asking any law: done, a note, a claim over a live lease. */
export async function forgeries(world: World, agent: Agent, tip: Oid): Promise<Forgery[]> {
  const out: Forgery[] = [];
  for (const id of world.tasks) {
    const task = world.task(tip, id);
    const { hold } = task;
    const at = hold ? Date.parse(hold.lease_until) - 1 : world.time;
    const claim: ClaimStamp = {
      root: hold?.root ?? 'none',
      oid: tip,
      actor: 'mallory',
      run: runId(99),
      lease_until: instant(at + 60_000),
    };
    const forge = async (what: string, op: string, after: Task, stamp: ClaimStamp): Promise<void> => {
      out.push({ what, oid: await commit(agent, tip, id, op, after, stamp, instant(at)) });
    };
    if (hold || task.status === 'open') {
      const { hold: _none, ...rest } = task;
      const done: Task = {
        ...rest,
        status: 'done',
        assignee: 'mallory',
        finished_at: instant(at),
        updated_at: instant(at),
      };
      await forge('done', 'task.update', done, claim);
    }
    if (!hold) continue;
    await forge('note', 'task.note', task, claim);
    const mine = { root: 'zz', actor: 'mallory', run: runId(99), since: instant(at), lease_until: claim.lease_until };
    const taken: Task = { ...task, assignee: 'mallory', hold: mine, updated_at: instant(at) };
    await forge('claim', 'task.claim', taken, { ...claim, root: 'zz' });
  }
  return out;
}

async function commit(
  agent: Agent,
  tip: Oid,
  id: string,
  op: string,
  after: Task,
  claim: ClaimStamp,
  at: string,
): Promise<Oid> {
  const run = runId(99);
  const intent: Intent = {
    op,
    ledger: LEDGER,
    format: FORMAT,
    actor: 'mallory',
    kind: 'agent',
    run: [run],
    at,
    nonce: 'forged',
    input: { task_id: id },
    claim,
  };
  const stamp = { writer: 'mallory', n: 1, landed: instant(Date.parse(at) + 86_400_000) };
  const entry = { id: entryId(intent), intent, stamp };
  const noteId = `n-${entry.id.slice(0, 10).replace(/[^0-9a-f]/g, '0')}`;
  return agent.clone.store.commit(
    [tip],
    [
      actorRecord.put('mallory', { kind: 'agent', role: 'member', created_at: at }),
      runRecord.put(run, { actor: 'mallory', started_at: at }),
      ...(op === 'task.note' ? [noteRecord.put(noteId, { kind: 'note', text: 'x', by: 'mallory', at }, id)] : []),
      ...(op === 'task.note' ? [] : [taskRecord.put(id, after)]),
    ],
    entryMeta(entry, op, 'mallory'),
  );
}
