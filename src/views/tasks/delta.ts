import { isId } from '../../kernel/ids.ts';
import type { Oid } from '../../store/port.ts';
import { checkText } from '../check.ts';
import { areCounts, type Counts } from './counts.ts';
import type { IndexRow } from './row.ts';
import type { Laid, Snapshot } from './snapshot.ts';

/** What changed between two tips, as one line of the file beside the base. */
interface Step {
  from: Oid;
  to: Oid;
  counts: Counts;
  /** [id, offset of the base line that it replaces or -1, row or null] */
  rows: [string, number, IndexRow | null][];
}

export function stepLine(from: Oid, to: Oid, counts: Counts, changes: ReadonlyMap<string, Laid>): string {
  const rows = [...changes].map(([id, { at, row }]): Step['rows'][number] => [id, at, row]);
  const json = JSON.stringify({ from, to, counts, rows } satisfies Step);
  return `${checkText(json)} ${json}\n`;
}

/**
 * Follows the steps from the base on, as far as `wanted` or else to the last. A step that does not begin where the one
 * before ended is a rival's repetition and is passed over. `damaged`: bytes that are no step; what is before them holds.
 */
export function follow(start: Snapshot, text: string, wanted: Oid): { snapshot: Snapshot; damaged: boolean } {
  let snapshot = start;
  const lines = text.split('\n');
  const torn = lines.pop() !== '';
  const laid = new Map<string, Laid>();
  let counts = start.counts;
  let tip = start.tip;
  let damaged = torn;
  for (const line of lines) {
    if (tip === wanted) break;
    const step = parseStep(line);
    if (!step) {
      damaged = true;
      break;
    }
    if (step.from !== tip) continue;
    for (const [id, at, row] of step.rows) laid.set(id, { at, row });
    tip = step.to;
    counts = step.counts;
  }
  if (tip !== start.tip) snapshot = start.with(tip, laid, counts);
  return { snapshot, damaged };
}

function parseStep(line: string): Step | undefined {
  const json = line.slice(9);
  if (line.slice(0, 9) !== `${checkText(json)} `) return undefined;
  try {
    const step = JSON.parse(json) as Step;
    const good = areCounts(step.counts) && step.rows.every(([id, at]) => isId('t', id) && Number.isInteger(at));
    return good ? step : undefined;
  } catch {
    return undefined;
  }
}
