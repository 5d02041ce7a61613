/** RFC 3339 in UTC with milliseconds, the only form that is stored: `2026-01-31T09:00:00.000Z`. Sorts as text. */
export type Instant = string;

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DURATION = /^(\d{1,9})(ms|s|m|h|d)$/;
const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `ms` since the epoch → the stored form. */
export function instant(ms: number): Instant {
  return new Date(ms).toISOString();
}

/** The stored form → ms since the epoch; NaN when it is no time. */
export function epochMs(at: Instant): number {
  return Date.parse(at);
}

/** Any RFC 3339 time, whatever its offset → the stored form; undefined when it is none (or no such day). */
export function parseInstant(text: string): Instant | undefined {
  const match = RFC3339.exec(text.trim());
  if (!match) return undefined;
  if (!isDate(`${match[1]}-${match[2]}-${match[3]}`)) return undefined;
  const fraction = (match[7] ?? '.000').slice(0, 4).padEnd(4, '0');
  const iso = `${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}${fraction}${match[8]!.toUpperCase()}`;
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? undefined : instant(ms);
}

/** True for a calendar day `YYYY-MM-DD` that exists. */
export function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && instant(ms).slice(0, 10) === text;
}

/** `90s`, `15m`, `1h`, `2d`, `500ms` → milliseconds; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text.trim());
  return match ? Number(match[1]) * UNIT_MS[match[2]!]! : undefined;
}

/** Milliseconds → the shortest readable duration with at most two units: `1h 5m`, `42s`. */
export function formatDuration(ms: number): string {
  const units: [string, number][] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ];
  let rest = Math.max(0, Math.round(ms / 1000) * 1000);
  const out: string[] = [];
  for (const [name, size] of units) {
    const count = Math.floor(rest / size);
    if (count > 0 && out.length < 2) out.push(`${count}${name}`);
    else if (out.length > 0) break;
    rest -= count * size;
  }
  return out.join(' ') || '0s';
}
