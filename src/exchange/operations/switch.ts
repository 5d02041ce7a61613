import * as z from 'zod/mini';
import { LedgerError } from '../../kernel/errors.ts';
import { mark } from '../../kernel/fields.ts';
import { type Context, defineOperation } from '../../kernel/operation.ts';
import { bringLedger } from '../joining.ts';
import { type CurrentLedger, ledgersPort } from '../ledgers.ts';
import { liveHere, nameField, reasonOf } from './ledgers.ts';

interface How {
  branch?: string | undefined;
  keep_claims?: boolean | undefined;
}

/** What is left to do once nothing stands against it. */
interface Ready {
  was: CurrentLedger;
  branch?: string | undefined;
  /** Held in the ledger that was in use. */
  claims: string[];
}

export const ledgerSwitch = defineOperation<{ name: string } & How>({
  name: 'ledger.switch',
  kind: 'act',
  bare: true,
  toolset: 'ledger',
  summary:
    'Use another ledger in this worktree, or wherever a branch is checked out; brings it in from the remote where needed',
  input: () =>
    z.strictObject({
      name: nameField(),
      branch: z.optional(mark(z.string().check(z.minLength(1), z.maxLength(250)), { verbatim: true })),
      keep_claims: z.optional(z.boolean()),
    }),
  positional: 'name',
  examples: [
    { cli: 'ledgenter ledger switch main', says: 'back to the ledger that every worktree begins with' },
    {
      cli: 'ledgenter ledger switch feature-a --branch feature-a',
      says: 'that ledger whenever that branch is checked out',
    },
  ],
  async act(context, { name, ...how }) {
    const { joined } = await bringLedger(context, name);
    const ready = await toSwitch(context, name, how);
    return {
      ledger: name,
      ...(await switchTo(context, name, ready)),
      ...(joined ? { joined } : {}),
      hints: { next: 'ledgenter whoami' },
    };
  },
});

/**
 * Whether a switch would do what it says, before anything is done.
 * @throws LedgerError REFUSED where something stronger names another ledger, or this run would lose sight of what it holds
 */
export async function toSwitch(context: Context, name: string, { branch, keep_claims }: How): Promise<Ready> {
  const ledgers = await context.use(ledgersPort);
  const was = await ledgers.standing();
  const stronger = was.because === 'environment' || was.because === 'configuration';
  if (was.name !== name && (stronger || (was.because === 'branch' && branch === undefined)))
    throw new LedgerError('REFUSED', `a switch would change nothing here: ${reasonOf(was)}, ${was.name}`, {
      hint: overruled(was, name),
    });
  const affected = branch === undefined || (await ledgers.branch()) === branch;
  const known = affected && was.name !== name && (await ledgers.names()).includes(was.name);
  const claims = known ? await liveHere(context, await ledgers.open(was.name)) : [];
  if (claims.length > 0 && !keep_claims)
    throw new LedgerError('REFUSED', `you hold ${claims.join(', ')} in ${was.name}: finish or release it first`, {
      hint: `ledgenter ledger switch ${name} --keep-claims`,
      details: { claims },
    });
  return { was, branch, claims };
}

function overruled({ because, branch }: CurrentLedger, name: string): string {
  if (because === 'branch') return `ledgenter ledger switch ${name} --branch ${branch}`;
  return because === 'environment' ? 'unset LEDGENTER_LEDGER' : `git config ledgenter.ledger ${name}`;
}

/** Does it, and says what it came to. */
export async function switchTo(context: Context, name: string, { was, branch, claims }: Ready) {
  const ledgers = await context.use(ledgersPort);
  if (branch === undefined) await ledgers.remember(name);
  else await ledgers.giveBranch(branch, name);
  const now = await ledgers.standing();
  return {
    was: was.name,
    current: now.name,
    because: now.because,
    ...(branch === undefined ? {} : { branch }),
    ...(claims.length > 0 ? { claims, claims_note: `still yours in ${was.name}; nothing renews them from here` } : {}),
  };
}
