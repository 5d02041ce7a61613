import { refuse } from '../../../kernel/operation.ts';
import { MAX_ITEMS } from './channels.ts';
import type { Item, Reader } from './item.ts';

const HINT = "a header row 'ref,title', then one row an ask; fields with commas or line breaks in double quotes";
const NAMES = {
  ref: ['ref', 'reference', 'origin_ask_ref', 'url'],
  title: ['title', 'subject', 'summary'],
  body: ['body', 'description', 'text'],
} as const;

/** A table with a header row, as RFC 4180 writes it. */
export const csv: Reader = text => {
  const [header, ...rows] = rowsOf(text.replace(/^\uFEFF/, ''));
  const names = (header?.fields ?? []).map(name => name.trim().toLowerCase());
  const column = (known: readonly string[]): number => known.map(name => names.indexOf(name)).find(at => at >= 0) ?? -1;
  const [ref, title, body] = [column(NAMES.ref), column(NAMES.title), column(NAMES.body)];
  if (ref < 0 || title < 0) refuse('BAD_INPUT', 'the first row names no columns ref and title', { hint: HINT });
  return rows.map(({ line, fields }): Item => {
    const at = `row at line ${line}`;
    if (fields.length !== names.length)
      return { at, problem: `has ${fields.length} fields, and the header names ${names.length}` };
    return {
      at,
      ref: fields[ref]!.trim() || undefined,
      title: fields[title],
      body: body < 0 ? undefined : fields[body],
    };
  });
};

interface Row {
  /** The line that it begins in. */
  line: number;
  fields: string[];
}

function rowsOf(text: string): Row[] {
  const rows: Row[] = [];
  let row: Row = { line: 1, fields: [] };
  let line = 1;
  let at = 0;
  const endRow = (): void => {
    if (row.fields.length > 1 || row.fields[0] !== '') rows.push(row);
    if (rows.length > MAX_ITEMS + 1)
      refuse('TOO_LARGE', `the table has more than ${MAX_ITEMS} rows`, { hint: 'split the file' });
    row = { line, fields: [] };
  };
  while (at < text.length || row.fields.length > 0) {
    let field = '';
    if (text[at] === '"') {
      const begun = line;
      const end = endOfQuoted(text, at + 1);
      if (end === undefined) refuse('BAD_INPUT', `line ${begun}: a quoted field does not end`, { hint: HINT });
      field = text.slice(at + 1, end).replaceAll('""', '"');
      line += field.split('\n').length - 1;
      at = end + 1;
      if (at < text.length && !/[,\r\n]/.test(text[at]!))
        refuse('BAD_INPUT', `line ${line}: something stands behind a quoted field`, { hint: HINT });
    } else {
      const from = at;
      while (at < text.length && !/[,\r\n]/.test(text[at]!)) at++;
      field = text.slice(from, at);
      if (field.includes('"')) refuse('BAD_INPUT', `line ${line}: a quote stands within a field`, { hint: HINT });
    }
    row.fields.push(field);
    if (text[at] === ',') {
      at++;
      continue;
    }
    if (text.startsWith('\r\n', at)) at += 2;
    else if (at < text.length) at++;
    line++;
    endRow();
    if (at >= text.length) break;
  }
  return rows;
}

/** Where the quote stands that ends a field; undefined when none does. */
function endOfQuoted(text: string, from: number): number | undefined {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at;
  return undefined;
}
