import { SpoolFolder } from '../../store/git/spool.ts';
import { foldersOf, type Where } from './folders.ts';

/**
 * Appends one event to the spool of its ledger, or where that cannot be written to the user's own.
 * @throws the error of the last place that was tried
 */
export function spool(where: Where, event: { [key: string]: unknown }): void {
  const line = JSON.stringify(event);
  const [first, ...others] = foldersOf(where);
  try {
    new SpoolFolder(first!).add(line);
  } catch (error) {
    if (others.length === 0) throw error;
    new SpoolFolder(others[0]!).add(line);
  }
}
