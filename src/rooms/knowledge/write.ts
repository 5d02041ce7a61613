import * as z from 'zod/mini';
import { choice, text, title } from '../../kernel/fields.ts';
import { type By, byOf, type Decision, defineOperation, refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { nothing } from '../nothing.ts';
import { projectRecord } from '../projects/record.ts';
import { any } from '../room.ts';
import { knowledgeId, plainTags, project, tags } from './fields.ts';
import { asRevision, KNOWLEDGE_KINDS, type Knowledge, knowledgeRecord, revisionRecord } from './record.ts';
import { saysSame } from './rules.ts';
import { needKnowledge, showKnowledge } from './show.ts';

const input = () =>
  z.strictObject({
    title: title(),
    body: text(),
    kind: z.optional(choice(KNOWLEDGE_KINDS)),
    tags: z.optional(tags()),
    project: z.optional(z.nullable(project())),
    knowledge_id: z.optional(knowledgeId()),
    expected_revision: z.optional(z.int().check(z.minimum(1))),
  });
type KnowledgeInput = z.infer<ReturnType<typeof input>>;

export const write = defineOperation({
  name: 'knowledge.write',
  kind: 'write',
  creates: ({ knowledge_id }) => knowledge_id === undefined,
  summary: 'Write down what the next one should not have to find out again; with knowledge_id, a new revision of it',
  input,
  positional: 'title',
  examples: [
    {
      cli: "ledgenter knowledge write 'Restart the sweeper' --kind runbook --tags sweeper,ops --body '1. Stop it. 2. Start it.'",
      says: 'a page that searches find',
    },
    {
      cli: "ledgenter knowledge write 'Restart the sweeper' --body - --knowledge-id <knowledge_id> --expected-revision 1",
      says: 'a new revision from stdin, unless somebody was faster',
    },
  ],
  subject: ({ title, knowledge_id }, intent) =>
    knowledge_id === undefined
      ? `wrote ${byOf(intent, nothing).newId(any(knowledgeRecord))} ${title}`
      : `revised ${knowledge_id} ${title}`,
  decide: written,
  async show({ view }, { knowledge_id }) {
    const { knowledge } = await showKnowledge(view, String(knowledge_id), { body: false });
    return { knowledge, hints: { next: `ledgenter knowledge get ${knowledge_id}` } };
  },
});

/**
 * The entry as it is written first, or as a new revision of it.
 * @throws LedgerError NOT_FOUND, REFUSED where somebody was faster
 */
export async function written(
  view: View,
  { knowledge_id, expected_revision, ...given }: KnowledgeInput,
  by: By,
): Promise<Decision> {
  const before = knowledge_id === undefined ? undefined : await needKnowledge(view, knowledge_id);
  const id = knowledge_id ?? by.newId(any(knowledgeRecord));
  const said = {
    title: given.title,
    body: given.body,
    kind: given.kind ?? before?.kind ?? 'note',
    tags: given.tags ? plainTags(given.tags) : (before?.tags ?? []),
    ...projectOf(given.project === undefined ? before?.project : given.project),
  };
  if (expected_revision !== undefined && expected_revision !== (before?.revision ?? 0))
    refuse('REFUSED', `${id} has revision ${before?.revision ?? 0}, not ${expected_revision}`, {
      hint: before ? `ledgenter knowledge get ${id}` : 'ledgenter knowledge query',
    });
  if (before && !before.archived && saysSame(before, said)) return { same: { knowledge_id: id } };
  if (said.project !== undefined && !(await find(view, projectRecord, said.project)))
    refuse('NOT_FOUND', `there is no project ${said.project}`, { hint: 'ledgenter project query' });
  const record: Knowledge = {
    ...said,
    revision: (before?.revision ?? 0) + 1,
    created_by: before?.created_by ?? by.actor,
    created_at: before?.created_at ?? by.at,
    updated_by: by.actor,
    updated_at: by.at,
  };
  const kept = before ? [revisionRecord.put(String(before.revision), asRevision(before), id)] : [];
  return { files: [knowledgeRecord.put(id, record), ...kept], result: { knowledge_id: id } };
}

const projectOf = (key: string | null | undefined) =>
  key === undefined || key === null ? {} : { project: key.trim().toLowerCase() };
