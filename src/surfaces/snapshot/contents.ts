import { line } from './text.ts';

/** A page as the index lists it. */
export interface Listed {
  kind: string;
  /** From the folder of the snapshot. */
  file: string;
  id: string;
  title: string;
  status?: string;
}

/** Rows of one list: the rest is in the folder. */
const MAX_ROWS = 2_000;
const OVER = new Set(['done', 'cancelled', 'acknowledged', 'answered', 'completed', 'archived']);

/** The first page: what there is, with what is going on before what is over. */
export function contentsOf(
  { ledger, tip, landed }: { ledger: string; tip: string; landed: string },
  pages: readonly Listed[],
): string {
  const lines = [
    `# Ledger ${ledger}`,
    '',
    `The state at ${tip} (last entry landed ${landed}), as \`ledgenter snapshot\` wrote it. Nobody reads it back: change the`,
    'ledger, and write it anew.',
    '',
    '| records | number |',
    '|---|---|',
  ];
  const kinds = new Map<string, Listed[]>();
  for (const page of pages) kinds.set(page.kind, [...(kinds.get(page.kind) ?? []), page]);
  const names = [...kinds.keys()].sort();
  for (const kind of names) lines.push(`| ${kind} | ${kinds.get(kind)!.length} |`);
  for (const kind of names) {
    const own = kinds.get(kind)!;
    const open = own.filter(({ status }) => status === undefined || !OVER.has(status));
    lines.push('', `## ${kind}`, '');
    const rows = [...open].sort(byStatus).slice(0, MAX_ROWS);
    for (const { file, id, title, status } of rows)
      lines.push(`- ${status ? `${status} ` : ''}[${id}](${file}) ${line(title)}`.trimEnd());
    const rest = own.length - rows.length;
    if (rest > 0) lines.push(`- ${rest} more in \`${own[0]!.file.split('/')[0]}/\``);
  }
  return `${lines.join('\n')}\n`;
}

function byStatus(a: Listed, b: Listed): number {
  const [one, two] = [`${a.status ?? ''} ${a.id}`, `${b.status ?? ''} ${b.id}`];
  return one < two ? -1 : 1;
}
