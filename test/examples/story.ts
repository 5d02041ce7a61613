import { readFileSync } from 'node:fs';

/** One line that somebody types or calls, and what is promised of its answer. */
export interface Step {
  /** Line of the page, for messages. */
  line: number;
  actor: string;
  place: string;
  /** A command line split into words, or a tool with its input. */
  does: { kind: 'command'; words: string[]; toFile?: string } | { kind: 'tool'; tool: string; input: string };
  /** JSON that the answer must hold at least. */
  answers: string[];
  exit: number | undefined;
  /** Names for parts of the answer: `LEXER` ← `task.id`. */
  keeps: { name: string; path: string }[];
}

const FENCE = /^```(\w*)\s*(.*)$/;
const ANSWERS = /^# answers (.+)$/;
const EXITS = /^# exits with (\d+)$/;
const KEEPS = /^# ([A-Z][A-Z0-9]*) = ([\w.]+)$/;

/**
 * The steps of a page: fenced blocks `sh <actor> <place>` hold command lines, `mcp <actor> <place>` tool calls
 * (`tool {json}`); the comments behind a line say what it answers. Blocks without actor and place are prose.
 */
export function readStory(file: string): Step[] {
  const steps: Step[] = [];
  let block: { kind: string; actor: string; place: string } | undefined;
  let inside = false;
  for (const [index, raw] of readFileSync(file, 'utf8').split(/\r?\n/).entries()) {
    const fence = FENCE.exec(raw);
    if (fence) {
      inside = !inside;
      const [actor, place] = fence[2]!.split(/\s+/);
      block = inside && actor && place ? { kind: fence[1]!, actor, place } : undefined;
      continue;
    }
    const text = raw.trim();
    if (!block || text === '') continue;
    const { actor, place } = block;
    if (!text.startsWith('#')) {
      steps.push({
        line: index + 1,
        actor,
        place,
        does: read(block.kind, text),
        answers: [],
        exit: undefined,
        keeps: [],
      });
      continue;
    }
    const step = steps.at(-1);
    const [answers, exits, keeps] = [ANSWERS.exec(text), EXITS.exec(text), KEEPS.exec(text)];
    if (!step) continue;
    if (answers) step.answers.push(answers[1]!);
    if (exits) step.exit = Number(exits[1]);
    if (keeps) step.keeps.push({ name: keeps[1]!, path: keeps[2]! });
  }
  return steps;
}

function read(kind: string, text: string): Step['does'] {
  if (kind === 'mcp') {
    const cut = text.indexOf(' ');
    return { kind: 'tool', tool: cut < 0 ? text : text.slice(0, cut), input: cut < 0 ? '{}' : text.slice(cut + 1) };
  }
  const words = wordsOf(text);
  const arrow = words.indexOf('>');
  if (arrow < 0) return { kind: 'command', words };
  return { kind: 'command', words: words.slice(0, arrow), toFile: words[arrow + 1]! };
}

/** Words as a POSIX shell splits them, quotes taken off; nothing is expanded here. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (const char of text) {
    if (quote !== '') {
      if (char === quote) quote = '';
      else word += char;
    } else if (char === "'" || char === '"') {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (quote !== '') throw new Error(`a quote is open in: ${text}`);
  return word === undefined ? words : [...words, word];
}

/** `$NAME` in a text by what was kept under the name. @throws Error for a name that nothing was kept under */
export function filled(text: string, kept: ReadonlyMap<string, string>): string {
  return text.replace(/\$([A-Z][A-Z0-9]*)/g, (_all, name: string) => {
    const value = kept.get(name);
    if (value === undefined) throw new Error(`nothing is kept as ${name}`);
    return value;
  });
}

/** The part of an answer at `task.id`, `decisions.0.id`. */
export function partOf(answer: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], answer);
}

/** Where `answer` does not hold what is wanted; undefined when it does. Arrays hold the wanted items in order, perhaps with others. */
export function lacks(answer: unknown, wanted: unknown, path = 'answer'): string | undefined {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(answer)) return `${path} is no list`;
    let from = 0;
    for (const item of wanted) {
      const at = answer.findIndex((one, index) => index >= from && lacks(one, item) === undefined);
      if (at < 0) return `${path} has no ${JSON.stringify(item)}`;
      from = at + 1;
    }
    return undefined;
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof answer !== 'object' || answer === null) return `${path} is no object`;
    for (const [key, value] of Object.entries(wanted)) {
      const found = lacks((answer as Record<string, unknown>)[key], value, `${path}.${key}`);
      if (found) return found;
    }
    return undefined;
  }
  if (typeof wanted === 'string' && wanted.startsWith('~')) {
    return String(answer).includes(wanted.slice(1))
      ? undefined
      : `${path} does not say ${JSON.stringify(wanted.slice(1))}`;
  }
  return answer === wanted ? undefined : `${path} is ${JSON.stringify(answer)}, not ${JSON.stringify(wanted)}`;
}
