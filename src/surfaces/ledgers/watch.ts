import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { CurrentLedger } from '../../exchange/ledgers.ts';
import { readText } from '../../store/git/files.ts';
import type { Env } from '../hosts.ts';
import type { Moved } from '../mcp/session.ts';
import { type Place, readPlace } from '../place.ts';
import { currentLedger } from './current.ts';
import { memoryPath } from './memory.ts';

/** Tells a server that stays when another ledger is in use where it stands: at each call, for a few small reads. */
export class LedgerWatch {
  readonly #cwd: string;
  readonly #env: Env;
  readonly #flags: { ledger?: string };
  #last: { place: Place; signs: string; ledger: string } | undefined;

  constructor(cwd: string, env: Env, flags: { ledger?: string }) {
    this.#cwd = cwd;
    this.#env = env;
    this.#flags = flags;
  }

  begin(place: Place, { name }: CurrentLedger): void {
    this.#last = { place, signs: signsOf(place), ledger: name };
  }

  /** The ledger that is in use now, where it is another one than before. @throws LedgerError BAD_INPUT */
  async moved(): Promise<Moved | undefined> {
    const last = this.#last;
    if (!last || signsOf(last.place) === last.signs) return undefined;
    const place = await readPlace(this.#cwd, this.#env);
    const ledger = await currentLedger(place, { flags: this.#flags, env: this.#env, config: place.config });
    this.begin(place, ledger);
    return ledger.name === last.ledger ? undefined : { from: last.ledger, to: ledger.name, because: ledger.because };
  }
}

/** What changes with whatever decides: the branch, the memory of the worktree, the configuration of the repository. */
function signsOf({ repository }: Place): string {
  if (!repository) return '';
  const { gitDir, commonDir } = repository;
  const config = statSync(join(commonDir, 'config'), { throwIfNoEntry: false });
  return JSON.stringify([readText(join(gitDir, 'HEAD')), readText(memoryPath(gitDir)), config?.mtimeMs, config?.size]);
}
