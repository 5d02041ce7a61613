import type { Office } from '../exchange/office.ts';
import { LedgerError } from '../kernel/errors.ts';
import { type Operation, toolName, type Who } from '../kernel/operation.ts';
import { View } from '../kernel/view.ts';
import type { Place } from './place.ts';

/** What an office is opened with. */
export interface OfficeOptions {
  place: Place;
  env: Readonly<Record<string, string | undefined>>;
  who: Who;
  /** One command, or a server that stays: decides how the background sync runs. */
  life: 'command' | 'server';
  /** Reads a switch: environment, then git configuration. */
  setting(name: string): string | undefined;
  /** To be called after a write: the run of this worktree lives on. */
  wrote(): void;
}

/** The one place where the rings are put together. */
export async function openOffice(options: OfficeOptions): Promise<Office> {
  const { place, who } = options;
  return {
    who,
    async perform(operation: Operation, input: unknown) {
      if (operation.kind === 'act' && operation.bare) {
        const empty = new View({ read: async () => undefined, list: async () => [] });
        const use = async () => {
          throw new LedgerError('NO_LEDGER', 'no ledger here');
        };
        return { ok: true, ...(await operation.act({ who, now: Date.now(), view: empty, use }, input as never)) };
      }
      if (!place.repository) throw new LedgerError('NO_REPOSITORY', 'not inside a git repository');
      throw new LedgerError('NO_LEDGER', `no ledger here for ${toolName(operation)}`);
    },
    async renewHeld() {},
    async close() {},
  };
}
