import type { ImportEntry } from './entry.ts';

/** What an import entry says it did, in one line. */
export function importSubject({ tasks, more, pages = [], decisions = [] }: ImportEntry): string {
  const [first] = tasks.length > 0 ? tasks : [...pages, ...decisions];
  if (!first) return `imported notes of ${more?.[0]?.ref ?? 'nothing'}`;
  const others = tasks.length + pages.length + decisions.length - 1;
  return others === 0 ? `imported ${first.ref} ${first.title}` : `imported ${first.ref} and ${others} more`;
}
