import * as z from 'zod/mini';
import { defineOperation } from '../../kernel/operation.ts';
import { epochMs } from '../../kernel/time.ts';
import { graceOf } from '../ledger/grace.ts';
import { cut } from '../lists.ts';
import { handoffId } from './fields.ts';
import { nextFor } from './show.ts';
import { isExpired } from './who.ts';
import { needHandoff } from './write.ts';

const LONG = ['body', 'context', 'answer', 'acknowledgement'] as const;

export const get = defineOperation({
  name: 'handoff.get',
  kind: 'read',
  summary: 'One handoff with what it asks, its context and its answer; full gives long texts uncut',
  input: () => z.strictObject({ handoff_id: handoffId(), full: z.optional(z.boolean()) }),
  positional: 'handoff_id',
  resource: {
    uri: 'ledgenter://handoff/{handoff_id}',
    title: 'Handoff',
    list: { operation: 'handoff.query', input: { inbox: true } },
  },
  examples: [{ cli: 'ledgenter handoff get <handoff_id>', says: 'read it before you answer' }],
  async query({ view, who, now }, { handoff_id: id, full }) {
    const handoff = await needHandoff(view, id);
    const { created_by, hold, ...rest } = handoff;
    const texts: Record<string, string> = {};
    let truncated = false;
    for (const name of LONG) {
      const text = handoff[name];
      const short = text === undefined || full ? undefined : cut(text);
      if (short !== undefined) truncated = true;
      if (text !== undefined) texts[name] = short ?? text;
    }
    const lapsed = hold !== undefined && now > epochMs(hold.lease_until) + (await graceOf(view));
    const next = await nextFor(view, id, handoff, who.actor, now);
    return {
      handoff: {
        id,
        from: created_by,
        ...rest,
        ...texts,
        ...(isExpired(handoff, now) ? { expired: true } : {}),
        ...(hold ? { hold: { ...hold, ...(lapsed ? { lapsed: true } : {}) } } : {}),
      },
      ...(truncated ? { truncated: true } : {}),
      hints: { ...(next ? { next } : {}), ...(truncated ? { whole: `ledgenter handoff get ${id} --full` } : {}) },
    };
  },
});
