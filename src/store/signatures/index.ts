import { MAX_SIGNATURE, type Proof, SIGNATURE_NAMESPACE } from '../../kernel/proof.ts';
import { GpgChecker } from './gpg.ts';
import { gpgProgram, ownGpgKey, signWithGpg } from './openpgp.ts';
import type { OwnKey, SigningFault, SigningSetup } from './setup.ts';
import { ownSshKey, signWithSsh } from './ssh.ts';
import { checkSshSignature, isSshSignature } from './sshsig.ts';

/** Makes a signature with the key that git would sign with. Answers faults, never throws them: nothing but plain data comes out of here. */
export async function sign(setup: SigningSetup, text: string): Promise<{ signature: string } | SigningFault> {
  const format = formatOf(setup);
  if (typeof format !== 'string') return format;
  const made = await (format === 'ssh' ? signWithSsh(setup, text) : signWithGpg(setup, text));
  if (!('signature' in made) || made.signature.length <= MAX_SIGNATURE) return made;
  return { problem: 'the signature is too long for an entry', hint: 'sign with a smaller key' };
}

/** The public key that git would sign with. */
export async function ownKey(setup: SigningSetup): Promise<OwnKey | SigningFault> {
  const format = formatOf(setup);
  if (typeof format !== 'string') return format;
  return format === 'ssh' ? ownSshKey(setup) : ownGpgKey(setup);
}

function formatOf({ config }: SigningSetup): 'ssh' | 'openpgp' | SigningFault {
  const format = config('gpg.format') ?? 'openpgp';
  if (format === 'ssh' || format === 'openpgp') return format;
  return { problem: `gpg.format ${format} is not supported for entries`, hint: 'git config gpg.format ssh' };
}

/**
 * Answers what a signature over `text` proves. ssh is checked in this process, OpenPGP by gpg against `keyring` (armored
 * public keys) alone.
 */
export function checker(
  setup: SigningSetup,
): (text: string, signature: string, keyring: readonly string[]) => Promise<Proof> {
  const gpg = new GpgChecker(setup.folder, gpgProgram(setup), setup.env as NodeJS.ProcessEnv);
  return async (text, signature, keyring) => {
    if (signature.length > MAX_SIGNATURE) return { state: 'bad', why: 'it is too long' };
    if (isSshSignature(signature)) return checkSshSignature(text, signature, SIGNATURE_NAMESPACE);
    return gpg.check(text, signature, keyring);
  };
}
