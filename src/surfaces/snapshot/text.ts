import { redactText } from '../../kernel/redact/text.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;
const HASH = /^[0-9a-f]{40,64}$/;

/**
 * A text of a record as a page shows it: without control characters that would hide what stands there, and once more
 * through the redactor, because entries of other clones are not our redactor's.
 */
export function plain(text: string): string {
  const seen = text.replace(/\r\n?/g, '\n').replace(UNSEEN, '\ufffd');
  return HASH.test(seen) ? seen : redactText(seen).text;
}

/** In one line. Only what would begin a tag, a comment or a link is escaped: a word is found as it was written. */
export function line(text: string): string {
  return plain(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/<(?=[a-z/!?])/gi, '\\<')
    .replace(/\](?=[([:])/g, '\\]');
}

/** Somebody's text as a quotation: no heading, comment or fence in it reaches beyond. */
export function quote(text: string): string {
  return plain(text)
    .split('\n')
    .map(row => (row === '' ? '>' : `> ${row}`))
    .join('\n');
}
