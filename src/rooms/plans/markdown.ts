import type { Parts } from './fields.ts';

/** A part of a plan with a heading of its own in its file, and how the heading may be written. */
const SECTIONS = [
  { part: 'goal', heading: 'Goal', also: [] },
  { part: 'acceptance_criteria', heading: 'Criteria', also: ['acceptance criteria'] },
  { part: 'todos', heading: 'Todos', also: ['todo', 'to do', 'steps'] },
  { part: 'files', heading: 'Files', also: [] },
  { part: 'test_commands', heading: 'Test commands', also: ['commands', 'tests'] },
  { part: 'expected_outputs', heading: 'Expected outputs', also: ['expected output'] },
] as const;
type Part = (typeof SECTIONS)[number]['part'];

/** Whatever else a plan says; its heading is none of it. */
const NOTES = 'Notes';
export const ANSWERS_HEADING = '## Questions and answers';

const partOf = (heading: string): Part | undefined => {
  const name = heading.trim().toLowerCase().replace(/:$/, '');
  return SECTIONS.find(one => one.heading.toLowerCase() === name || (one.also as readonly string[]).includes(name))
    ?.part;
};
const headingOf = (line: string): string | undefined => /^##\s+(.*?)\s*#*$/.exec(line)?.[1];

/** A line of a text that would be read as a heading, or as one with a backslash before it, gets a backslash. */
const shielded = (text: string, when: (line: string) => boolean): string =>
  text
    .split('\n')
    .map(line => (/^\\+#/.test(line) || when(line) ? `\\${line}` : line))
    .join('\n');
const bared = (text: string): string => text.replace(/^\\(\\*#)/gm, '$1');

const isNotes = (heading: string): boolean => heading.toLowerCase() === NOTES.toLowerCase();
const isOwn = (heading: string): boolean => isNotes(heading) || partOf(heading) !== undefined;
const isOwnHeading = (line: string): boolean => isOwn(headingOf(line) ?? '');

interface Item {
  text: string;
  check?: string | undefined;
  hint?: string | undefined;
  optional?: boolean | undefined;
}

const code = (text: string): string => (text.includes('\n') ? text : `\`${text}\``);
const plain = (text: string): string => /^`([^\n]*)`$/.exec(text)?.[1] ?? text;

/** A line that would be read as something else than text within an item. */
const SPECIAL = /^\\*(?:check:|hint:|\(optional\)|\[[ x]\])/i;
const hidden = (line: string): string => (SPECIAL.test(line) ? `\\${line}` : line);
const shown = (line: string): string => (/^\\/.test(line) && SPECIAL.test(line) ? line.slice(1) : line);

function itemLines({ text, check, hint, optional }: Item): string[] {
  const [first = '', ...rest] = text.split('\n').map(hidden);
  const [how = '', ...more] = hint?.split('\n') ?? [];
  return [
    `- ${optional ? '(optional) ' : ''}${first}`,
    ...rest.map(line => (line === '' ? '' : `  ${line}`)),
    ...(check === undefined ? [] : [`  check: ${code(check)}`]),
    ...(hint === undefined ? [] : [`  hint: ${how}`, ...more.map(line => (line === '' ? '' : `    ${line}`))]),
  ];
}

/** A plan as a file that a person edits and {@link readPlan} reads back; what is not there yet is a placeholder. */
export function writePlan(title: string, parts: Parts): string {
  const {
    goal,
    body,
    acceptance_criteria = [],
    todos = [],
    files = [],
    test_commands = [],
    expected_outputs = [],
  } = parts;
  const coded = (texts: readonly string[]): Item[] => texts.map(text => ({ text: code(text) }));
  const lists: [string, readonly Item[], Item][] = [
    ['Criteria', acceptance_criteria, { text: '<what must hold>' }],
    ['Todos', todos, { text: '<step>', hint: '<how to see that it is done>' }],
    ['Files', coded(files), { text: '<path or pattern>' }],
    ['Test commands', coded(test_commands), { text: '<command>' }],
    ['Expected outputs', expected_outputs.map(text => ({ text })), { text: '<what it prints>' }],
  ];
  const first = headingOf(body?.split('\n', 1)[0] ?? '');
  const notes = first === undefined || isOwn(first) ? [`## ${NOTES}`, ''] : [];
  return [
    `# ${title.split('\n', 1)[0]}`,
    '',
    '## Goal',
    '',
    shielded(goal ?? '<what shall be so when this is done>', line => /^##?\s/.test(line)),
    '',
    ...lists.flatMap(([heading, items, empty]) => [
      `## ${heading}`,
      '',
      ...(items.length > 0 ? items : [empty]).flatMap(itemLines),
      '',
    ]),
    ...(body === undefined ? [] : [...notes, shielded(body, isOwnHeading), '']),
  ].join('\n');
}

/** What a plan's file says, or why it says none. Placeholders of an empty list are left out; all else is for `plan lint`. */
export function readPlan(file: string): { parts: Parts } | { problem: string } {
  const found = new Map<Part, string[]>();
  const other: string[] = [];
  let into = other;
  for (const line of file
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
    .split('\n')) {
    const heading = headingOf(line);
    const part = heading === undefined ? undefined : partOf(heading);
    if (part !== undefined) {
      if (found.has(part)) return { problem: `has the heading ${heading} twice` };
      into = [];
      found.set(part, into);
    } else if (heading !== undefined) {
      into = other;
      if (other.some(one => one.trim() !== '') || !isNotes(heading)) other.push(line);
    } else if (found.size > 0 || !/^#\s/.test(line)) into.push(line);
  }
  if (found.size === 0) return { problem: 'has none of the headings of a plan (## Goal, ## Criteria, ## Todos)' };
  const block = (lines: readonly string[] | undefined): string | undefined => {
    const text = bared((lines ?? []).join('\n'))
      .replace(/^(?:[ \t]*\n)+/, '')
      .trimEnd();
    return text === '' ? undefined : text;
  };
  const parts: Parts = {};
  const goal = block(found.get('goal'));
  const body = block(other);
  if (goal !== undefined) parts.goal = goal;
  if (body !== undefined) parts.body = body;
  for (const { part, heading } of SECTIONS) {
    const lines = found.get(part);
    if (part === 'goal' || !lines) continue;
    const items = readItems(lines);
    if (typeof items === 'string') return { problem: `says under ${heading} what is no item of a list: ${items}` };
    const kept = items.filter(({ text }) => !/^<[^<>]*>$/.test(text));
    if (part === 'acceptance_criteria')
      parts[part] = kept.map(({ text, check }) => ({ text, ...(check === undefined ? {} : { check }) }));
    else if (part === 'todos')
      parts[part] = kept.map(({ text, hint, optional }) => ({
        text,
        ...(hint === undefined ? {} : { hint }),
        ...(optional ? { optional } : {}),
      }));
    else parts[part] = kept.map(({ text }) => (part === 'expected_outputs' ? text : plain(text)));
  }
  return { parts };
}

/** The mark of an item, by which its further lines are set in, a box, and its text. */
const BULLET = /^((?:[-*+]|\d{1,4}[.)])\s+)(?:\[[ xX]\]\s+)?(.*)$/;

interface Open {
  text: string[];
  check?: string;
  hint?: string[];
  optional: boolean;
  /** Blanks before its further lines. */
  inset: number;
}

/** The items of a list, or the first line that belongs to none. */
function readItems(lines: readonly string[]): Item[] | string {
  const items: Open[] = [];
  for (const line of lines) {
    const item = items.at(-1);
    const [, mark = '', bullet] = BULLET.exec(line) ?? [];
    if (bullet !== undefined) {
      const optional = /^\(optional\)\s+/i.exec(bullet)?.[0];
      items.push({
        text: [shown(optional === undefined ? bullet : bullet.slice(optional.length))],
        optional: optional !== undefined,
        inset: mark.length,
      });
    } else if (line.trim() === '') (item?.hint ?? item?.text)?.push('');
    else if (!item || !/^\s/.test(line)) return line.trim().slice(0, 80);
    else addTo(item, line);
  }
  return items.map(({ text, check, hint, optional }) => ({
    text: text.join('\n').trimEnd(),
    ...(check === undefined ? {} : { check }),
    ...(hint === undefined ? {} : { hint: hint.join('\n').trimEnd() }),
    optional,
  }));
}

function addTo(item: Open, line: string): void {
  const within = (inset: number): string => line.slice(Math.min(inset, line.length - line.trimStart().length));
  if (item.hint) {
    item.hint.push(within(item.inset + 2));
    return;
  }
  const inner = within(item.inset);
  const [, key, value = ''] = /^(check|hint):\s*(.*)$/i.exec(inner) ?? [];
  if (key === undefined) item.text.push(shown(inner));
  else if (key.toLowerCase() === 'check') item.check = plain(value.trim());
  else item.hint = [value];
}

/** The body of a plan with these answers in the place of those that it had. */
export function withAnswers(body: string | undefined, answers: readonly string[]): string | undefined {
  const kept: string[] = [];
  let old = false;
  for (const line of body?.split('\n') ?? []) {
    if (headingOf(line) !== undefined) old = line.trim() === ANSWERS_HEADING;
    if (!old) kept.push(line);
  }
  const rest = kept.join('\n').trimEnd();
  if (answers.length === 0) return rest === '' ? undefined : rest;
  return [...(rest === '' ? [] : [rest, '']), ANSWERS_HEADING, '', ...answers].join('\n');
}
