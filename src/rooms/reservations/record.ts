import * as z from 'zod/mini';
import { title } from '../../kernel/fields.ts';
import { lazy } from '../../kernel/lazy.ts';
import { defineRecord, isKey, type RecordDef } from '../../kernel/record.ts';
import { clock } from '../../kernel/stored.ts';
import { pathProblem, plainPath } from '../decisions/paths.ts';

/** Most paths of one reservation. */
export const MAX_PATHS = 50;
/** Most reservations of one ledger that are live at once: bounds what judging a new one reads. */
export const MAX_LIVE = 500;

const path = lazy(() =>
  z
    .string()
    .check(
      z.refine(
        value => pathProblem(value) === undefined && plainPath(value) === value && value.normalize('NFC') === value,
        { error: 'is no path inside a repository' },
      ),
    ),
);

const slotName = lazy(() => z.string().check(z.refine(isKey, { error: 'is no name of a slot' })));

const reservation = lazy(() =>
  z.strictObject({
    /**
     * Files, folders and patterns inside a repository, sorted, each once; each covers what lies below it. None where it
     * keeps a slot.
     */
    paths: z.array(path()).check(z.maxLength(MAX_PATHS)),
    /** What one run at a time may do or use, by a name of the team's own (`deploy`): one for the whole ledger. */
    slot: z.optional(slotName()),
    /** Slug of the repository; absent = the one that the ledger lives in. */
    repo: z.optional(z.string()),
    task_id: z.optional(z.string()),
    reason: z.optional(title()),
    actor: z.string(),
    run: z.string(),
    since: clock(),
    lease_until: clock(),
    released_at: z.optional(clock()),
  }),
);
export type Reservation = z.infer<ReturnType<typeof reservation>>;

/** Paths, or a slot, that one run keeps to itself for a while. */
export const reservationRecord: RecordDef<Reservation> = defineRecord<Reservation>({
  kind: 'reservation',
  letter: 'v',
  command: 'reserve',
  room: 'reservations',
  schema: reservation,
});

const row = lazy(() =>
  z.strictObject({
    id: z.string(),
    until: clock(),
    repo: z.optional(z.string()),
    slot: z.optional(slotName()),
  }),
);
const live = lazy(() => z.strictObject({ live: z.array(row()).check(z.maxLength(MAX_LIVE)) }));
/** A reservation that was live when the list was last written: its id, the end of its lease, its repository or slot. */
export type LiveRow = z.infer<ReturnType<typeof row>>;

/**
 * The list of reservations that are not over, under the one name {@link LIVE}: laws look here, so that ten thousand old
 * reservations cost nothing. The law `reservation.list` keeps it true.
 */
export const liveRecord: RecordDef<{ live: LiveRow[] }> = defineRecord<{ live: LiveRow[] }>({
  kind: 'reserved',
  room: 'reserved',
  schema: live,
});
export const LIVE = 'live';
