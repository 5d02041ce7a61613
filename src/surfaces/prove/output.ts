import { createHash, type Hash } from 'node:crypto';
import { replaceRoot } from '../../kernel/redact/root.ts';
import { PLACEHOLDER } from '../../kernel/redact/rule.ts';
import { HOME } from '../../kernel/redact/rules/home.ts';
import { redactText } from '../../kernel/redact/text.ts';
import { MAX_TAIL } from '../../rooms/tasks/proofs.ts';

/** Bytes of the end of an output that are looked through for secrets, so that none is met in its middle. */
const RING = 65_536;
/** Characters that show at the beginning of what was kept of a longer output: they may be the rest of a secret (a key takes 6,400). */
const EDGE = 8_192;
/** Longest placeholder, in characters. */
const PLACEHOLDER_LENGTH = 76;
const [ESC, BEL] = [27, 7].map(code => String.fromCharCode(code));
/** ECMA-48 control sequences (colours, cursor) and operating system commands (titles, links). */
const SEQUENCES = new RegExp(
  `${ESC}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\\\)?|[ -/]*[0-~])`,
  'g',
);
/** What does not show but line feed and tab: it could part a secret in two, or act on a terminal. */
const HIDDEN = /(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** What a program prints, however much: its digest, its length, its end. Memory stays the same. */
export class Output {
  readonly #hash: Hash = createHash('sha256');
  readonly #ring = Buffer.alloc(RING);
  bytes = 0;

  add(chunk: Buffer): void {
    this.#hash.update(chunk);
    const kept = chunk.subarray(-RING);
    const at = (this.bytes + chunk.length - kept.length) % RING;
    const first = kept.copy(this.#ring, at);
    kept.copy(this.#ring, 0, first);
    this.bytes += chunk.length;
  }

  /** SHA-256 of all of it, in hex; asked for once, at the end. */
  digest(): string {
    return this.#hash.digest('hex');
  }

  /** Whether more was printed than {@link end} gives. */
  get cut(): boolean {
    return this.bytes > RING;
  }

  /** The last {@link RING} bytes. */
  end(): Buffer {
    const at = this.bytes % RING;
    return this.bytes <= RING
      ? this.#ring.subarray(0, this.bytes)
      : Buffer.concat([this.#ring.subarray(at), this.#ring.subarray(0, at)]);
  }
}

/** Paths of this machine that a check may print. */
export interface Paths {
  /** Of the checkout, in every spelling; they become `[repo]`. */
  roots: readonly string[];
  /** They become `[home]`, wherever they lie. */
  homes: readonly string[];
}

/**
 * The end of an output as a record may keep it: text that shows, without secrets and paths of this machine, of at most
 * {@link MAX_TAIL} bytes, from the beginning of a line where there is one.
 * @param cut something stood before `end` that was not kept
 */
export function tailOf(end: Buffer, paths: Paths, cut = false): { text: string; redacted: number } {
  const plain = end
    .toString('utf8')
    .replace(/\r\n?/g, '\n')
    .replace(SEQUENCES, '')
    .replace(HIDDEN, '')
    .normalize('NFC')
    .trimEnd();
  const clean = redacted(plain, paths);
  let { text, count } = cut ? { ...clean, text: behindEdge(clean.text) } : clean;
  // A cut can make a secret of what was none, and its placeholder be longer.
  for (;;) {
    const shorter = lastBytes(text, MAX_TAIL);
    const again = redacted(shorter, paths);
    if (shorter === text && again.count === 0) return { text: shorter.trim() === '' ? '' : shorter, redacted: count };
    count += again.count;
    text = again.text;
  }
}

function redacted(text: string, { roots, homes }: Paths): { text: string; count: number } {
  let count = 0;
  const replaced = (): void => {
    count++;
  };
  let now = text;
  for (const root of longestFirst(roots)) now = replaceRoot(now, root, replaced);
  for (const home of longestFirst(homes)) now = replaceRoot(now, home, replaced, HOME);
  const clean = redactText(now);
  return { text: clean.text, count: count + clean.count };
}

/** One may lie in another. */
const longestFirst = (paths: readonly string[]) => [...new Set(paths)].sort((a, b) => b.length - a.length);

/** What follows the first words that may be cut: the beginning of a secret was not kept, so nobody knows it as one. */
function behindEdge(text: string): string {
  const blank = text.slice(EDGE, 2 * EDGE).search(/\s/);
  // A word that goes on and on is no secret.
  const from = blank < 0 ? 2 * EDGE : EDGE + blank + 1;
  return behindPlaceholder(text.slice(0, from), text.slice(from));
}

function lastBytes(text: string, most: number): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= most) return text;
  let from = bytes.length - most;
  // Not within a character.
  while ((bytes[from]! & 0xc0) === 0x80) from++;
  const cut = behindPlaceholder(bytes.subarray(0, from).toString('utf8'), bytes.subarray(from).toString('utf8'));
  const line = cut.indexOf('\n') + 1;
  return line > 0 && line < cut.length / 4 ? cut.slice(line) : cut;
}

/** `after`, without the rest of a placeholder that begins in `before`. */
function behindPlaceholder(before: string, after: string): string {
  const open = before.slice(-PLACEHOLDER_LENGTH).lastIndexOf('[');
  if (open < 0) return after;
  const begun = before.slice(-PLACEHOLDER_LENGTH).slice(open);
  const [whole] = PLACEHOLDER.exec(begun + after.slice(0, PLACEHOLDER_LENGTH)) ?? [''];
  return whole.length > begun.length ? after.slice(whole.length - begun.length) : after;
}
