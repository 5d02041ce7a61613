import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';

/** What follows it is dropped; a `#` alone would take the headings of Markdown. */
const SCISSORS = '# ------------------------ >8 ------------------------';

/** The user's editor as git finds it: GIT_EDITOR, core.editor, VISUAL, EDITOR, else vi (notepad on Windows). */
export function editorCommand(
  env: Readonly<Record<string, string | undefined>>,
  coreEditor: string | undefined,
): string[] {
  const chosen = [env.GIT_EDITOR, coreEditor, env.VISUAL, env.EDITOR].find(each => each?.trim());
  return splitCommand(chosen ?? (process.platform === 'win32' ? 'notepad' : 'vi'));
}

/** Words of a command with quotes, without a shell: `"/opt/My Editor/ed" --wait` has two. */
export function splitCommand(text: string): string[] {
  const words = text.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map(word => word.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single));
}

/**
 * Lets the user write a text in the editor.
 * @throws LedgerError USAGE when the editor cannot be started or fails.
 */
export async function editText(command: string[], initial: string, title: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ledgenter-'));
  const file = join(folder, `${title}.md`);
  try {
    await writeFile(file, `${initial}\n${SCISSORS}\n# Write the ${title} above. An empty text cancels.\n`, {
      mode: 0o600,
    });
    await runEditor(command, file);
    const text = await readFile(file, 'utf8');
    const cut = text.indexOf(SCISSORS);
    return (cut < 0 ? text : text.slice(0, cut)).trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runEditor(command: string[], file: string): Promise<void> {
  const [program, ...args] = command;
  return new Promise((resolve, reject) => {
    const fail = (why: string) =>
      reject(new LedgerError('USAGE', `the editor ${program} ${why}`, { hint: 'git config core.editor <command>' }));
    const child = spawn(program!, [...args, file], { stdio: 'inherit' });
    child.on('error', () => fail('could not be started'));
    child.on('exit', code => (code === 0 ? resolve() : fail(`ended with ${code ?? 'a signal'}`)));
  });
}
