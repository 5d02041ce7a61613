import { join } from 'node:path';

/** Variables that git sets for its hooks, or a user for one command: they would point our git at another repository. */
const SCRUBBED = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_QUARANTINE_PATH',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
  'GIT_CONFIG',
  'GIT_SHALLOW_FILE',
  'GIT_GRAFT_FILE',
  'GIT_REPLACE_REF_BASE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_REFLOG_ACTION',
  'GIT_LITERAL_PATHSPECS',
  'GIT_GLOB_PATHSPECS',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_ICASE_PATHSPECS',
];

/** A file is no folder, on any system: hooks can never be found below one. */
const NO_HOOKS = join(process.execPath, 'none');

/** Waits for a lock on refs this long, in ms: at reftable's default of 100 ms, 57 of 1,330 creates failed; none at 5 s. */
const LOCK_MS = 5000;

/** Settings of every git process we start. */
export const SETTINGS: readonly string[] = [
  `core.hooksPath=${NO_HOOKS}`,
  'core.fsmonitor=false',
  'core.logAllRefUpdates=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'advice.graftFileDeprecated=false',
  `core.filesRefLockTimeout=${LOCK_MS}`,
  `core.packedRefsTimeout=${LOCK_MS}`,
  `reftable.lockTimeout=${LOCK_MS}`,
  // Nothing of ours is larger than 2 MB; what a stranger sends is passed through and not held in memory.
  'core.bigFileThreshold=4m',
].flatMap(setting => ['-c', setting]);

export type Environment = Readonly<Record<string, string | undefined>>;

/** An environment that points git at no repository: for what a user's program finds around itself. */
export function withoutRepository(from: Environment): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...from };
  for (const name of SCRUBBED) delete env[name];
  return env;
}

/** The user's environment made fit for git without a person: nothing is asked, nothing translated, no replaced objects. */
export function gitEnvironment(from: Environment = process.env): NodeJS.ProcessEnv {
  const env = withoutRepository(from);
  env.GIT_TERMINAL_PROMPT = '0';
  env.GCM_INTERACTIVE = 'never';
  env.GIT_OPTIONAL_LOCKS = '0';
  env.GIT_NO_REPLACE_OBJECTS = '1';
  env.LC_ALL = 'C';
  return env;
}

/** What git tells a hook about the objects of a push that is not taken yet. */
const QUARANTINE = ['GIT_QUARANTINE_PATH', 'GIT_OBJECT_DIRECTORY', 'GIT_ALTERNATE_OBJECT_DIRECTORIES'];

/** The variables that show git the objects of the push that a hook is asked about; none outside of such a hook. */
export function quarantine(from: Environment): Record<string, string> {
  if (!from.GIT_QUARANTINE_PATH) return {};
  return Object.fromEntries(QUARANTINE.flatMap(name => (from[name] ? [[name, from[name]]] : [])));
}

/** ssh must fail rather than ask; left alone where the user chose the command. */
export function sshEnvironment(env: NodeJS.ProcessEnv, sshCommand: string | undefined): NodeJS.ProcessEnv {
  if (env.GIT_SSH_COMMAND || env.GIT_SSH || sshCommand) return env;
  return { ...env, GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' };
}
