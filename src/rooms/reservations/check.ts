import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { type Context, defineOperation, refuse } from '../../kernel/operation.ts';
import { graceOf } from '../ledger/grace.ts';
import { reservedPaths } from './fields.ts';
import { isOwn, type Known, liveAt } from './live.ts';
import { fold, matches, newBudget, overlaps, type Pattern, patternOf } from './overlap.ts';
import { stagedPort } from './ports.ts';
import { scopeHere } from './scope.ts';

/** Conflicts told one by one, at most. */
const SHOWN = 100;

export const check = defineOperation({
  name: 'reserve.check',
  kind: 'read',
  summary: 'Does another keep one of these paths, or of what is staged? Exit 1 names who, until when and why',
  input: () => z.strictObject({ paths: z.optional(reservedPaths()), staged: z.optional(z.boolean()) }),
  examples: [
    { cli: 'ledgenter reserve check --staged', says: 'before a commit: is all of it yours to change' },
    { cli: 'ledgenter reserve check --paths src/parser/lexer.ts', says: 'before you edit' },
  ],
  table: {
    rows: 'conflicts',
    columns: ['path', 'by', 'until', 'task_id', 'reason'],
    none: 'no other keeps any of it',
  },
  exit: answer => (answer.clear === false ? EXIT.no : EXIT.ok),
  async query(context, { paths = [], staged = false }) {
    if (paths.length === 0 && !staged)
      refuse('BAD_INPUT', 'say which paths, or staged', { hint: 'ledgenter reserve check --staged' });
    const files = staged ? await (await context.use(stagedPort)).paths() : [];
    const others = await keptByOthers(context);
    const budget = newBudget();
    const conflicts: ReturnType<typeof conflict>[] = [];
    let total = 0;
    const note = (path: string, meets: (pattern: Pattern) => boolean): void => {
      const by = others.find(({ patterns }) => patterns.some(meets));
      if (by && ++total <= SHOWN) conflicts.push(conflict(path, by.known));
    };
    for (const path of paths) {
      const wanted = patternOf(path);
      note(path, pattern => overlaps(pattern, wanted, budget));
    }
    for (const file of files) {
      const folded = fold(file);
      note(file, pattern => matches(pattern, folded, budget));
    }
    return { clear: total === 0, conflicts, ...(total > conflicts.length ? { total } : {}) };
  },
});

interface Kept {
  known: Known;
  patterns: Pattern[];
}

async function keptByOthers(context: Context): Promise<Kept[]> {
  const { view, who, now } = context;
  const out: Kept[] = [];
  for await (const known of liveAt(view, now, await graceOf(view), { repo: await scopeHere(context) }))
    if (!isOwn(known.record, who)) out.push({ known, patterns: known.record.paths.map(patternOf) });
  return out;
}

function conflict(path: string, { id, record: { actor, run, lease_until, task_id, reason } }: Known) {
  return {
    path,
    reservation_id: id,
    by: actor,
    run,
    until: lease_until,
    ...(reason === undefined ? {} : { reason }),
    ...(task_id === undefined ? {} : { task_id }),
  };
}
