import { mkdirSync, readFileSync } from 'node:fs';
import type { LandedFile } from '../book/landed.ts';
import { writeWhole } from '../views/files.ts';

/** Which entries a book has, kept in `folder`: derived, and made anew wherever it is missing. */
export function landedFile(folder: string, name = 'landed'): LandedFile {
  return {
    read() {
      try {
        return readFileSync(`${folder}/${name}`);
      } catch {
        return undefined; // not made yet
      }
    },
    write(bytes) {
      try {
        mkdirSync(folder, { recursive: true });
        writeWhole(folder, name, [bytes]);
      } catch {
        // a folder that cannot be written: it is made anew each time
      }
    },
  };
}
