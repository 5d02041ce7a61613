import { canonicalReference } from '../../../kernel/intake.ts';
import { parseInstant } from '../../../kernel/time.ts';
import type { Dependency, Node } from '../common/links.ts';
import type { ImportReport, Tally } from '../common/report.ts';
import { mendAll } from '../common/texts.ts';

/** A line of the file that is an issue; fields of the wrong type count as absent. */
export interface Issue extends Node {
  fields: Record<string, unknown>;
}

export function textField(issue: Issue, name: string): string | undefined {
  const value = issue.fields[name];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Reads every line; what is no issue is told with its line number. Of two lines with one id the newest counts. */
export async function readIssues(
  lines: AsyncIterable<string> | Iterable<string>,
  project: string,
  tally: Tally<ImportReport>,
): Promise<Map<string, Issue>> {
  const issues = new Map<string, Issue>();
  let number = 0;
  for await (const text of lines) {
    number++;
    if (text.trim() === '') continue;
    tally.report.lines++;
    const issue = readIssue(text, number, project, tally);
    if (!issue) {
      tally.report.skipped.lines++;
      continue;
    }
    const other = issues.get(issue.id);
    if (other) {
      tally.report.skipped.lines++;
      tally.tell('repeated_id', { line: number, issue: issue.id, detail: `also on line ${other.line}` });
      const older = age(other) > age(issue);
      // Dependencies of a line that does not count are accounted for too.
      for (const { type } of (older ? issue : other).dependencies) tally.skip(type);
      if (older) continue;
    }
    issues.set(issue.id, issue);
  }
  return issues;
}

const age = (issue: Issue): string => parseInstant(textField(issue, 'updated_at') ?? '') ?? '';

function readIssue(text: string, line: number, project: string, tally: Tally<ImportReport>): Issue | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    tally.tell('bad_line', { line, detail: 'not JSON' });
    return undefined;
  }
  let broken = false;
  const fields = mendAll(value, () => {
    broken = true;
  }) as Record<string, unknown>;
  const id = fields?.id;
  if (fields === null || typeof fields !== 'object' || Array.isArray(fields) || typeof id !== 'string') {
    tally.tell('bad_line', { line, detail: 'no object with an id' });
    return undefined;
  }
  const reference = canonicalReference(`beads:${project}/${id}`);
  if (!('ref' in reference) || reference.ref !== `beads:${project}/${id}`) {
    tally.tell('bad_id', { line, issue: id.slice(0, 80) });
    return undefined;
  }
  if (broken) tally.tell('mended', { line, issue: id });
  return { line, id, ref: reference.ref, fields, dependencies: readDependencies(fields, line, id, tally) };
}

function readDependencies(
  fields: Record<string, unknown>,
  line: number,
  issue: string,
  tally: Tally<ImportReport>,
): Dependency[] {
  const list = Array.isArray(fields.dependencies) ? fields.dependencies : [];
  const out: Dependency[] = [];
  for (const item of list) {
    const { type, depends_on_id: target, issue_id: owner } = (item ?? {}) as Record<string, unknown>;
    const kind = typeof type === 'string' && type !== '' ? type.slice(0, 64) : 'unknown';
    if (typeof target === 'string' && target !== '' && kind !== 'unknown' && (owner ?? issue) === issue) {
      out.push({ type: kind, target });
      continue;
    }
    tally.skip(kind);
    tally.tell('bad_dependency', { line, issue, detail: JSON.stringify(item)?.slice(0, 200) ?? '' });
  }
  return out;
}
