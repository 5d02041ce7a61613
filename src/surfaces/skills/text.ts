import type { Skill } from '../../rooms/skills/record.ts';

/**
 * The file of a skill as hosts read it (https://agentskills.io/specification). The description stands in JSON's quotes,
 * which YAML reads alike, so no text can end it or add a field: what a host lets a skill do beyond being read (tools,
 * hooks) no skill of a ledger can ask for.
 */
export function skillFile(slug: string, { description, body }: Pick<Skill, 'description' | 'body'>): string {
  const text = `---\nname: ${quoted(slug)}\ndescription: ${JSON.stringify(description)}\n---\n\n${body}`;
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** Words that YAML takes for numbers or truth values are quoted too; plain names stay plain. */
function quoted(slug: string): string {
  return /^[a-z][a-z0-9-]*$/.test(slug) && !/^(null|true|false|yes|no|on|off|y|n)$/.test(slug) ? slug : `"${slug}"`;
}

/**
 * True when the text has what Claude Code runs in a shell before any model reads it: `!` before a command in backticks,
 * or a block opened with ```! (https://code.claude.com/docs/en/skills, "Inject dynamic context").
 */
export function runsCommands(body: string): boolean {
  return /!`[^`\n]+`|^\s*(?:`{3,}|~{3,})!/m.test(body);
}

/** Lines of context around a change. */
const CONTEXT = 3;

/** What changes from one text to another, as lines that begin with a blank, `-` or `+`: one block, from the first to the last. */
export function diffLines(before: string | undefined, after: string | undefined): string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const from = Math.max(0, head - CONTEXT);
  return [
    `@@ line ${from + 1} @@`,
    ...now.slice(from, head).map(line => ` ${line}`),
    ...old.slice(head, old.length - tail).map(line => `-${line}`),
    ...now.slice(head, now.length - tail).map(line => `+${line}`),
    ...now.slice(now.length - tail, now.length - tail + CONTEXT).map(line => ` ${line}`),
  ];
}

function linesOf(text: string | undefined): string[] {
  return text === undefined ? [] : text.replace(/\n$/, '').split('\n');
}
