import * as z from 'zod/mini';
import { entriesBetween } from '../../book/history.ts';
import { actor } from '../../kernel/fields.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { statusOf } from '../../rooms/events/status.ts';
import { ledgerRecord } from '../../rooms/ledger/record.ts';
import { seenTip } from '../fetch.ts';
import { lapsed } from '../renew.ts';
import { clonePort } from '../site.ts';

export const statusOperation = defineOperation({
  name: 'ledger_status',
  toolset: 'ledger',
  kind: 'act',
  summary:
    'Where this ledger stands: authority, what waits here, what was refused, which claims this clone holds; agent: what that agent does',
  input: () => z.strictObject({ agent: z.optional(actor()) }),
  aliases: [{ name: 'status', args: [] }],
  examples: [
    { cli: 'ledgenter ledger-status', says: 'what waits to be pushed, and why' },
    { cli: 'ledgenter status --agent claude', says: 'what an agent does, as its events tell' },
  ],
  async act(context, { agent }) {
    if (agent !== undefined) return { ...(await statusOf(context, agent.toLowerCase())) };
    const clone = await context.use(clonePort);
    const tip = await clone.book.tip();
    const grace = await clone.grace();
    const [record, seen, parked, holds] = await Promise.all([
      context.view.get(ledgerRecord, 'ledger'),
      seenTip(clone),
      clone.store.refs(clone.names.parkedPrefix),
      clone.desk.holds(),
    ]);
    const waiting = clone.self || tip.at === seen ? [] : await entriesBetween(clone.store, tip.at, await baseOf());
    async function baseOf() {
      return seen === null ? null : clone.store.mergeBase(seen, tip.at);
    }
    return {
      ledger: clone.names.ledger,
      ...(context.who.ledger ? { because: context.who.ledger.because } : {}),
      format: record?.format,
      authority: record?.authority ?? null,
      namespace: record?.namespace ?? null,
      remote: clone.self ? null : clone.remote.name,
      tip: tip.at,
      published: clone.self ? null : seen !== null,
      waiting: waiting.length,
      waiting_operations: waiting.slice(0, 10).map(({ entry }) => ({ op: entry.intent.op, at: entry.intent.at })),
      parked: parked.size,
      pushes: Number((await clone.desk.note('pushes')) ?? '0'),
      claims_lost: Number((await clone.desk.note('claims-lost')) ?? '0'),
      last_sync: (await clone.desk.note('last-sync')) ?? null,
      claims: holds
        .filter(hold => !lapsed(hold.lease_until, context.now, grace))
        .map(({ id, actor, run, lease_until, provisional }) => ({
          id,
          actor,
          run,
          lease_until,
          ...(provisional ? { provisional } : {}),
        })),
    };
  },
});
