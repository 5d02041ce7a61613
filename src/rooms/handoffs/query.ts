import * as z from 'zod/mini';
import { actor, choice, idOf, limit } from '../../kernel/fields.ts';
import { type Context, defineOperation } from '../../kernel/operation.ts';
import { epochMs } from '../../kernel/time.ts';
import { ROLES } from '../actors/record.ts';
import { graceOf } from '../ledger/grace.ts';
import { PAGE, pageFields, pick } from '../lists.ts';
import { type Named, tables } from '../rows.ts';
import { HANDOFF_KINDS, HANDOFF_STATUSES } from './record.ts';
import { answersFor, byAge, type HandoffRow, handoffTable, inboxOf, isLapsed } from './table.ts';
import { isExpired, rolesOf } from './who.ts';

const input = () =>
  z.strictObject({
    inbox: z.optional(z.boolean()),
    status: z.optional(z.array(choice(HANDOFF_STATUSES)).check(z.maxLength(HANDOFF_STATUSES.length))),
    kind: z.optional(z.array(choice(HANDOFF_KINDS)).check(z.maxLength(HANDOFF_KINDS.length))),
    from: z.optional(actor()),
    to: z.optional(actor()),
    role: z.optional(choice(ROLES)),
    task_id: z.optional(idOf('task')),
    expired: z.optional(z.boolean()),
    limit: limit(),
    ...pageFields(),
  });
type Input = z.infer<ReturnType<typeof input>>;

export const query = defineOperation({
  name: 'handoff.query',
  kind: 'read',
  summary: 'List handoffs, oldest first; inbox: what is to you and open, or claimed by you',
  input,
  resource: { uri: 'ledgenter://inbox', title: 'Inbox', input: { inbox: true } },
  aliases: [{ name: 'inbox', args: ['--inbox'] }],
  examples: [
    { cli: 'ledgenter handoff query --inbox', says: 'what waits for you' },
    { cli: 'ledgenter handoff query --from me --status answered', says: 'answers you have not acknowledged' },
  ],
  table: {
    rows: 'handoffs',
    columns: ['id', 'kind', 'status', 'from', 'to', 'due_on', 'task_id', 'title'],
    none: 'no such handoff',
  },
  async query(context, given) {
    const { who, now, view } = context;
    const rows = await (await context.use(tables)).rows(handoffTable);
    const grace = await graceOf(view);
    const mine = given.inbox
      ? inboxOf(rows, who.actor, await rolesOf(view, who.actor), now, grace)
      : [...rows].sort(byAge);
    const found = mine.filter(row => matches(row, given, now));
    const start = after(found, given.cursor);
    const items = found.slice(start, start + (given.limit ?? PAGE));
    const more = start + items.length < found.length;
    const answers = given.inbox ? answersFor(rows, who.actor) : [];
    return {
      handoffs: items.map(row => pick(listed(row, context, grace), given.fields, 'id')),
      total: found.length,
      ...(more ? { cursor: `${items.at(-1)!.created_at} ${items.at(-1)!.id}` } : {}),
      ...(answers.length > 0 ? { answered: answers.length } : {}),
      ...next(given, items, answers),
    };
  },
});

function matches(
  row: Named<HandoffRow>,
  { status, kind, from, to, role, task_id, expired }: Input,
  now: number,
): boolean {
  return (
    (!status || status.includes(row.status)) &&
    (!kind || kind.includes(row.kind)) &&
    (from === undefined || row.from === from.toLowerCase()) &&
    (to === undefined || row.to.includes(to.toLowerCase())) &&
    (role === undefined || row.to.includes(role)) &&
    (task_id === undefined || row.task_id === task_id) &&
    (expired === undefined || isExpired(row, now) === expired)
  );
}

/** Index of the first row behind a cursor, which is the age and id of the last row of the page before. */
function after(rows: readonly Named<HandoffRow>[], cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const at = rows.findIndex(row => `${row.created_at} ${row.id}` > cursor);
  return at < 0 ? rows.length : at;
}

function listed(row: Named<HandoffRow>, { now }: Context, grace: number): { id: string } & Record<string, unknown> {
  const { lease_until, updated_at: _changed, ...rest } = row;
  const left = lease_until !== undefined && epochMs(lease_until) > now ? { lease_until } : {};
  return {
    ...rest,
    ...left,
    ...(isLapsed(row, now, grace) ? { lapsed: true } : {}),
    ...(isExpired(row, now) ? { expired: true } : {}),
  };
}

function next({ inbox }: Input, items: readonly { id: string }[], answers: readonly { id: string }[]) {
  if (!inbox) return {};
  if (items[0]) return { hints: { next: `ledgenter handoff get ${items[0].id}` } };
  return answers[0] ? { hints: { next: `ledgenter handoff get ${answers[0].id}` } } : {};
}
