import { canonicalJson } from '../../kernel/canonical.ts';
import { defineRecordLaw, type Transition } from '../../kernel/law.ts';
import { forkedActor, forkInput } from '../ledger/fork.ts';
import { isNew } from './enrol.ts';
import { actorRecord } from './record.ts';

/** True for the entry with which a ledger begins as the fork of another: what it says of its people is judged by a law of its own. */
export async function isFork({
  entry,
  before,
  after,
}: Pick<Transition, 'entry' | 'before' | 'after'>): Promise<boolean> {
  return entry.intent.op === 'ledger.fork' && (await isNew(before)) && !(await isNew(after));
}

export const actorForked = defineRecordLaw({
  id: 'actor.forked',
  says: 'The entry that forks a ledger is its first, and enters the people whom it names as it names them, beside whoever writes it.',
  enforcedBy: 'rooms/forks.test.ts',
  on: actorRecord,
  async check({ id, before, after }, transition) {
    if (!after || before || !(await isFork(transition))) return undefined;
    const { at, actor, kind, input } = transition.entry.intent;
    // What was not decided here may say anything.
    const read = forkInput().safeParse(input);
    const said = read.success ? read.data.actors.find(one => one.actor === id) : undefined;
    const own = id === actor ? { kind, role: 'member' as const, created_at: at } : undefined;
    const due = said ? forkedActor(said, { at }) : own;
    return due && canonicalJson(due) === canonicalJson(after)
      ? undefined
      : { code: 'NOT_MAINTAINER', message: `${id} does not come along as the entry says` };
  },
});
