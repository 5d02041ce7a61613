import { stemmer } from 'stemmer';
import { IRREGULAR, STOP_WORDS } from './lexicon.ts';

/** Longest name that is kept whole, in characters. */
const MAX_WHOLE = 80;
/** Most parts of a name that are also kept run together (`time-out` → `timeout`). */
const MAX_JOINED = 3;
/** Runs remembered: bounds the memory of a long-lived process. */
const MAX_MEMO = 100_000;

/** Letters and digits, and the signs that hold a name together: `a.b`, `a_b`, `a-b`, `a/b`, `a::b`, `a@1`. */
const RUN = /[\p{L}\p{M}\p{N}]+(?:(?:[._\-/\\:@#+]|::|->|--)[\p{L}\p{M}\p{N}]+)*/gu;
const JOINER = /[._\-/\\:@#+>]+/;
/** Scripts that are written without spaces. */
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]{2,}$/u;

/** A word or name of a text with where it stands, and the terms that it is found by. */
export interface Word {
  start: number;
  end: number;
  terms: readonly string[];
  /** Stems of its parts in order, stop words too. */
  stems: readonly string[];
  /** A name of several parts: its terms are the whole and the parts. */
  name: boolean;
}

/**
 * The words of a text. A name of code is found whole, by its parts and by these run together: `parseInput`,
 * `time-out`, `src/parser/lexer.ts`, `ERR_NOT_FOUND`, `v1.2.3`.
 */
export function* wordsOf(text: string): Generator<Word> {
  for (const found of text.matchAll(RUN)) {
    const [run] = found;
    yield { start: found.index, end: found.index + run.length, ...known(run) };
  }
}

type Read = Omit<Word, 'start' | 'end'>;

const memo = new Map<string, Read>();

function known(run: string): Read {
  const kept = memo.get(run);
  if (kept) return kept;
  if (memo.size >= MAX_MEMO) memo.clear();
  const made = read(run);
  if (run.length <= MAX_WHOLE) memo.set(run, made);
  return made;
}

function read(run: string): Read {
  const plain = fold(run);
  const segments = plain.split(/[/\\]/).filter(Boolean);
  const out: string[] = [];
  const stems: string[] = [];
  if (JOINER.test(plain)) keepWhole(out, plain);
  for (const segment of segments) {
    const parts = segment.split(JOINER).filter(Boolean).flatMap(humps);
    if (segments.length > 1 && JOINER.test(segment)) keepWhole(out, segment);
    if (parts.length > 1 && parts.length <= MAX_JOINED) out.push(...termOf(parts.join('')));
    else if (parts.length > MAX_JOINED && !JOINER.test(segment)) keepWhole(out, segment);
    for (const part of parts) {
      out.push(...termOf(part));
      stems.push(stem(part.toLowerCase()));
    }
  }
  return { terms: [...new Set(out)], stems, name: stems.length > 1 };
}

function keepWhole(out: string[], name: string): void {
  if (name.length <= MAX_WHOLE) out.push(name.toLowerCase());
}

/** `parseHTTPInput2` → parse, HTTP, Input2; a code of letters and a long number is found by the number too. */
function humps(part: string): string[] {
  const parts = part.split(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u);
  const number = /^\p{L}+(\p{N}{3,})$/u.exec(part)?.[1];
  return number === undefined ? parts : [part, number];
}

/** One form for letters that people write in several ways: width, accents, the two spellings of an apostrophe. */
function fold(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : text.normalize('NFKD').replace(/\p{M}/gu, '');
}

/** The terms of one plain word: its stem, nothing for a stop word, pairs of letters for a script without spaces. */
function termOf(part: string): string[] {
  const word = part.toLowerCase();
  if (UNSPACED.test(word)) return pairs(word);
  return STOP_WORDS.has(word) || word.length > MAX_WHOLE ? [] : [stem(word)];
}

function pairs(word: string): string[] {
  const letters = [...word];
  return letters.slice(1).map((letter, at) => letters[at]! + letter);
}

/**
 * The stem of an English word, by Porter's algorithm (M. F. Porter, An algorithm for suffix stripping, Program 14(3),
 * 1980), after irregular verbs are made regular and British spellings American. Any rule that treats both sides of a
 * search alike will do; what counts is that forms of one word meet.
 */
export function stem(word: string): string {
  if (!/^[a-z]{3,}$/.test(word)) return word;
  const regular = IRREGULAR.get(word) ?? word;
  const spelled = regular
    .replace(/(?<=[a-z]{3})is(e[drs]?|ing|ations?)$/, 'iz$1')
    .replace(/(?<=[a-z]{3})our(s|ed|ing|al)?$/, 'or$1')
    .replace(/(?<=[a-z]{2}[aeiou])ll(ed|ing|er)$/, 'l$1')
    .replace(/(?<=[a-z]{3})yz(?=e|ing)/, 'ys');
  return stemmer(spelled);
}
