import * as z from 'zod/mini';
import { canonicalJson } from '../../kernel/canonical.ts';
import { title } from '../../kernel/fields.ts';
import { LEASE_MS } from '../../kernel/hold.ts';
import { byOf, defineOperation, refuse } from '../../kernel/operation.ts';
import { epochMs, instant, parseDuration } from '../../kernel/time.ts';
import { graceOf } from '../ledger/grace.ts';
import { nothing } from '../nothing.ts';
import { repoName } from '../repos/fields.ts';
import { any } from '../room.ts';
import { once, taskId } from '../tasks/fields.ts';
import { lease, reservedPaths, slot } from './fields.ts';
import { isOwn, type Known, liveAt, liveRows, written } from './live.ts';
import { MAX_LIVE, type Reservation, reservationRecord } from './record.ts';
import { scopeHere, scopeOf } from './scope.ts';
import { showReservation } from './show.ts';

/** Lease of a person's reservation, in ms: a day; an agent's is that of its claims. */
const PERSON_MS = 86_400_000;

const input = () =>
  z.strictObject({
    paths: z.optional(reservedPaths()),
    slot: z.optional(slot()),
    repo: z.optional(repoName()),
    task_id: z.optional(taskId()),
    lease: z.optional(lease()),
    reason: z.optional(title()),
  });

export const claim = defineOperation({
  name: 'reserve.claim',
  kind: 'write',
  summary:
    'Keep files, folders or patterns, or a slot, to your run for a while (1h; a person 1d); the same again extends it',
  input,
  examples: [
    {
      cli: "ledgenter reserve claim --paths 'src/parser/**' --task-id <task_id>",
      says: 'nobody else reserves in there',
    },
    { cli: 'ledgenter reserve claim --paths package-lock.json --lease 10m', says: 'one file, for ten minutes' },
    { cli: 'ledgenter reserve claim --slot deploy --lease 15m', says: 'nobody else deploys meanwhile' },
  ],
  decidedThere: { waiting: { reserved: false, note: 'not reserved before it has landed; a law may refuse it then' } },
  async placed(context, given) {
    const { repo: named, ...rest } = given;
    checkInput(given);
    if (given.slot !== undefined) return rest;
    const repo = named === undefined ? await scopeHere(context) : await scopeOf(context.view, named);
    return { ...rest, ...(repo === undefined ? {} : { repo }) };
  },
  subject: ({ paths = [], slot: named }, intent) =>
    `reserved ${named === undefined ? paths.slice(0, 3).join(', ') : `the slot ${named}`}${paths.length > 3 ? ` and ${paths.length - 3} more` : ''} (${byOf(intent, nothing).newId(any(reservationRecord))})`,
  async decide(view, given, by) {
    checkInput(given);
    const { slot: name, lease: asked, repo: named, task_id, reason } = given;
    const at = epochMs(by.at);
    const grace = await graceOf(view);
    const repo = await scopeOf(view, named);
    const paths = once(given.paths ?? []);
    const span =
      (asked === undefined ? undefined : parseDuration(asked)) ?? (by.kind === 'human' ? PERSON_MS : LEASE_MS);
    const lease_until = instant(at + span);
    const wish = {
      paths,
      ...(name === undefined ? {} : { slot: name }),
      ...(repo === undefined ? {} : { repo }),
      ...(task_id === undefined ? {} : { task_id }),
    };
    for await (const { id, record } of liveAt(view, at, grace, name === undefined ? { repo } : { slot: name })) {
      if (!isOwn(record, by) || !isSame(record, wish.paths, task_id, reason)) continue;
      if (record.lease_until >= lease_until) return { same: { reservation_id: id } };
      return settled({ id, record: { ...record, lease_until } });
    }
    const rows = await liveRows(view);
    if (rows.filter(row => epochMs(row.until) + grace >= at).length >= MAX_LIVE)
      refuse('BUSY', `${MAX_LIVE} reservations are live in this ledger: wait until one is over`, {
        hint: 'ledgenter reserve query',
      });
    const record: Reservation = {
      ...wish,
      ...(reason === undefined ? {} : { reason }),
      actor: by.actor,
      run: by.run[0]!,
      since: by.at,
      lease_until,
    };
    return settled({ id: by.newId(any(reservationRecord)), record });

    async function settled(one: Known) {
      return { files: await written(view, one, at, grace), result: { reservation_id: one.id } };
    }
  },
  async show(context, { reservation_id }) {
    const id = String(reservation_id);
    return {
      ...(await showReservation(context, id)),
      hints: { next: `ledgenter reserve release ${id}` },
    };
  },
});

type Input = z.infer<ReturnType<typeof input>>;

function checkInput({ paths, slot: name, repo }: Input): void {
  if ((paths === undefined) === (name === undefined))
    refuse('BAD_INPUT', 'reserve.claim: say paths, or a slot', { hint: 'ledgenter reserve claim --help' });
  if (name !== undefined && repo !== undefined)
    refuse('BAD_INPUT', 'reserve.claim: a slot is of the whole ledger, not of a repository', {
      hint: 'ledgenter reserve claim --help',
    });
}

/** The same words again: what was not said is as it was. */
function isSame(
  record: Reservation,
  paths: string[],
  task_id: string | undefined,
  reason: string | undefined,
): boolean {
  return (
    canonicalJson(record.paths) === canonicalJson(paths) &&
    (task_id === undefined || task_id === record.task_id) &&
    (reason === undefined || reason === record.reason)
  );
}
