import { createHash, type Hash } from 'node:crypto';
import { redactText } from '../../kernel/redact/text.ts';
import { MAX_TAIL } from '../../rooms/tasks/proofs.ts';

/** Bytes of the end of an output that are looked through for secrets, so that none is met in its middle. */
const RING = 65_536;
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

  /** The last {@link RING} bytes. */
  end(): Buffer {
    const at = this.bytes % RING;
    return this.bytes <= RING
      ? this.#ring.subarray(0, this.bytes)
      : Buffer.concat([this.#ring.subarray(at), this.#ring.subarray(0, at)]);
  }
}

/**
 * The end of an output as a record may keep it: text that shows, without secrets and paths of this machine, of at most
 * {@link MAX_TAIL} bytes, from the beginning of a line where there is one.
 * @param root of the checkout, which becomes `[repo]`
 */
export function tailOf(end: Buffer, root: string): { text: string; redacted: number } {
  const plain = end
    .toString('utf8')
    .replace(/\r\n?/g, '\n')
    .replace(SEQUENCES, '')
    .replace(HIDDEN, '')
    .normalize('NFC')
    .trimEnd();
  let { text, count: redacted } = redactText(plain, { root });
  // A cut can make a secret of what was none, and its placeholder be longer.
  for (;;) {
    const cut = lastBytes(text, MAX_TAIL);
    const again = redactText(cut, { root });
    if (cut === text && again.count === 0) return { text: cut.trim() === '' ? '' : cut, redacted };
    redacted += again.count;
    text = again.text;
  }
}

function lastBytes(text: string, most: number): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= most) return text;
  let from = bytes.length - most;
  // Not within a character.
  while ((bytes[from]! & 0xc0) === 0x80) from++;
  const cut = bytes.subarray(from).toString('utf8');
  const line = cut.indexOf('\n') + 1;
  return line > 0 && line < cut.length / 4 ? cut.slice(line) : cut;
}
