/** Hooks of ours in a repository that people work in, in the order in which a commit meets them. */
export const CLIENT_HOOKS = [
  'pre-commit',
  'prepare-commit-msg',
  'commit-msg',
  'post-commit',
  'post-rewrite',
  'post-merge',
  'post-checkout',
  'pre-push',
] as const;

/** The hook of a bare repository that others push to. */
export const GATE = 'pre-receive';

/**
 * Hooks that git looks for in the folder of `core.hooksPath` alone. Where ours is that folder, each of them is passed on
 * to the folder that was in effect before, whatever appears there later.
 */
const PASSED = [
  'applypatch-msg',
  'pre-applypatch',
  'post-applypatch',
  'pre-merge-commit',
  'pre-rebase',
  'pre-auto-gc',
  'update',
  'post-receive',
  'post-update',
  'sendemail-validate',
  'p4-changelist',
  'p4-prepare-changelist',
  'p4-post-changelist',
  'p4-pre-submit',
];

/**
 * Hooks that are passed on only where one is there: that they exist changes what git does (`push-to-checkout`), or costs
 * a process at every ref or index that is written.
 */
const PASSED_IF_THERE = [
  'reference-transaction',
  'post-index-change',
  'push-to-checkout',
  'proc-receive',
  'fsmonitor-watchman',
];

/** Every hook that git knows and that a stub of ours may stand for. */
export const ALL_HOOKS: readonly string[] = [...CLIENT_HOOKS, GATE, ...PASSED, ...PASSED_IF_THERE];

export const isOwnHook = (name: string): boolean => name === GATE || (CLIENT_HOOKS as readonly string[]).includes(name);

/** What is passed on from our folder, beside `own`. @param isThere of the folder that was in effect */
export function passedHooks(own: readonly string[], isThere: (name: string) => boolean): string[] {
  const left = [...CLIENT_HOOKS, GATE, ...PASSED].filter(name => !own.includes(name));
  return [...left, ...PASSED_IF_THERE.filter(isThere)];
}
