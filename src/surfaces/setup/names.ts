/** What `setup` can write for; kept apart so that naming them loads nothing else. */
export const SETUP_NAMES = ['claude', 'codex', 'cursor', 'vscode', 'gemini', 'opencode', 'agents-md'] as const;

export type SetupName = (typeof SETUP_NAMES)[number];
