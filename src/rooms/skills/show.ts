import { refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { cut } from '../lists.ts';
import { find } from '../lookup.ts';
import { type Skill, skillRecord, versionRecord } from './record.ts';

/** Characters of a body that are answered unless all of it is asked for. */
const SHOWN = 8_000;
/** Characters of a description in a list. */
const LISTED = 240;

/** A skill in a list: never its body. */
export function skillRow(skill: string, record: Skill): { skill: string } & Record<string, unknown> {
  const { version, description, updated_by, updated_at, archived } = record;
  return {
    skill,
    version,
    description: cut(description, LISTED) ?? description,
    updated_by,
    updated_at,
    ...(archived ? { archived: archived.at } : {}),
  };
}

/** @throws LedgerError NOT_FOUND */
export async function skillOf(view: View, skill: string): Promise<Skill> {
  const record = await find(view, skillRecord, skill);
  return record ?? refuse('NOT_FOUND', `there is no skill ${skill}`, { hint: 'ledgenter skill query' });
}

/**
 * A skill, or one of its versions, as an answer shows it.
 * @throws LedgerError NOT_FOUND
 */
export async function showSkill(
  view: View,
  skill: string,
  asked: { version?: number | undefined; full?: boolean | undefined; body?: boolean } = {},
): Promise<{ skill: Record<string, unknown> }> {
  const record = await skillOf(view, skill);
  const { body, description, hash, ...rest } = record;
  if (asked.body === false) return { skill: { skill, description, hash, ...rest } };
  const { version = record.version } = asked;
  if (version === record.version)
    return { skill: { skill, description, hash, ...rest, ...bodyOf(skill, body, asked) } };
  const old = await find(view, versionRecord, String(version), skill);
  if (!old)
    refuse('NOT_FOUND', `${skill} has no version ${version}; the last is ${record.version}`, {
      hint: `ledgenter skill get ${skill}`,
    });
  const { body: was, ...kept } = old;
  return { skill: { skill, version, latest: record.version, ...kept, ...bodyOf(skill, was, asked) } };
}

function bodyOf(
  skill: string,
  body: string,
  { full, version }: { version?: number | undefined; full?: boolean | undefined },
): Record<string, unknown> {
  const short = full ? undefined : cut(body, SHOWN);
  if (short === undefined) return { body };
  const number = version === undefined ? '' : ` --version ${version}`;
  return { body: short, truncated: true, whole: `ledgenter skill get ${skill}${number} --full` };
}

/** A skill as {@link showSkill} answers it, to be read as it is. */
export function asMarkdown({ skill, version, description, body, truncated, whole }: Record<string, unknown>): string {
  const rest = truncated ? `\n\nCut; the whole of it: \`${whole}\`` : '';
  return `# ${skill} (version ${version})\n\n${description}\n\n${body}${rest}\n`;
}
