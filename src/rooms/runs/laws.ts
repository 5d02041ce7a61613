import { canonicalJson } from '../../kernel/canonical.ts';
import type { Intent } from '../../kernel/entry.ts';
import { defineLaw, defineRecordLaw, type Law } from '../../kernel/law.ts';
import { epochMs } from '../../kernel/time.ts';
import { find } from '../lookup.ts';
import { closed } from './enter.ts';
import { isAbandoned, lastOf, type Run, runRecord } from './record.ts';

const enforcedBy = 'rooms/runs.test.ts';

/**
 * True when the entry's run is this one, the run that started it, or a child of it by the same actor: those may end it.
 * Whose child a run is, is its own word, so another actor's child counts for nothing.
 */
export function isKin(id: string, run: Run, intent: Pick<Intent, 'run' | 'actor'>): boolean {
  if (run.parent !== undefined && intent.run[0] === run.parent) return true;
  return intent.run.includes(id) && intent.actor === run.actor;
}

const same = (a: unknown, b: unknown): boolean => canonicalJson([a ?? null]) === canonicalJson([b ?? null]);

/** Why an entry may not change a run so; undefined when it may. */
export function changeProblem(id: string, before: Run, after: Run, intent: Intent): string | undefined {
  const { at, run } = intent;
  const own = run[0] === id;
  if (!own && same(after, closed(before))) {
    if (before.ended_at !== undefined) return `${id} has ended`;
    return isAbandoned(before, epochMs(at)) ? undefined : `${id} wrote at ${lastOf(before)}: it is not abandoned`;
  }
  for (const name of ['actor', 'parent', 'started_at'] as const) {
    if (before[name] !== after[name]) return `${name} of ${id} is as it began`;
  }
  if (!isKin(id, before, intent)) return `${id} is another's run, and not abandoned`;
  for (const name of ['host', 'repo'] as const) {
    if (!same(before[name], after[name]) && (before[name] !== undefined || !own))
      return `${name} of ${id} is as it began`;
  }
  if (!own && (before.kind !== after.kind || before.series !== after.series))
    return `kind and series of ${id} are its own`;
  if (after.last_at !== before.last_at && !(own && after.last_at === at && at > lastOf(before))) {
    return `the last write of ${id} is that of its own entries`;
  }
  if (after.abandoned && !before.abandoned) return `${id} is not abandoned`;
  return endProblem(id, before, after, at, own);
}

function endProblem(id: string, before: Run, after: Run, at: string, own: boolean): string | undefined {
  const ends = after.ended_at !== before.ended_at && after.ended_at !== undefined;
  if (ends && after.ended_at !== at) return `${id} ends at the time of its entry`;
  if (after.ended_at === undefined && before.ended_at !== undefined && !own) return `only ${id} itself opens it again`;
  if (after.ended_at === undefined && after.abandoned) return `${id} is open, so it is not abandoned`;
  const told = !same(before.counts, after.counts) || !same(before.summary, after.summary);
  return told && !ends ? `counts and summary of ${id} are told when it ends` : undefined;
}

export const runLaws: Law[] = [
  defineRecordLaw({
    id: 'run.own',
    says: 'A run enters the book with its own first entry, which gives its actor, parent and time, and has not ended then.',
    enforcedBy,
    on: runRecord,
    check({ id, before, after }, { entry }) {
      const { run, actor, at } = entry.intent;
      if (before || !after) return undefined; // run.change judges it, record.kept names it
      const own = id === run[0] && after.actor === actor && after.parent === run[1] && after.started_at === at;
      if (!own) return { message: `${id} is not the run of this entry` };
      const later = ['last_at', 'ended_at', 'counts', 'summary', 'abandoned'] as const;
      const told = later.find(name => after[name] !== undefined);
      return told === undefined ? undefined : { message: `${id} only begins: it has no ${told}` };
    },
  }),
  defineRecordLaw({
    id: 'run.change',
    says: 'How a run began never changes; itself, its parent, or a child of it by the same actor end it, with counts and summary, and itself opens it again; anyone closes one that nobody wrote under for 13 h, at its last write.',
    enforcedBy,
    on: runRecord,
    check({ id, before, after }, { entry }) {
      if (!before || !after) return undefined;
      const problem = changeProblem(id, before, after, entry.intent);
      return problem === undefined ? undefined : { message: problem };
    },
  }),
  defineLaw({
    id: 'run.known',
    says: "An entry's run is in the book, is its actor's, and its ancestors are the parents that the book has.",
    enforcedBy: 'rooms/actors.test.ts',
    async check({ entry, after }) {
      const { run, actor } = entry.intent;
      for (const [index, id] of run.entries()) {
        const known = await find(after, runRecord, id);
        if (!known) {
          if (index === 0) return { message: `run ${id} is not in the book` };
          return undefined; // an ancestor that never wrote: nothing to compare with
        }
        if (index === 0 && known.actor !== actor) return { message: `run ${id} is ${known.actor}'s, not ${actor}'s` };
        if (known.parent !== run[index + 1]) return { message: `run ${id} began under ${known.parent ?? 'no run'}` };
      }
      return undefined;
    },
  }),
];
