import type { Item, Reader } from './item.ts';
import { bytesOf, decodeWords, fromBase64, fromQuoted, inCharset } from './mime.ts';

/** Longest head of a message, in UTF-16 units, and most parts of one that are looked at. */
const MAX_HEAD = 262_144;
const MAX_PARTS = 50;

/** A message as RFC 5322 has it (`.eml`), or several in one file as `mbox` strings them together. */
export const mail: Reader = text => {
  const lf = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  if (!lf.startsWith('From ')) return [message('', lf)];
  const parts = lf.split(/(?:^|\n\n)From [^\n]*\n/).slice(1);
  return parts.map((part, index) => message(parts.length === 1 ? '' : `message ${index + 1}`, part));
};

type Head = ReadonlyMap<string, string>;

function message(at: string, text: string): Item {
  const { head, body } = parted(text.replace(/^\n+/, ''));
  if (head.size === 0) return { at, problem: 'is no message: it begins with no header' };
  const id = /<([^<>\s]{3,998})>/.exec(head.get('message-id') ?? '')?.[1];
  const subject = head.get('subject');
  return {
    at,
    ref: id === undefined ? undefined : `email:<${id}>`,
    title: subject === undefined ? undefined : decodeWords(subject),
    body: bodyOf(head, body),
  };
}

/** Head and body; of a field that stands there twice the first counts. Folded lines are one (RFC 5322, 2.2.3). */
function parted(text: string): { head: Head; body: string } {
  const end = text.indexOf('\n\n');
  const lines = text
    .slice(0, Math.min(end < 0 ? text.length : end, MAX_HEAD))
    .replace(/\n(?=[ \t])/g, '')
    .split('\n');
  const head = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([!-9;-~]{1,76})[ \t]*:(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const key = name.toLowerCase();
    if (!head.has(key)) head.set(key, value!.trim());
  }
  return { head, body: end < 0 ? '' : text.slice(end + 2) };
}

/** The plain text of a message; nothing of one that has only HTML. */
function bodyOf(head: Head, body: string, depth = 0): string | undefined {
  const type = head.get('content-type') ?? 'text/plain';
  const boundary = /^multipart\//i.test(type) ? parameter(type, 'boundary') : undefined;
  if (boundary !== undefined && depth < 3) {
    const parts = `\n${body}`.split(`\n--${boundary}`, MAX_PARTS).slice(1);
    for (const part of parts) {
      if (part.startsWith('--')) break;
      const inner = parted(part.replace(/^[^\n]*\n/, ''));
      const text = bodyOf(inner.head, inner.body, depth + 1);
      if (text !== undefined) return text;
    }
    return undefined;
  }
  if (!/^text\/plain\b/i.test(type)) return undefined;
  const text = body.slice(0, 65_536);
  const charset = parameter(type, 'charset') ?? 'utf-8';
  switch ((head.get('content-transfer-encoding') ?? '').trim().toLowerCase()) {
    case 'base64':
      return inCharset(fromBase64(text), charset);
    case 'quoted-printable':
      return inCharset(fromQuoted(text), charset);
    default:
      return /^[\0-\u00ff]*$/.test(text) && /^iso-8859|^windows-/i.test(charset)
        ? inCharset(bytesOf(text), charset)
        : text;
  }
}

function parameter(value: string, name: string): string | undefined {
  const found = new RegExp(`;[ \\t]*${name}[ \\t]*=[ \\t]*(?:"([^"]{1,200})"|([^\\s;"]{1,200}))`, 'i').exec(value);
  return found?.[1] ?? found?.[2];
}
