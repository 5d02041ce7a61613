import * as z from 'zod/mini';
import { text, title } from '../../kernel/fields.ts';
import { byOf, defineOperation } from '../../kernel/operation.ts';
import { knowledgeId, project, tags } from '../knowledge/fields.ts';
import { knowledgeRecord } from '../knowledge/record.ts';
import { showKnowledge } from '../knowledge/show.ts';
import { written } from '../knowledge/write.ts';
import { nothing } from '../nothing.ts';
import { any } from '../room.ts';

export const write = defineOperation({
  name: 'intro.write',
  kind: 'write',
  creates: ({ knowledge_id }) => knowledge_id === undefined,
  summary:
    'Write what somebody new reads before they work here: knowledge that can be linked to many tasks; with knowledge_id, a new revision',
  input: () =>
    z.strictObject({
      title: title(),
      body: text(),
      tags: z.optional(tags()),
      project: z.optional(z.nullable(project())),
      knowledge_id: z.optional(knowledgeId()),
      expected_revision: z.optional(z.int().check(z.minimum(1))),
    }),
  positional: 'title',
  examples: [
    {
      cli: "ledgenter intro write 'The sweeper in five minutes' --body 'It deletes what nobody asked for in a day.'",
      says: 'then: ledgenter intro link <task_id> --knowledge-id <knowledge_id>',
    },
  ],
  subject: ({ title, knowledge_id }, intent) =>
    knowledge_id === undefined
      ? `wrote ${byOf(intent, nothing).newId(any(knowledgeRecord))} ${title}`
      : `revised ${knowledge_id} ${title}`,
  decide: (view, input, by) => written(view, { ...input, kind: 'introduction' }, by),
  async show({ view }, { knowledge_id }) {
    const { knowledge } = await showKnowledge(view, String(knowledge_id), { body: false });
    return { knowledge, hints: { next: `ledgenter intro link <task_id> --knowledge-id ${knowledge_id}` } };
  },
});
