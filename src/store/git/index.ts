import type { Discovery } from './discover.ts';
import type { Environment } from './environment.ts';
import { GitRemote, type RemoteOptions } from './remote.ts';
import { type GateOptions, GitStore } from './store.ts';

export { GitConfig, type RemoteConfig } from './config.ts';
export { openDesk } from './desk.ts';
export {
  checkGitVersion,
  type Discovery,
  discover,
  gitVersion,
  type Location,
  OLDEST_GIT,
  readConfig,
} from './discover.ts';
export { type Environment, withoutRepository } from './environment.ts';
export { lastLine } from './faults.ts';
export { GitRemote, type RemoteOptions } from './remote.ts';
export { endGit, failureText, type RunResult, runGit, spawnCount } from './run.ts';
export { GitStore } from './store.ts';

/** The store of a repository that {@link discover} found. Nothing is started before the first question. */
export function openGitStore(discovery: Discovery, env?: Environment, gate?: GateOptions): GitStore {
  return new GitStore(discovery, env, gate);
}

/** A configured remote, or a URL, of the same repository. */
export function openGitRemote(discovery: Discovery, store: GitStore, options: RemoteOptions): GitRemote {
  return new GitRemote(discovery, store, options);
}
