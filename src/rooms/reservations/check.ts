import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { type Context, defineOperation, refuse } from '../../kernel/operation.ts';
import { graceOf } from '../ledger/grace.ts';
import { reservedPaths, slot } from './fields.ts';
import { isOwn, type Known, liveAt, type Scope } from './live.ts';
import { fold, matches, newBudget, overlaps, type Pattern, patternOf } from './overlap.ts';
import { stagedPort } from './ports.ts';
import { scopeHere } from './scope.ts';

/** Conflicts told one by one, at most. */
const SHOWN = 100;

export const check = defineOperation({
  name: 'reserve.check',
  kind: 'read',
  summary: 'Does another keep one of these paths, of what is staged, or a slot? Exit 1 names who, until when and why',
  input: () =>
    z.strictObject({
      paths: z.optional(reservedPaths()),
      staged: z.optional(z.boolean()),
      slot: z.optional(slot()),
    }),
  examples: [
    { cli: 'ledgenter reserve check --staged', says: 'before a commit: is all of it yours to change' },
    { cli: 'ledgenter reserve check --paths src/parser/lexer.ts', says: 'before you edit' },
    { cli: 'ledgenter reserve check --slot deploy', says: 'does another deploy now' },
  ],
  table: {
    rows: 'conflicts',
    columns: ['slot', 'path', 'by', 'until', 'task_id', 'reason'],
    none: 'no other keeps any of it',
  },
  exit: answer => (answer.clear === false ? EXIT.no : EXIT.ok),
  async query(context, { paths = [], staged = false, slot: named }) {
    if (paths.length === 0 && !staged && named === undefined)
      refuse('BAD_INPUT', 'say which paths, which slot, or staged', { hint: 'ledgenter reserve check --staged' });
    const files = staged ? await (await context.use(stagedPort)).paths() : [];
    const { conflicts, total } = await conflictsOf(context, { paths, files, ...(named ? { slot: named } : {}) });
    return { clear: total === 0, conflicts, ...(total > conflicts.length ? { total } : {}) };
  },
});

/** What is asked about: paths or patterns, names of files whose `*` and `?` are letters, a slot. */
export interface Asked {
  paths?: readonly string[];
  files?: readonly string[];
  slot?: string;
}

export type Conflict = ReturnType<typeof conflict>;

/** Whom the caller meets there: the first conflicts one by one, and how many there are. Goes by the local book. */
export async function conflictsOf(
  context: Context,
  { paths = [], files = [], slot: named }: Asked,
): Promise<{ conflicts: Conflict[]; total: number }> {
  const others = paths.length + files.length > 0 ? await patternsOfOthers(context) : [];
  const budget = newBudget();
  const conflicts: Conflict[] = [];
  let total = 0;
  const note = (path: string, meets: (pattern: Pattern) => boolean): void => {
    const by = others.find(({ patterns }) => patterns.some(meets));
    if (by && ++total <= SHOWN) conflicts.push(conflict({ path }, by.known));
  };
  for (const path of paths) {
    const wanted = patternOf(path);
    note(path, pattern => overlaps(pattern, wanted, budget));
  }
  for (const file of files) {
    const folded = fold(file);
    note(file, pattern => matches(pattern, folded, budget));
  }
  if (named !== undefined)
    for await (const known of keptByOthers(context, { slot: named })) {
      total++;
      conflicts.push(conflict({ slot: named }, known));
    }
  return { conflicts, total };
}

interface Kept {
  known: Known;
  patterns: Pattern[];
}

async function patternsOfOthers(context: Context): Promise<Kept[]> {
  const out: Kept[] = [];
  for await (const known of keptByOthers(context, { repo: await scopeHere(context) }))
    out.push({ known, patterns: known.record.paths.map(patternOf) });
  return out;
}

async function* keptByOthers({ view, who, now }: Context, scope: Scope): AsyncGenerator<Known> {
  for await (const known of liveAt(view, now, await graceOf(view), scope)) if (!isOwn(known.record, who)) yield known;
}

function conflict(
  what: { path: string } | { slot: string },
  { id, record: { actor, run, lease_until, task_id, reason } }: Known,
) {
  return {
    ...what,
    reservation_id: id,
    by: actor,
    run,
    until: lease_until,
    ...(reason === undefined ? {} : { reason }),
    ...(task_id === undefined ? {} : { task_id }),
  };
}
