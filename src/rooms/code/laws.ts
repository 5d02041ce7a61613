import { canonicalJson } from '../../kernel/canonical.ts';
import { defineRecordLaw, type Finding, type Law } from '../../kernel/law.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { askedOf, hasEvidence } from '../tasks/gates.ts';
import { type CodeRef, codeRefRecord, taskRecord } from '../tasks/record.ts';
import { refProblem, sameCommit } from './refs.ts';

const enforcedBy = 'rooms/code-refs.test.ts';

export const codeLaws: Law[] = [
  defineRecordLaw({
    id: 'code_ref.live',
    says: 'Of a code ref only whether it is live, the state of its pull request and the commit that took its place may change: a live one of the same task, told only of a commit that is not live; and a done task that needs evidence keeps some.',
    enforcedBy,
    on: codeRefRecord,
    async check({ id, before, after, parent }, { after: view }) {
      if (!after) return undefined; // record.kept names it
      const odd = before ? changed(id, before, after) : shape(id, after);
      if (odd) return odd;
      const moved = after.moved_to !== undefined && after.moved_to !== before?.moved_to;
      if (moved && !(await tookPlace(view, parent!, id, after.moved_to!)))
        return { message: `${id} moved to ${after.moved_to}, which is no live commit of ${parent}` };
      if (after.live || !before?.live) return undefined;
      const task = await find(view, taskRecord, parent!);
      if (task?.status !== 'done' || !(await askedOf(view, task)).requires_evidence) return undefined;
      if (await hasEvidence(view, parent!)) return undefined;
      return { code: 'GATE', message: `${parent} is done on the evidence of ${id}` };
    },
  }),
];

/** A ref that is new: live, and nothing yet became of it. */
function shape(id: string, ref: CodeRef): Finding | undefined {
  if (!ref.live) return { message: `${id} is not live when it is added` };
  const problem = refProblem(ref);
  return problem === undefined ? fate(id, ref) : { message: `${id}: ${problem}` };
}

function changed(id: string, before: CodeRef, after: CodeRef): Finding | undefined {
  const what = ({ live: _live, state: _state, moved_to: _to, ...rest }: CodeRef): string => canonicalJson(rest);
  if (what(before) !== what(after)) return { message: `${id} cannot point elsewhere; add another code ref` };
  return fate(id, after);
}

/** What became of it fits what it is. */
function fate(id: string, { ref_type, state, moved_to, live }: CodeRef): Finding | undefined {
  if (state !== undefined && ref_type !== 'pr') return { message: `${id} is no pull request: it has no state` };
  if (moved_to === undefined) return undefined;
  if (ref_type !== 'commit') return { message: `${id} is no commit: none took its place` };
  return live ? { message: `${id} is live: no commit took its place` } : undefined;
}

async function tookPlace(view: View, task: string, id: string, sha: string): Promise<boolean> {
  for (const other of await view.all(codeRefRecord, task)) {
    const { live, sha: its } = other.record;
    if (other.id !== id && live && its !== undefined && sameCommit(its, sha)) return true;
  }
  return false;
}
