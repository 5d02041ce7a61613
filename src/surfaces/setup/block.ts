import { LedgerError } from '../../kernel/errors.ts';
import type { Bytes } from './bytes.ts';
import { bytesOf, textOf } from './text.ts';

const BEGIN = '<!-- ledgenter:begin -->';
const END = '<!-- ledgenter:end -->';

/** Lines of a marked block, with its marks. */
export function blockOf(lines: readonly string[]): string[] {
  return [BEGIN, ...lines, END];
}

/** The Markdown file with the block in it: where one is already, else at its end. */
export function applyBlock(file: string, bytes: Bytes, lines: readonly string[]): Buffer {
  const { text, bom, eol } = textOf(bytes, file);
  const block = blockOf(lines).join(eol);
  const found = find(text, file);
  if (found) return bytesOf({ text: text.slice(0, found.from) + block + text.slice(found.to), bom });
  const gap = text === '' || text.endsWith(eol + eol) ? '' : text.endsWith('\n') ? eol : eol + eol;
  return bytesOf({ text: text + gap + block + eol, bom });
}

export function hasBlock(file: string, bytes: Bytes): boolean {
  return find(textOf(bytes, file).text, file) !== undefined;
}

/** The file without the block and the blank line before it. */
export function withdrawBlock(file: string, bytes: Buffer): Buffer {
  const { text, bom, eol } = textOf(bytes, file);
  const found = find(text, file);
  if (!found) return bytes;
  let { from, to } = found;
  if (text.startsWith(eol, to)) to += eol.length;
  if (text.slice(0, from).endsWith(eol + eol)) from -= eol.length;
  return bytesOf({ text: text.slice(0, from) + text.slice(to), bom });
}

/** @throws LedgerError BAD_INPUT when a mark stands alone or twice: nobody can say what is ours then */
function find(text: string, file: string): { from: number; to: number } | undefined {
  const from = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (from < 0 && end < 0) return undefined;
  const once = from === text.lastIndexOf(BEGIN) && end === text.lastIndexOf(END);
  if (from >= 0 && end > from && once) return { from, to: end + END.length };
  const line = text.slice(0, Math.max(0, Math.max(from, end))).split('\n').length;
  throw new LedgerError(
    'BAD_INPUT',
    `${file}, line ${line}: the marks of ledgenter's block do not pair; it was left alone`,
    {
      hint: `make it one ${BEGIN} … ${END}, or take both away`,
      details: { file, line },
    },
  );
}
