import * as z from 'zod/mini';
import { limit, mark } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { newestPage, pageFields, pick } from '../lists.ts';
import { taskId } from '../tasks/fields.ts';
import { scopePath } from './fields.ts';
import { covers } from './paths.ts';
import { decisions, type Ruling } from './table.ts';

const input = () =>
  z.strictObject({
    project: z.optional(mark(z.string().check(z.maxLength(64)), { machine: true })),
    task_id: z.optional(taskId()),
    path: z.optional(scopePath()),
    text: z.optional(z.string().check(z.maxLength(200))),
    history: z.optional(z.boolean()),
    all: z.optional(z.boolean()),
    limit: limit(),
    ...pageFields(),
  });
type Input = z.infer<ReturnType<typeof input>>;

export const query = defineOperation({
  name: 'decision.query',
  kind: 'read',
  summary:
    'List rulings that hold, newest first; history: those superseded; all: both; path: those that rule this file',
  input,
  examples: [
    { cli: 'ledgenter decision query', says: 'what holds now' },
    { cli: 'ledgenter decision query --path src/time/zone.ts', says: 'what holds for that file' },
    { cli: 'ledgenter decision query --history', says: 'what held once, and what took its place' },
  ],
  table: {
    rows: 'decisions',
    columns: ['id', 'at', 'by', 'superseded_by', 'project', 'paths', 'title'],
    none: 'no such decision',
  },
  async query(context, given) {
    const { rows, by } = await decisions(context);
    const wanted = rows.filter(
      row => (given.all || by.has(row.id) === (given.history ?? false)) && matches(row, given),
    );
    const { items, ...rest } = newestPage(wanted, 'at', given);
    return { decisions: items.map(row => pick(listed(row, by.get(row.id)), given.fields, 'id')), ...rest };
  },
});

function matches(row: Ruling, { project, task_id, path, text }: Input): boolean {
  const words = `${row.title} ${row.choice}`.toLowerCase();
  return (
    (project === undefined || row.project === project.toLowerCase()) &&
    (task_id === undefined || row.task_ids?.includes(task_id) === true) &&
    (path === undefined || row.paths?.some(pattern => covers(pattern, path)) === true) &&
    (text === undefined ||
      text
        .toLowerCase()
        .split(/\s+/)
        .every(word => words.includes(word)))
  );
}

function listed({ supersedes: _old, ...row }: Ruling, superseded_by: string | undefined): { id: string } & object {
  return { ...row, ...(superseded_by === undefined ? {} : { superseded_by }) };
}
