import { join } from 'node:path';
import type { Checker, Signer } from '../book/signatures.ts';
import { LedgerError } from '../kernel/errors.ts';
import type { OwnKey, SigningFault, SigningSetup } from '../store/signatures/setup.ts';
import type { Env } from './hosts.ts';
import type { Place } from './place.ts';

interface Parts {
  place: Pick<Place, 'config' | 'repository'>;
  env: Env;
  who: { actor: string };
  setting(name: string): string | undefined;
  /** Aborted when the command is interrupted. */
  signal?: AbortSignal | undefined;
}

/** Signing as git is set up for it in this checkout. Nothing is loaded or started before the first signature. */
export class Signing {
  readonly #parts: Parts;
  readonly #commonDir: () => string;
  #check: Promise<Checker> | undefined;

  /** @param commonDir of the repository that holds the book: temporary files lie there */
  constructor(parts: Parts, commonDir: () => string) {
    this.#parts = parts;
    this.#commonDir = commonDir;
  }

  /** `ledgenter.sign`, `LEDGENTER_SIGN`. Anything that does not mean no asks for signatures. */
  get on(): boolean {
    return !/^(false|0|no|off|)$/i.test(this.#parts.setting('sign') ?? '');
  }

  get signer(): Signer | undefined {
    return this.on ? { actor: this.#parts.who.actor, sign: text => this.#sign(text) } : undefined;
  }

  readonly checker: Checker = async (text, signature, keyring) => {
    this.#check ??= import('../store/signatures/index.ts').then(({ checker }) => checker(this.#setup()));
    return (await this.#check)(text, signature, keyring);
  };

  /** The public key that git would sign with, or why there is none. */
  async ownKey(): Promise<OwnKey | SigningFault> {
    return (await import('../store/signatures/index.ts')).ownKey(this.#signing());
  }

  async #sign(text: string): Promise<string> {
    const said = this.#parts.setting('sign') ?? '';
    if (!/^(true|1|yes|on)$/i.test(said))
      throw new LedgerError('NOT_SIGNED', `ledgenter.sign is ${JSON.stringify(said)}, neither true nor false`, {
        hint: 'git config ledgenter.sign true',
      });
    const made = await (await import('../store/signatures/index.ts')).sign(this.#signing(), text);
    if ('signature' in made) return made.signature;
    if (this.#parts.signal?.aborted) throw new LedgerError('CANCELLED', 'stopped while signing: nothing was written');
    throw faultOf(made);
  }

  /** Only what signs is stopped: a check that is cut short would answer that this machine cannot check. */
  #signing(): SigningSetup {
    return { ...this.#setup(), signal: this.#parts.signal };
  }

  #setup(): SigningSetup {
    const { place, env } = this.#parts;
    return {
      config: place.config,
      cwd: place.repository?.topLevel ?? this.#commonDir(),
      folder: join(this.#commonDir(), 'ledgenter', 'signing'),
      env,
    };
  }
}

export function faultOf({ problem, hint }: SigningFault): LedgerError {
  return new LedgerError('NOT_SIGNED', `nothing was signed: ${problem}`, { hint });
}
