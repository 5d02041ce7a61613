import * as z from 'zod/mini';
import { defineOperation } from '../../kernel/operation.ts';
import { knowledgeId } from './fields.ts';
import { knowledgeRecord } from './record.ts';
import { needKnowledge, showKnowledge } from './show.ts';

export const archive = defineOperation({
  name: 'knowledge.archive',
  kind: 'write',
  summary: 'Put knowledge away: no search or list shows it unless asked; a new revision brings it back',
  input: () => z.strictObject({ knowledge_id: knowledgeId() }),
  positional: 'knowledge_id',
  examples: [{ cli: 'ledgenter knowledge archive <knowledge_id>', says: 'it holds no more' }],
  subject: ({ knowledge_id }) => `archived ${knowledge_id}`,
  async decide(view, { knowledge_id }, by) {
    const before = await needKnowledge(view, knowledge_id);
    if (before.archived) return { same: { knowledge_id } };
    const after = { ...before, archived: { by: by.actor, at: by.at } };
    return { files: [knowledgeRecord.put(knowledge_id, after)], result: { knowledge_id } };
  },
  async show({ view }, { knowledge_id }) {
    const { knowledge } = await showKnowledge(view, String(knowledge_id), { body: false });
    return { knowledge, hints: { next: `ledgenter knowledge get ${knowledge_id}` } };
  },
});
