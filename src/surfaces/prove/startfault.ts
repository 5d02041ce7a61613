import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import type { Environment } from '../../store/git/index.ts';

/** Why a check did not start; the system says ENOENT of a program that is missing and of one whose interpreter is. */
export function startFault(
  program: string,
  { code, message }: NodeJS.ErrnoException,
  { cwd, env, noun = 'check' }: { cwd: string; env: Environment; noun?: 'check' | 'command' },
): LedgerError {
  const help = `ledgenter help ${noun === 'check' ? 'task prove' : 'work run'}`;
  const [why, hint] =
    code === 'ENOENT'
      ? missing(program, cwd, env, { noun, help })
      : code === 'EACCES'
        ? ['it is not executable', 'chmod +x it and commit that, or name its interpreter: sh <script>']
        : [message, help];
  return new LedgerError('USAGE', `the ${noun} cannot be started: ${JSON.stringify(program.slice(0, 80))}: ${why}`, {
    hint,
  });
}

function missing(
  program: string,
  cwd: string,
  env: Environment,
  { noun, help }: { noun: string; help: string },
): [why: string, hint: string] {
  const interpreter = [
    'it is there, but the interpreter that its first line names is not',
    'sh <script>, or install it',
  ];
  if (/[\\/]/.test(program)) {
    if (existsSync(resolve(cwd, program))) return interpreter as [string, string];
    return ['there is no such file; a path counts from the root of the checkout', 'git ls-files'];
  }
  const folders = (env.PATH ?? '').split(delimiter).filter(folder => folder !== '');
  if (folders.some(folder => existsSync(join(folder, program)))) return interpreter as [string, string];
  if (existsSync(join(cwd, program)))
    return ['it is not on the PATH, but in the root of the checkout', `write the ${noun} as ./${program.slice(0, 80)}`];
  return ['it is not on the PATH', `install it, or: ${help}`];
}
