import type { Context } from '../../kernel/operation.ts';
import { type Output, tailOf } from './output.ts';
import type { ProvingGround } from './port.ts';
import { type Ran, runCheck } from './run.ts';
import { pathsOf } from './spellings.ts';
import { standingOf } from './standing.ts';

/** How long a run may take where nobody says, in ms. */
export const DEFAULT_MS = 600_000;

export interface Measured {
  how: Omit<Ran, 'output'>;
  output: Output;
  /** What the run did to the checkout, as a clause; undefined when HEAD is the same and nothing differs from it. */
  moved: string | undefined;
  /** The end of what it printed, as a record may keep it. */
  text: string;
  redacted: number;
}

/**
 * Runs a program in the root of a checkout and looks at what became of both.
 * @param ground `head`: HEAD before it, undefined before the first commit
 * @throws LedgerError USAGE, CANCELLED
 */
export async function measured(
  { signal, progress }: Pick<Context, 'signal' | 'progress'>,
  words: readonly string[],
  { root, cwd, env, head }: Pick<ProvingGround, 'cwd' | 'env'> & { root: string; head: string | undefined },
  { timeoutMs, says, noun = 'check' }: { timeoutMs: number; says: string; noun?: 'check' | 'command' },
): Promise<Measured> {
  const { output, ...how } = await runCheck(words, {
    cwd: root,
    env,
    timeoutMs,
    signal,
    noun,
    tick: seconds => progress?.(seconds, undefined, `${says}, seconds`),
  });
  const after = await standingOf(root);
  const moved =
    after.head !== head
      ? 'HEAD moved while it ran'
      : after.changed === undefined
        ? undefined
        : `it left ${after.changed} changed`;
  return { how, output, moved, ...tailOf(output.end(), pathsOf(root, cwd, env), output.cut) };
}
