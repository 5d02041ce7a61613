import { LedgerError } from '../../kernel/errors.ts';
import type { Bytes } from './bytes.ts';

const BOM = '\uFEFF';

/** A text file as a person keeps it. */
export interface Text {
  /** Without the byte order mark. */
  text: string;
  bom: boolean;
  eol: '\n' | '\r\n';
}

/** @throws LedgerError BAD_INPUT when the file is no UTF-8 */
export function textOf(bytes: Bytes, file: string): Text {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes ?? Buffer.alloc(0));
  } catch {
    throw new LedgerError('BAD_INPUT', `${file} is no UTF-8 text; it was left alone`, { hint: 'save it as UTF-8' });
  }
  const bom = text.startsWith(BOM);
  if (bom) text = text.slice(1);
  return { text, bom, eol: /\r\n/.test(text) ? '\r\n' : '\n' };
}

export function bytesOf({ text, bom }: Pick<Text, 'text' | 'bom'>): Buffer {
  return Buffer.from(`${bom ? BOM : ''}${text}`, 'utf8');
}

/** 1-based. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** A file that cannot be read as what it should be is never written. */
export function unreadable(file: string, line: number, why: string): LedgerError {
  return new LedgerError('BAD_INPUT', `${file}, line ${line}: ${why}; it was left alone`, {
    hint: `mend line ${line}, then run the same command again`,
    details: { file, line },
  });
}
