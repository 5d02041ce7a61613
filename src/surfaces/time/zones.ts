import type { Zones } from '../../rooms/sessions/ports.ts';

const HOUR_MS = 3_600_000;
/** No zone's day begins further than this from midnight UTC of the same date. */
const FAR_MS = 16 * HOUR_MS;

const dates = new Map<string, Intl.DateTimeFormat>();

function dateFormat(zone: string): Intl.DateTimeFormat {
  let format = dates.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    dates.set(zone, format);
  }
  return format;
}

/** What the wall calendar of a zone shows at an instant. */
function shownAt(ms: number, zone: string): string {
  const parts = new Map(
    dateFormat(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.get('year')!.padStart(4, '0')}-${parts.get('month')}-${parts.get('day')}`;
}

const shifted = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 24 * HOUR_MS).toISOString().slice(0, 10);

/** Days by the time zones that come with Node (IANA), with the days on which clocks are changed. */
export function makeZones(): Zones {
  const starts = new Map<string, number>();
  /** First instant at which the calendar shows the day or a later one. */
  const startOf = (day: string, zone: string): number => {
    const key = `${zone} ${day}`;
    const known = starts.get(key);
    if (known !== undefined) return known;
    const utc = Date.parse(`${day}T00:00:00Z`);
    let [before, after] = [utc - FAR_MS, utc + FAR_MS];
    while (after - before > 1) {
      const at = Math.floor((before + after) / 2);
      if (shownAt(at, zone) >= day) after = at;
      else before = at;
    }
    starts.set(key, after);
    return after;
  };
  return {
    local: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
    knows(zone) {
      try {
        dateFormat(zone);
        return true;
      } catch {
        return false;
      }
    },
    startOf,
    dayOf(ms, zone) {
      let day = shownAt(ms, zone);
      // Where a clock goes back over midnight the calendar shows a day twice: what counts is between which midnights it is.
      while (ms < startOf(day, zone)) day = shifted(day, -1);
      while (ms >= startOf(shifted(day, 1), zone)) day = shifted(day, 1);
      return day;
    },
  };
}
