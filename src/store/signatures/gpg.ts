import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dearmor, packetsOf, parseGpgKey } from '../../kernel/openpgp.ts';
import type { Proof } from '../../kernel/proof.ts';
import { type Ended, runProgram } from './program.ts';
import { temporary } from './temporary.ts';

/** Tag of a signature packet. */
const SIGNATURE = 2;
/** Longest that gpg may look at one signature, in ms. */
const CHECK_MS = 10_000;
/** Digests that no longer prove anything (RFC 9580 §9.5): MD5, SHA-1, RIPEMD-160. */
const BROKEN_HASHES = new Set(['1', '2', '3']);
/** Over bytes, or over text with its line ends made alike. */
const DOCUMENT = new Set(['00', '01']);
/** Signatures whose state is remembered. */
const MAX_KNOWN = 20_000;

/** Checks OpenPGP signatures by gpgv (else gpg), each once a process, against nothing but the keys that it is given. */
export class GpgChecker {
  readonly #folder: string;
  readonly #gpg: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #known = new Map<string, Promise<Proof>>();

  /** @param folder where temporary keyrings lie; under the git dir, made when needed */
  constructor(folder: string, gpg: string, env: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#gpg = gpg;
    this.#env = env;
  }

  check(text: string, armored: string, keyring: readonly string[]): Promise<Proof> {
    const hash = createHash('sha256')
      .update(JSON.stringify([text, armored, keyring]))
      .digest('base64');
    const known = this.#known.get(hash);
    if (known) return known;
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    const asked = this.#ask(text, armored, keyring);
    this.#known.set(hash, asked);
    return asked;
  }

  async #ask(text: string, armored: string, keyring: readonly string[]): Promise<Proof> {
    const signature = dearmor('SIGNATURE', armored);
    const packets = packetsOf(signature ?? Buffer.of());
    // Nothing else reaches gpg: no second signature, no compressed bomb.
    if (!signature || packets?.length !== 1 || packets[0]!.tag !== SIGNATURE)
      return { state: 'bad', why: 'it is damaged' };
    const sound = keyring.filter(key => typeof parseGpgKey(key) !== 'string');
    if (sound.length < keyring.length && sound.length === 0)
      return { state: 'bad', why: 'its actor has no OpenPGP key that proves anything' };
    const keys = sound.map(key => dearmor('PUBLIC KEY BLOCK', key)).filter(key => key !== undefined);
    if (keys.length === 0) return { state: 'stranger', why: 'it is by an OpenPGP key that the ledger does not hold' };
    let made: ReturnType<typeof temporary> | undefined;
    try {
      made = temporary(this.#folder, 'gpg');
      const { dir } = made;
      writeFileSync(join(dir, 'keys.gpg'), Buffer.concat(keys), { mode: 0o600 });
      writeFileSync(join(dir, 'entry.sig'), signature, { mode: 0o600 });
      return read(await this.#run(dir, text));
    } catch {
      return { state: 'unchecked', why: 'no keyring could be made' };
    } finally {
      made?.remove();
    }
  }

  async #run(dir: string, text: string): Promise<Ended> {
    const options = { cwd: dir, env: { ...this.#env, LC_ALL: 'C' }, input: text, timeoutMs: CHECK_MS };
    const common = ['--homedir', dir, '--status-fd=1', '--ignore-time-conflict', '--keyring', join(dir, 'keys.gpg')];
    const files = [join(dir, 'entry.sig'), '-'];
    const ended = await runProgram('gpgv', [...common, ...files], options);
    if (!ended.missing) return ended;
    const alone = ['--no-options', '--batch', '--no-autostart', '--trust-model', 'always', '--no-default-keyring'];
    return runProgram(this.#gpg, [...alone, ...common, '--verify', ...files], options);
  }
}

/** What gpg's status lines say (GnuPG, doc/DETAILS). An expired key proves as before: when keys count, the ledger says. */
function read(ended: Ended): Proof {
  if (ended.missing) return { state: 'unchecked', why: 'neither gpgv nor gpg is here' };
  if (ended.code === null) return { state: 'unchecked', why: 'gpg gave no answer' };
  const lines = ended.stdout
    .toString('latin1')
    .split('\n')
    .flatMap(line => (line.startsWith('[GNUPG:] ') ? [line.slice(9).trim().split(' ')] : []));
  const told = (word: string): string[][] => lines.filter(([name]) => name === word);
  const [valid, ...more] = told('VALIDSIG');
  const failed = told('BADSIG').length + told('ERRSIG').length > 0;
  if (valid && more.length === 0 && !failed && told('NEWSIG').length <= 1) {
    if (BROKEN_HASHES.has(valid[8] ?? '')) return { state: 'bad', why: 'its digest is broken' };
    if (!DOCUMENT.has(valid[9] ?? '')) return { state: 'bad', why: 'it is no signature of a text' };
    return { state: 'good', key: (valid[10] ?? valid[1] ?? '').toUpperCase() };
  }
  if (told('NO_PUBKEY').length > 0 && !valid && told('BADSIG').length === 0)
    return { state: 'stranger', why: 'it is by an OpenPGP key that the ledger does not hold' };
  return { state: 'bad', why: 'gpg does not find it good' };
}
