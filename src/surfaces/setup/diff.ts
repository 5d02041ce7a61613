/** Lines of context around a change. */
const CONTEXT = 2;
/** Cells of the table of common lines: above it the middle of a file counts as one change. */
const MAX_CELLS = 4_000_000;

interface Line {
  sign: ' ' | '-' | '+';
  text: string;
}

/** What changes from one text to another, with line numbers; empty when nothing does. */
export function diffOf(before: string | undefined, after: string | undefined): string[] {
  const lines = compare(linesOf(before), linesOf(after));
  const near = new Set<number>();
  for (const [at, { sign }] of lines.entries())
    if (sign !== ' ') for (let by = -CONTEXT; by <= CONTEXT; by++) near.add(at + by);
  const out: string[] = [];
  let old = 1;
  for (const [at, { sign, text }] of lines.entries()) {
    if (near.has(at)) {
      if (at === 0 || !near.has(at - 1)) out.push(`@@ line ${old} @@`);
      out.push(sign + text);
    }
    if (sign !== '+') old++;
  }
  return out;
}

function linesOf(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
}

function compare(old: string[], now: string[]): Line[] {
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const same = (text: string): Line => ({ sign: ' ', text });
  return [
    ...now.slice(0, head).map(same),
    ...middle(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...now.slice(now.length - tail).map(same),
  ];
}

/** The longest common lines stay, the rest is taken out and put in. */
function middle(old: string[], now: string[]): Line[] {
  const out: Line[] = [];
  const width = now.length + 1;
  const cells = (old.length + 1) * width;
  const common = new Uint32Array(cells <= MAX_CELLS ? cells : 0);
  if (common.length > 0)
    for (let a = old.length - 1; a >= 0; a--)
      for (let b = now.length - 1; b >= 0; b--)
        common[a * width + b] =
          old[a] === now[b]
            ? common[(a + 1) * width + b + 1]! + 1
            : Math.max(common[(a + 1) * width + b]!, common[a * width + b + 1]!);
  let a = 0;
  let b = 0;
  while (a < old.length || b < now.length) {
    if (common.length > 0 && a < old.length && b < now.length && old[a] === now[b]) {
      out.push({ sign: ' ', text: now[b]! });
      a++;
      b++;
    } else if (
      a < old.length &&
      (b >= now.length || common.length === 0 || common[(a + 1) * width + b]! >= common[a * width + b + 1]!)
    )
      out.push({ sign: '-', text: old[a++]! });
    else out.push({ sign: '+', text: now[b++]! });
  }
  return out;
}
