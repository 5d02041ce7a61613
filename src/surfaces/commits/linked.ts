import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../kernel/law.ts';
import { type CodeRef, codeRefRecord } from '../../rooms/tasks/record.ts';

/**
 * Commits that this clone linked, as the hooks read them without a process: `linked/<first two digits>`, a line each. An
 * amend or a rebase of others starts nothing.
 */
export class LinkedCommits {
  readonly #folder: string;
  readonly #again: string;

  constructor(commonDir: string) {
    this.#folder = join(commonDir, 'ledgenter', 'hooks', 'linked');
    this.#again = join(commonDir, 'ledgenter', 'hooks', 'look-again');
  }

  /** Something was linked since the code was looked through: it may be gone again although nothing else moved. */
  get lookAgain(): boolean {
    return existsSync(this.#again);
  }

  /** The code was looked through. */
  looked(): void {
    rmSync(this.#again, { force: true });
  }

  has(sha: string): boolean {
    return this.#read(sha).includes(sha);
  }

  add(shas: Iterable<string>): void {
    for (const sha of shas) {
      if (!/^[0-9a-f]{40,64}$/.test(sha)) continue;
      try {
        mkdirSync(this.#folder, { recursive: true });
        writeFileSync(this.#again, '');
        if (this.has(sha)) continue;
        // Appended at once: two hooks at the same moment lose no line.
        writeFileSync(join(this.#folder, sha.slice(0, 2)), `${sha}\n`, { flag: 'a' });
      } catch {
        // a git dir that cannot be written: the next merge or push looks itself
      }
    }
  }

  #read(sha: string): string[] {
    try {
      return readFileSync(join(this.#folder, sha.slice(0, 2)), 'utf8').split('\n');
    } catch {
      return []; // none with these digits
    }
  }
}

/** Notes what was linked by hand, where hooks follow commits: an amend must find it as it finds what they linked. */
export function noteLinked(commonDir: string, changes: readonly Change[]): void {
  const refs = changes.filter(({ def, after }) => def.kind === codeRefRecord.kind && after !== undefined);
  const shas = refs.map(({ after }) => (after as CodeRef).sha).filter(sha => sha !== undefined);
  if (shas.length > 0 && existsSync(join(commonDir, 'ledgenter', 'hooks', 'conf')))
    new LinkedCommits(commonDir).add(shas);
}
