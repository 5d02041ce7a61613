import type { CodeRef } from '../../tasks/record.ts';
import type { Quoter } from './text.ts';

/** A code ref in a line. */
export function refWords({ ref_type, sha, name, url, repo, live, by }: CodeRef, quote: Quoter): string {
  const what = [sha?.slice(0, 12), name && quote.line(name), url && quote.line(url)].filter(Boolean).join(' ');
  return `${ref_type} ${what}${repo ? ` in ${repo}` : ''} by ${by}${live ? '' : ', reached no more'}`;
}
