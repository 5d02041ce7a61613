import { defineTable } from '../rows.ts';
import { type Knowledge, type KnowledgeKind, knowledgeRecord } from './record.ts';

/** A page of knowledge as lists show it: never its body. */
export interface KnowledgeRow {
  title: string;
  kind: KnowledgeKind;
  tags?: string[];
  project?: string;
  revision: number;
  updated_by: string;
  updated_at: string;
  archived?: true;
}

export const knowledgeTable = defineTable<Knowledge, KnowledgeRow>({
  def: knowledgeRecord,
  version: 1,
  row: ({ title, kind, tags, project, revision, updated_by, updated_at, archived }) => ({
    title,
    kind,
    ...(tags.length === 0 ? {} : { tags }),
    ...(project === undefined ? {} : { project }),
    revision,
    updated_by,
    updated_at,
    ...(archived ? { archived: true } : {}),
  }),
});
