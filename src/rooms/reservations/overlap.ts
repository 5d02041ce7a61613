import { starMatches } from '../../kernel/star.ts';
import { covers } from '../decisions/paths.ts';

/** Steps that one judgement may take: 20 to 40 ms, whatever patterns anybody made up. */
export const MAX_STEPS = 4_000_000;

/** What is left to spend. At the end of it every answer is "they overlap": in doubt nobody is told that a path is free. */
export interface Budget {
  left: number;
}

export const newBudget = (left = MAX_STEPS): Budget => ({ left });

/** A path or pattern, folded and taken apart once. */
export interface Pattern {
  /** As it was written. */
  path: string;
  folded: string;
  /** Names as characters; undefined for `**`. */
  parts: (string[] | undefined)[];
  /** No wildcard in it. */
  plain: boolean;
}

/** Most paths, and the quick way. */
const ASCII = /^[ -~]*$/;

/**
 * The same text for all spellings that a file system without case takes for one: NFC, and each character folded by
 * itself, so that their number stays and `?` keeps its place.
 */
export function fold(path: string): string {
  if (ASCII.test(path)) return path.toLowerCase();
  let out = '';
  for (const letter of path.normalize('NFC')) out += foldLetter(letter);
  return out;
}

function foldLetter(letter: string): string {
  const upper = letter.toUpperCase();
  const lower = (isOne(upper) ? upper : letter).toLowerCase();
  return isOne(lower) ? lower : letter;
}

const isOne = (text: string): boolean => text.length === 1 || (text.length === 2 && [...text].length === 1);

export function patternOf(path: string): Pattern {
  const folded = fold(path);
  const parts = folded.split('/').map(part => (part === '**' ? undefined : [...part]));
  return { path, folded, parts, plain: !/[*?]/.test(folded) };
}

/** True when the pattern covers this file, given folded, or a folder that it lies in; its `*` and `?` are letters. */
export function matches(pattern: Pattern, folded: string, budget: Budget): boolean {
  if (pattern.plain) return folded === pattern.folded || folded.startsWith(`${pattern.folded}/`);
  budget.left -= pattern.folded.length * folded.length;
  return budget.left < 0 || covers(pattern.folded, folded);
}

/**
 * True when some file is covered by both, or when the budget ends before that is known. A pattern covers what it matches
 * and all below, so two overlap as soon as one of them is matched to its end: what the other still asks for may lie below.
 */
export function overlaps(a: Pattern, b: Pattern, budget: Budget): boolean {
  if (a.plain && b.plain) {
    budget.left--;
    return a.folded === b.folded || a.folded.startsWith(`${b.folded}/`) || b.folded.startsWith(`${a.folded}/`);
  }
  const width = b.parts.length + 1;
  const seen = new Uint8Array((a.parts.length + 1) * width);
  // Pairs of beginnings that the same names match, each looked at once.
  const open: [number, number][] = [[0, 0]];
  const reach = (i: number, j: number): void => {
    if (seen[i * width + j]) return;
    seen[i * width + j] = 1;
    open.push([i, j]);
  };
  for (let next = open.pop(); next; next = open.pop()) {
    const [i, j] = next;
    if (i === a.parts.length || j === b.parts.length || --budget.left < 0) return true;
    const [one, other] = [a.parts[i], b.parts[j]];
    if (!one) {
      reach(i + 1, j);
      reach(i, j + 1);
    }
    if (!other) {
      reach(i, j + 1);
      reach(i + 1, j);
    }
    if (one && other && namesMeet(one, other, budget)) reach(i + 1, j + 1);
  }
  return false;
}

const meets = (p: string | undefined, q: string | undefined): boolean => p === q || p === '?' || q === '?';

/** True when some name is matched by both: exact, for patterns of `*` and `?`. */
function namesMeet(p: string[], q: string[], budget: Budget): boolean {
  budget.left -= p.length + q.length;
  const [stars, others] = [p.includes('*'), q.includes('*')];
  if (stars && others) {
    // What stands between the stars of one fits into a star of the other: only the ends can contradict.
    return headsMeet(p, q) && headsMeet([...p].reverse(), [...q].reverse());
  }
  if (stars) return starMeets(p, q, budget);
  if (others) return starMeets(q, p, budget);
  return p.length === q.length && p.every((letter, at) => meets(letter, q[at]));
}

function headsMeet(p: string[], q: string[]): boolean {
  const length = Math.min(p.indexOf('*'), q.indexOf('*'));
  for (let at = 0; at < length; at++) if (!meets(p[at], q[at])) return false;
  return true;
}

/** A pattern with stars against one without; in doubt they meet. */
function starMeets(pattern: string[], name: string[], budget: Budget): boolean {
  return starMatches(pattern, name, meets, () => --budget.left >= 0) !== false;
}
