import { canonicalJson } from '../../kernel/canonical.ts';
import type { Knowledge, Revision } from './record.ts';

type Words = Omit<Revision, 'by' | 'at'>;

/** True when both say the same: title, body, kind, tags, project. */
export function saysSame(a: Words, b: Words): boolean {
  const of = ({ title, body, kind, tags, project }: Words) =>
    canonicalJson({ title, body, kind, tags, project: project ?? null });
  return of(a) === of(b);
}

/** True when the change is a new revision: other words, or a return from the archive. */
export function isRevised(before: Knowledge, after: Knowledge): boolean {
  return !saysSame(before, after) || (before.archived !== undefined && after.archived === undefined);
}
