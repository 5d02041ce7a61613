import { commandHash, trustCommands, trustsCommand } from '../../exchange/trust.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { proveCommand } from '../../rooms/tasks/proofs.ts';
import type { Acceptance } from './accepted.ts';
import type { Checked } from './choose.ts';

/** Hex digits of a hash that a refusal shows, 64 bits: nobody finds another command that fits in time. */
const SHOWN = 16;

/**
 * Lets through what this actor trusts here, what a person is shown to have accepted, and what is confirmed by `hash`, the
 * beginning of a command's hash.
 * @throws LedgerError REFUSED with the text of the first command that is not trusted, or for a hash that is of none
 */
export async function confirmed(
  accepted: Acceptance,
  id: string,
  todo: readonly Checked[],
  hash: string | undefined,
): Promise<void> {
  const { actor, desk } = accepted;
  const commands = todo.map(({ criterion }) => criterion.check);
  const meant = hash === undefined ? [] : commands.filter(command => commandHash(command).startsWith(hash));
  if (hash !== undefined && meant.length === 0)
    throw new LedgerError('REFUSED', `${hash} is the hash of no check that would run`, {
      hint: `ledgenter task prove ${id}`,
    });
  await trustCommands(desk, actor, meant);
  for (const { criterion } of todo) {
    const { id: name, check } = criterion;
    if (meant.includes(check) || (await trustsCommand(desk, actor, check))) continue;
    const { trusted, why } = await accepted.of(criterion);
    if (trusted) continue;
    const shown = commandHash(check).slice(0, SHOWN);
    const said = why === undefined ? '' : `; ${why}`;
    throw new LedgerError('REFUSED', `${name} of ${id} runs what you did not write here (${shown}${said}): ${check}`, {
      hint: `read it, then: ${proveCommand(id, name)} --trust ${shown}`,
      details: { criterion: name, check, hash: shown, ...(why === undefined ? {} : { acceptance: why }) },
    });
  }
}
