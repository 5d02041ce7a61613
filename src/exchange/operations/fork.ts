import * as z from 'zod/mini';
import { FORMAT, type Intent } from '../../kernel/entry.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { type Context, defineOperation } from '../../kernel/operation.ts';
import { instant } from '../../kernel/time.ts';
import { type ForkInput, peopleOf } from '../../rooms/ledger/fork.ts';
import { ledgerRecord } from '../../rooms/ledger/record.ts';
import type { Oid } from '../../store/port.ts';
import type { Clone } from '../clone.ts';
import { seenTip } from '../fetch.ts';
import { forget, keptThere, unknownLedger } from '../joining.ts';
import { type Ledgers, ledgersPort } from '../ledgers.ts';
import { sitePort } from '../site.ts';
import { nameField } from './ledgers.ts';
import { switchTo, toSwitch } from './switch.ts';

export const ledgerFork = defineOperation<{ name: string; switch?: boolean }>({
  name: 'ledger.fork',
  kind: 'act',
  bare: true,
  enters: true,
  toolset: 'ledger',
  summary:
    'Begin a ledger of its own from the settings and people of the present one, with no work in it, and use it here',
  input: () => z.strictObject({ name: nameField(), switch: z.optional(z.boolean()) }),
  positional: 'name',
  examples: [
    { cli: 'ledgenter ledger fork feature-a', says: 'a ledger for a long-lived branch, in use in this worktree' },
    { cli: 'ledgenter ledger fork feature-b --no-switch', says: 'only make it' },
  ],
  async act(context, { name, switch: follow = true }) {
    const ledgers = await context.use(ledgersPort);
    const { name: from } = ledgers.current;
    if (!(await ledgers.names()).includes(from)) throw unknownLedger(from, 'here to fork from');
    const parent = await ledgers.open(from);
    await refuseTaken(context, ledgers, parent, name);
    const ready = follow
      ? await toSwitch(context, name, {}).catch((error: LedgerError) => {
          throw withHint(error, `ledgenter ledger fork ${name} --no-switch`);
        })
      : undefined;
    const input = await originOf(parent);
    const clone = await ledgers.open(name, parent.self ? {} : { namespace: input.namespace });
    await clone.book.found();
    try {
      await clone.book.transact(intentOf(context, clone, input));
    } catch (error) {
      await forget(clone);
      throw error;
    }
    const switched = ready ? await switchTo(context, name, ready) : {};
    return {
      ledger: name,
      forked_from: from,
      forked_at: input.tip,
      actors: input.actors.length,
      ...(input.policies ? { policies: input.policies } : {}),
      ...switched,
      published: parent.self ? null : false,
      hints: { next: parent.self || !follow ? 'ledgenter ledger list' : 'ledgenter sync' },
    };
  },
});

/** @throws LedgerError REFUSED: two ledgers of one name would meet at the first push */
async function refuseTaken(context: Context, ledgers: Ledgers, parent: Clone, name: string): Promise<void> {
  const hint = `ledgenter ledger switch ${name}`;
  if ((await ledgers.names()).includes(name))
    throw new LedgerError('REFUSED', `there is a ledger ${name} already`, { hint });
  const there = parent.self ? undefined : await keptThere(await context.use(sitePort), parent.remote.name);
  if (there?.some(one => one.ledger === name))
    throw new LedgerError('REFUSED', `${parent.remote.name} keeps a ledger ${name} already`, { hint });
}

const withHint = (error: unknown, hint: string): unknown =>
  error instanceof LedgerError && error.code === 'REFUSED'
    ? new LedgerError(error.code, error.message, { hint, ...(error.details ? { details: error.details } : {}) })
    : error;

/** Where the book of a ledger stands for everybody: what only waits here may still be another when it lands. */
export async function landedTip(clone: Clone): Promise<Oid> {
  const { book } = await clone.book.tip();
  return (clone.self ? undefined : await seenTip(clone)) ?? book;
}

/** @throws LedgerError NO_LEDGER for a ledger that was never initialised */
async function originOf(parent: Clone): Promise<ForkInput> {
  const tip = await landedTip(parent);
  const view = parent.book.view(tip);
  const { namespace, authority, policies } = (await view.get(ledgerRecord, 'ledger')) ?? {};
  if (namespace === undefined)
    throw new LedgerError('NO_LEDGER', `the ledger ${parent.names.ledger} was not initialised yet`);
  return {
    from: parent.names.ledger,
    tip,
    namespace,
    ...(authority === undefined ? {} : { authority }),
    ...(policies === undefined ? {} : { policies }),
    actors: await peopleOf(view),
  };
}

function intentOf({ who }: Context, clone: Clone, input: ForkInput): Intent {
  return {
    op: 'ledger.fork',
    ledger: clone.names.ledger,
    format: FORMAT,
    actor: who.actor,
    kind: who.kind,
    run: who.run,
    at: instant(clone.now()),
    nonce: clone.nonce(),
    input: JSON.parse(JSON.stringify(input)),
  };
}
