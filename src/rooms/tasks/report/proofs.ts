import { code } from '../../markdown.ts';
import { hasPassed, proofRecord } from '../proofs.ts';
import { byTime, defineSection, type Items, listed, some } from './section.ts';

interface Shown {
  id: string;
  criterion: string;
  passed: boolean;
  exit_code: number | null;
  duration_ms: number;
  commit: string;
  clean: boolean;
  by: string;
  at: string;
}

/** Every run of a check, what passed and what did not. */
export const proofs = defineSection<Items<Shown>>({
  key: 'proofs',
  title: 'Checks that ran',
  async read({ context: { view }, id }) {
    const all = byTime(await view.all(proofRecord, id)).map(proof => {
      const { id: name, criterion, exit_code, duration_ms, commit, clean, by, at } = proof;
      return { id: name, criterion, passed: hasPassed(proof), exit_code, duration_ms, commit, clean, by, at };
    });
    return some(all, 'last');
  },
  lines: items =>
    listed(items, ({ id, criterion, passed, exit_code, duration_ms, commit, clean, by }) => {
      const how = passed ? 'passed' : `failed (exit code ${exit_code ?? 'none'})`;
      const where = `at ${code(commit.slice(0, 12))}${clean ? '' : ', on a tree that was not clean'}`;
      return `- ${criterion} ${how} in ${(duration_ms / 1000).toFixed(1)} s ${where}, by ${by} (${id})`;
    }),
});
