/** What a command line of `wrap` asks for. */
export interface Wrapped {
  /** Program and arguments, as they are handed on. */
  command: string[];
  as?: string;
  task?: string;
  run?: string;
  ledger?: string;
  folder?: string;
}

const FLAGS: Readonly<Record<string, keyof Omit<Wrapped, 'command'>>> = {
  '--as': 'as',
  '--task': 'task',
  '--run': 'run',
  '--ledger': 'ledger',
  '-C': 'folder',
};

/** Looked through before anything is loaded, so it is no parser of operations. A string says what is wrong. */
export function wordsOf(argv: readonly string[]): Wrapped | string {
  const asked: Wrapped = { command: [] };
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '--') {
      asked.command = argv.slice(at + 1);
      break;
    }
    if (!word.startsWith('-')) {
      asked.command = argv.slice(at);
      break;
    }
    const [name, inside] = word.startsWith('--') && word.includes('=') ? split(word) : [word, undefined];
    const field = FLAGS[name];
    if (field === undefined) return `no flag ${JSON.stringify(name.slice(0, 80))}; the command stands behind --`;
    const value = inside ?? argv[++at];
    if (value === undefined || value === '' || value === '--') return `${name} needs a value`;
    asked[field] = value;
  }
  if (asked.command.length === 0) return 'no command: ledgenter wrap --as <agent> -- <command>';
  if (asked.task !== undefined && !/^(t-)?[0-9a-z]{4,10}$/i.test(asked.task)) return '--task is no id of a task';
  if (asked.as !== undefined && !/^[a-z0-9][a-z0-9._-]{0,63}$/i.test(asked.as)) return '--as is no name of an agent';
  return asked;
}

function split(word: string): [string, string] {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
}
