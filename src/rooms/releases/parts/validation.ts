import { cut } from '../../lists.ts';
import { inline } from '../../markdown.ts';
import { roundsOf } from '../../validation/gate.ts';
import { waiverRecord } from '../../validation/record.ts';
import { definePart, MAX_ITEMS, MAX_TEXT } from './part.ts';

interface Validated {
  result?: string;
  summary?: string;
  by?: string;
  waived?: { what: string; reason: string; by: string }[];
}

/** The last word of its validation, and what a person waived. */
export const validation = definePart<Validated>({
  key: 'validation',
  async read(view, id) {
    const last = (await roundsOf(view, id)).at(-1);
    const waivers = (await view.all(waiverRecord, id)).sort((a, b) =>
      a.record.at + a.id < b.record.at + b.id ? -1 : 1,
    );
    if (!last && waivers.length === 0) return undefined;
    const waived = waivers.slice(0, MAX_ITEMS).map(({ record: { criterion, required_task_id, reason, by } }) => ({
      what: criterion ?? required_task_id ?? 'something',
      reason: cut(reason, MAX_TEXT) ?? reason,
      by,
    }));
    return {
      ...(last ? { result: last.result, summary: cut(last.summary, MAX_TEXT) ?? last.summary, by: last.by } : {}),
      ...(waived.length > 0 ? { waived } : {}),
    };
  },
  lines: ({ result, summary = '', by, waived = [] }) => [
    ...(result === undefined ? [] : [`validation ${result}: ${inline(summary)} (${by})`]),
    ...waived.map(({ what, reason, by: who }) => `waived ${what}: ${inline(reason)} (${who})`),
  ],
});
