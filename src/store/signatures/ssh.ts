import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { SIGNATURE_NAMESPACE } from '../../kernel/proof.ts';
import { parseSshKey } from '../../kernel/sshkey.ts';
import { complaint, runProgram } from './program.ts';
import type { OwnKey, SigningFault, SigningSetup } from './setup.ts';
import { temporary } from './temporary.ts';

/** A person may have to find and touch a key, in ms. */
export const SIGN_MS = 60_000;
/** Asking for a key needs nobody, in ms. */
const ASK_MS = 10_000;
/** Largest key file that is read, in bytes. */
const MAX_FILE = 64 * 1024;
const SET_KEY = 'git config user.signingKey ~/.ssh/id_ed25519.pub';

/** `user.signingKey` as git reads it: the key itself, or where it lies. */
type Named = { literal: string } | { path: string };

export async function signWithSsh(setup: SigningSetup, text: string): Promise<{ signature: string } | SigningFault> {
  const named = await nameOf(setup);
  if ('problem' in named) return named;
  const program = expand(setup.config('gpg.ssh.program') ?? 'ssh-keygen');
  const args = (file: string, agent: boolean): string[] => [
    ...['-Y', 'sign', '-n', SIGNATURE_NAMESPACE, '-f', file],
    ...(agent ? ['-U'] : []),
  ];
  const options = { cwd: setup.cwd, env: setup.env as NodeJS.ProcessEnv, input: text, timeoutMs: SIGN_MS };
  const made = 'literal' in named ? temporary(setup.folder, 'key') : undefined;
  try {
    const file = made ? join(made.dir, 'key.pub') : (named as { path: string }).path;
    if (made) writeFileSync(file, `${(named as { literal: string }).literal}\n`, { mode: 0o600 });
    const ended = await runProgram(program, args(file, made !== undefined), { ...options, signal: setup.signal });
    const signature = ended.stdout.toString('latin1');
    if (ended.code === 0 && signature.startsWith('-----BEGIN SSH SIGNATURE-----')) return { signature };
    const hint = ended.missing ? 'git config gpg.ssh.program <path of ssh-keygen>' : 'ssh-add, or: ledgenter doctor';
    return { problem: complaint(ended, program), hint };
  } finally {
    made?.remove();
  }
}

export async function ownSshKey(setup: SigningSetup): Promise<OwnKey | SigningFault> {
  const named = await nameOf(setup);
  if ('problem' in named) return named;
  const line = 'literal' in named ? named.literal : await publicOf(setup, named.path);
  if (typeof line !== 'string') return line;
  const parsed = parseSshKey(line);
  if (typeof parsed === 'string') return { problem: `user.signingKey ${parsed}`, hint: SET_KEY };
  return { type: 'ssh', key: parsed.key, fingerprint: parsed.fingerprint };
}

async function nameOf(setup: SigningSetup): Promise<Named | SigningFault> {
  const told = setup.config('user.signingkey') ?? (await defaultKey(setup));
  if (told === undefined || told === '')
    return { problem: 'no key to sign with: user.signingKey is not set', hint: SET_KEY };
  if (typeof told !== 'string') return told;
  const literal = told.startsWith('key::') ? told.slice(5) : /^(?:ssh-|ecdsa-|sk-)\S+ /.test(told) ? told : undefined;
  return literal === undefined ? { path: resolve(setup.cwd, expand(told)) } : { literal: literal.trim() };
}

/** What `gpg.ssh.defaultKeyCommand` answers, where it is plain words: git would give it to a shell, we never do. */
async function defaultKey(setup: SigningSetup): Promise<string | SigningFault | undefined> {
  const command = setup.config('gpg.ssh.defaultkeycommand');
  if (command === undefined) return undefined;
  if (!/^[\w./~-]+( [\w./~-]+)*$/.test(command))
    return { problem: 'gpg.ssh.defaultKeyCommand needs a shell, which is not supported', hint: SET_KEY };
  const [program, ...args] = command.split(' ') as [string, ...string[]];
  const options = {
    cwd: setup.cwd,
    env: setup.env as NodeJS.ProcessEnv,
    input: '',
    timeoutMs: ASK_MS,
    signal: setup.signal,
  };
  const ended = await runProgram(expand(program), args, options);
  const line = ended.code === 0 ? ended.stdout.toString('utf8').split('\n')[0]?.trim() : undefined;
  return line || { problem: `gpg.ssh.defaultKeyCommand names no key (${complaint(ended, program)})`, hint: SET_KEY };
}

/** The public half of a key file: the file itself, the `.pub` beside it, or what ssh-keygen makes of it. */
async function publicOf(setup: SigningSetup, path: string): Promise<string | SigningFault> {
  const here = readKey(path);
  if (here === undefined) return { problem: 'user.signingKey names a file that cannot be read', hint: SET_KEY };
  if (/^(?:ssh-|ecdsa-|sk-)/.test(here)) return here;
  const beside = readKey(`${path}.pub`);
  if (beside !== undefined) return beside;
  const options = {
    cwd: setup.cwd,
    env: setup.env as NodeJS.ProcessEnv,
    input: '',
    timeoutMs: ASK_MS,
    signal: setup.signal,
  };
  const ended = await runProgram('ssh-keygen', ['-y', '-f', path], options);
  return ended.code === 0
    ? ended.stdout.toString('utf8').trim()
    : { problem: complaint(ended, 'ssh-keygen'), hint: SET_KEY };
}

function readKey(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return text.length > MAX_FILE ? undefined : text.trim();
  } catch {
    return undefined; // not there, or not ours to read: told by whoever asked
  }
}

/** `~/…` as git expands it in paths of its configuration. */
export function expand(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}
