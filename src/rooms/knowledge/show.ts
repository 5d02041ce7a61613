import { refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { cut } from '../lists.ts';
import { find } from '../lookup.ts';
import { type Knowledge, knowledgeRecord, revisionRecord } from './record.ts';

/** Characters of a body that are answered unless all of it is asked for. */
const SHOWN = 8_000;

/** @throws LedgerError NOT_FOUND */
export async function needKnowledge(view: View, id: string): Promise<Knowledge> {
  const record = await find(view, knowledgeRecord, id);
  return record ?? refuse('NOT_FOUND', `there is no knowledge ${id}`, { hint: 'ledgenter knowledge query' });
}

/**
 * An entry, or one of its revisions, as an answer shows it.
 * @throws LedgerError NOT_FOUND
 */
export async function showKnowledge(
  view: View,
  id: string,
  asked: { revision?: number | undefined; full?: boolean | undefined; body?: boolean } = {},
): Promise<{ knowledge: Record<string, unknown>; truncated?: true; hints?: { whole: string } }> {
  const record = await needKnowledge(view, id);
  const { body, title, kind, tags, project, ...rest } = record;
  const head = (title: string, kind: string, tags: string[], project?: string) => ({
    id,
    title,
    kind,
    ...(tags.length === 0 ? {} : { tags }),
    ...(project === undefined ? {} : { project }),
  });
  if (asked.body === false) return { knowledge: { ...head(title, kind, tags, project), ...rest } };
  const { revision = record.revision } = asked;
  if (revision === record.revision) return withBody(body, asked, id, { ...head(title, kind, tags, project), ...rest });
  const old = await find(view, revisionRecord, String(revision), id);
  if (!old)
    refuse('NOT_FOUND', `${id} has no revision ${revision}; the last is ${record.revision}`, {
      hint: `ledgenter knowledge get ${id}`,
    });
  const { by, at } = old;
  const told = { revision, latest: record.revision, updated_by: by, updated_at: at };
  return withBody(old.body, asked, id, { ...head(old.title, old.kind, old.tags, old.project), ...told });
}

function withBody(
  body: string,
  { full, revision }: { full?: boolean | undefined; revision?: number | undefined },
  id: string,
  head: Record<string, unknown>,
): { knowledge: Record<string, unknown>; truncated?: true; hints?: { whole: string } } {
  const short = full ? undefined : cut(body, SHOWN);
  if (short === undefined) return { knowledge: { ...head, body } };
  const number = revision === undefined ? '' : ` --revision ${revision}`;
  return {
    knowledge: { ...head, body: short },
    truncated: true,
    hints: { whole: `ledgenter knowledge get ${id}${number} --full` },
  };
}
