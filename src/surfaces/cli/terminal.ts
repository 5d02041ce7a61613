/** How a text goes to a reader: a terminal of some width, or a pipe. */
export interface Style {
  /** Columns; Infinity where nothing is cut. */
  width: number;
  colour: boolean;
}

const ESC = String.fromCharCode(27);
const bidi = '\u202a-\u202e\u2066-\u2069';
/** Everything that moves a cursor, colours, or turns text around: C0 but tab and line feed, DEL, C1, bidi controls. */
const UNSAFE = new RegExp(`[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f${bidi}\\u2028\\u2029]`, 'g');

/** Text that others wrote, made harmless: a control character shows as its picture, CR LF as a line end. */
export function safeText(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(UNSAFE, char => {
    const code = char.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : '\ufffd';
  });
}

/** {@link safeText} on one line. */
export function safeLine(text: string): string {
  return safeText(text)
    .replace(/\s*\n\s*/g, ' ⏎ ')
    .replace(/\t/g, ' ');
}

/** JSON of a value, in which no character can act on a terminal; it parses to the same value. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const PLAIN = /^[\x20-\x7e]*$/;
let splitter: Intl.Segmenter | undefined;
/** UTF-16 units split at once: the time and memory of the splitter grow with the square of what it is given. */
const STEP = 256;

/** The characters of a line as a reader counts them; a cluster longer than {@link STEP} counts as several. */
function segments(text: string): string[] {
  splitter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  const out: string[] = [];
  let open = '';
  for (let at = 0; at < text.length; at += STEP) {
    const found = [...splitter.segment(open + text.slice(at, at + STEP))].map(({ segment }) => segment);
    // The last one may go on beyond this step.
    const last = found.pop() ?? '';
    const ends = at + STEP >= text.length || last.length > STEP;
    out.push(...found, ...(ends ? [last] : []));
    open = ends ? '' : last;
  }
  return out;
}

/** Columns that a line takes: East Asian wide characters and emoji two, combining marks none. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  return segments(text).reduce((sum, segment) => sum + (WIDE.test(segment) ? 2 : 1), 0);
}

/** Cuts a line to `width` columns, the last one an ellipsis. */
export function fit(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width <= 1) return '…'.slice(0, Math.max(0, width));
  let out = '';
  let used = 0;
  for (const segment of segments(text)) {
    const size = WIDE.test(segment) ? 2 : 1;
    if (used + size > width - 1) break;
    out += segment;
    used += size;
  }
  return `${out.trimEnd()}…`;
}

/** Fills a line with blanks up to `width` columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

export function bold(text: string, style: Style): string {
  return style.colour ? `${ESC}[1m${text}${ESC}[22m` : text;
}

export function dim(text: string, style: Style): string {
  return style.colour ? `${ESC}[2m${text}${ESC}[22m` : text;
}

/** Colour only where a person looks on and did not ask for none (https://no-color.org). */
export function styleOf(stream: { isTTY?: boolean; columns?: number }, env: Record<string, string | undefined>): Style {
  const terminal = stream.isTTY === true;
  const colour = terminal && !env.NO_COLOR && env.TERM !== 'dumb';
  return { width: terminal ? Math.max(40, stream.columns ?? 80) : Number.POSITIVE_INFINITY, colour };
}
