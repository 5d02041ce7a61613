/** A flag that every command takes. */
export interface GlobalFlag {
  name: string;
  short?: string;
  kind: 'string' | 'boolean';
  /** What stands for the value in help. */
  value?: string;
  choices?: readonly string[];
  says: string;
}

/** The one list of flags that belong to no operation. */
export const GLOBALS: readonly GlobalFlag[] = [
  { name: 'json', kind: 'boolean', says: 'print the answer as JSON' },
  { name: 'as', kind: 'string', value: 'actor', says: 'act as this actor' },
  { name: 'run', kind: 'string', value: 'run', says: 'write under this run; a/b is the child b of a' },
  { name: 'ledger', kind: 'string', value: 'ledger', says: 'use this ledger for this command' },
  { name: 'mode', kind: 'string', choices: ['session', 'loop'], says: 'a person looks on, or a loop starts agents' },
  { name: 'sync', kind: 'boolean', says: 'wait until the remote has it; --no-sync leaves it to ledgenter sync' },
  { name: 'offline', kind: 'boolean', says: 'send nothing; a claim is provisional' },
  { name: 'idempotency-key', kind: 'string', value: 'key', says: 'the same key never writes twice' },
  { name: 'edit', kind: 'boolean', says: 'write the long text in the editor' },
  { name: 'quiet', short: 'q', kind: 'boolean', says: 'no progress and no remarks on stderr' },
  { name: 'C', kind: 'string', value: 'folder', says: 'run as if started there' },
  { name: 'help', short: 'h', kind: 'boolean', says: 'help, with examples' },
  { name: 'version', kind: 'boolean', says: 'the version' },
];

/** `-C`, `--json`. */
export function flagText(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}

/** The values of the global flags on one command line. */
export interface GlobalValues {
  json: boolean;
  quiet: boolean;
  help: boolean;
  version: boolean;
  edit: boolean;
  offline: boolean;
  sync?: boolean;
  as?: string;
  run?: string;
  mode?: string;
  ledger?: string;
  key?: string;
  folder?: string;
}
