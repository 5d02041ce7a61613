import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Landed } from '../../book/landed.ts';
import type { OddFile } from '../../exchange/doctor/premises.ts';
import { Journal } from '../../views/activity/journal.ts';
import { checkText } from '../../views/check.ts';
import { Base } from '../../views/tasks/base.ts';

/** How a derived file is checked before it is read; throws for one that is no good. */
const CHECKS: readonly [RegExp, (path: string) => void][] = [
  [/^tasks\.base$/, path => void Base.open(path)],
  [/^activity\.journal$/, path => void Journal.read(path)],
  [/^landed$/, path => need(Landed.decode(readFileSync(path)) !== undefined)],
  [/^recent-\d+\.json$/, path => need(isChecked(readFileSync(path, 'utf8')))],
];

/** Derived files, and those that are not what this version wrote: whoever needs one makes it anew. */
export function cachesIn(folder: string, shown: string): { files: number; damaged: OddFile[] } {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const damaged: OddFile[] = [];
  for (const name of names) {
    const check = CHECKS.find(([pattern]) => pattern.test(name))?.[1];
    try {
      check?.(join(folder, name));
    } catch {
      damaged.push({ file: `${shown}/${name}`, why: 'a derived file is not what this version wrote' });
    }
  }
  return { files: names.length, damaged };
}

const isChecked = (text: string): boolean => text.slice(0, 9) === `${checkText(text.slice(9))} `;

function need(good: boolean): void {
  if (!good) throw new Error('damaged');
}
