import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Commits that this clone linked, as the hooks read them without a process: `linked/<first two digits>`, a line each. An
 * amend or a rebase of others starts nothing.
 */
export class LinkedCommits {
  readonly #folder: string;

  constructor(commonDir: string) {
    this.#folder = join(commonDir, 'ledgenter', 'hooks', 'linked');
  }

  has(sha: string): boolean {
    return this.#read(sha).includes(sha);
  }

  add(shas: Iterable<string>): void {
    for (const sha of shas) {
      if (!/^[0-9a-f]{40,64}$/.test(sha) || this.has(sha)) continue;
      try {
        mkdirSync(this.#folder, { recursive: true });
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
