import type { Session } from './ports.ts';

/** From (included) and until (excluded), ms since the epoch. */
export type Span = readonly [from: number, until: number];

export const length = (spans: readonly Span[]): number => spans.reduce((sum, [from, until]) => sum + until - from, 0);

/** The parts of spans that are inside of another. */
export function within(spans: readonly Span[], [from, until]: Span): Span[] {
  return spans.map(([a, b]): Span => [Math.max(a, from), Math.min(b, until)]).filter(([a, b]) => a < b);
}

/** Spans without what `holes` cover. */
export function without(spans: readonly Span[], holes: readonly Span[]): Span[] {
  let left = [...spans];
  for (const [from, until] of holes) {
    if (from >= until) continue;
    left = left.flatMap(([a, b]): Span[] => {
      const parts: Span[] = [
        [a, Math.min(b, from)],
        [Math.max(a, until), b],
      ];
      return parts.filter(([x, y]) => x < y);
    });
  }
  return left;
}

/** The same time with every moment in it once, in order. */
export function union(spans: readonly Span[]): Span[] {
  const out: [number, number][] = [];
  for (const [from, until] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], until);
    else if (from < until) out.push([from, until]);
  }
  return out;
}

/** Spans in order, shortened by `ms` from their end. */
export function trimmed(spans: readonly Span[], ms: number): Span[] {
  const out = [...spans];
  for (let rest = ms; rest > 0 && out.length > 0; ) {
    const [from, until] = out.pop()!;
    if (until - from > rest) out.push([from, until - rest]);
    rest -= until - from;
  }
  return out;
}

/** What one session comes to, as of `now`. */
export interface Measured {
  /** When it began, and when it ended or, while it is open, `now`. */
  span: Span;
  open: boolean;
  /** Rests at this moment. */
  resting: boolean;
  ended?: Session['ended'];
  /** What was worked: the session without its rests. */
  worked: Span[];
  /** What of it counts once corrections took away what they take. */
  counted: Span[];
  /** What corrections add, in ms; it has no place in time, and stands at the end of the session. */
  added: number;
}

/** A session without an end in the book is open until its lease is over, and ended by then. */
export function measure(session: Session, now: number): Measured {
  const from = Date.parse(session.started_at);
  const lease = Date.parse(session.lease_until);
  const open = session.ended_at === undefined && lease > now;
  const end = open ? now : Date.parse(session.ended_at ?? session.lease_until);
  const span: Span = [from, Math.max(from, end)];
  const holes = session.rests.map(
    (rest): Span => [Date.parse(rest.from), rest.until === undefined ? span[1] : Date.parse(rest.until)],
  );
  const worked = without(span[0] < span[1] ? [span] : [], holes);
  const change = session.corrections.reduce((sum, { minutes }) => sum + minutes, 0) * 60_000;
  const ended = session.ended ?? (open ? undefined : ('expired' as const));
  return {
    span,
    open,
    resting: open && session.rests.some(({ until }) => until === undefined),
    ...(ended === undefined ? {} : { ended }),
    worked,
    counted: change < 0 ? trimmed(worked, -change) : worked,
    added: Math.max(0, change),
  };
}
