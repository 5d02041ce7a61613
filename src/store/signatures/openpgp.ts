import { parseGpgKey } from '../../kernel/openpgp.ts';
import { complaint, runProgram } from './program.ts';
import type { OwnKey, SigningFault, SigningSetup } from './setup.ts';
import { expand, SIGN_MS } from './ssh.ts';

const EXPORT_MS = 10_000;
const SET_KEY = 'git config user.signingKey <key id>';

export function gpgProgram(setup: Pick<SigningSetup, 'config'>): string {
  return expand(setup.config('gpg.openpgp.program') ?? setup.config('gpg.program') ?? 'gpg');
}

/** As git does it: the key that is named, else the one of the committer. */
function keyOf({ config, env }: SigningSetup): string | undefined {
  const name = env.GIT_COMMITTER_NAME ?? config('user.name');
  const email = env.GIT_COMMITTER_EMAIL ?? config('user.email');
  return config('user.signingkey') ?? (name && email ? `${name} <${email}>` : undefined);
}

export async function signWithGpg(setup: SigningSetup, text: string): Promise<{ signature: string } | SigningFault> {
  const key = keyOf(setup);
  if (key === undefined) return { problem: 'no key to sign with: user.signingKey is not set', hint: SET_KEY };
  const program = gpgProgram(setup);
  const { cwd, signal } = setup;
  const options = { cwd, env: setup.env as NodeJS.ProcessEnv, input: text, timeoutMs: SIGN_MS, signal };
  const ended = await runProgram(program, ['--status-fd=2', '-bsau', key], options);
  const signature = ended.stdout.toString('latin1').replace(/\r\n/g, '\n');
  if (ended.code === 0 && /^\[GNUPG:\] SIG_CREATED /m.test(ended.stderr)) return { signature };
  const hint = ended.missing
    ? 'git config gpg.program <path of gpg>, or sign with ssh: git config gpg.format ssh'
    : SET_KEY;
  return { problem: complaint(ended, program), hint };
}

export async function ownGpgKey(setup: SigningSetup): Promise<OwnKey | SigningFault> {
  const key = keyOf(setup);
  if (key === undefined) return { problem: 'no key to sign with: user.signingKey is not set', hint: SET_KEY };
  const program = gpgProgram(setup);
  const { cwd, signal } = setup;
  const options = { cwd, env: setup.env as NodeJS.ProcessEnv, input: '', timeoutMs: EXPORT_MS, signal };
  const args = ['--batch', '--armor', '--export-options', 'export-minimal', '--export', '--', key];
  const ended = await runProgram(program, args, options);
  const armored = ended.stdout.toString('latin1');
  if (ended.code !== 0 || armored.trim() === '')
    return { problem: `gpg has no public key ${JSON.stringify(key)} (${complaint(ended, program)})`, hint: SET_KEY };
  const parsed = parseGpgKey(armored);
  if (typeof parsed === 'string') return { problem: `the OpenPGP key ${parsed}`, hint: SET_KEY };
  return { type: 'gpg', ...parsed };
}
