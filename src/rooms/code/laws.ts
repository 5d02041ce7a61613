import { canonicalJson } from '../../kernel/canonical.ts';
import { type Change, defineLaw, type Finding, type Law } from '../../kernel/law.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { askedOf, hasEvidence } from '../tasks/gates.ts';
import { type CodeRef, codeRefRecord, taskRecord } from '../tasks/record.ts';
import { refProblem, sameCommit } from './refs.ts';

const enforcedBy = 'rooms/code-refs.test.ts';

export const codeLaws: Law[] = [
  defineLaw({
    id: 'code_ref.live',
    says: 'Of a code ref only whether it is live, the state of its pull request and the commit that took its place may change: a live one of the same task, told only of a commit that is not live; and a done task that needs evidence keeps some.',
    enforcedBy,
    async check({ changes, after }) {
      const found: Finding[] = [];
      for (const [task, refs] of byTask(changes)) {
        // The refs of a task are read once for all of its changes: a rebase moves two hundred in one entry.
        const live = refs.some(moves) ? await liveCommits(after, task) : [];
        const lost = refs.some(ends) && (await lacksEvidence(after, task));
        for (const change of refs) {
          const finding = fault(change, live) ?? (lost && ends(change) ? gap(change) : undefined);
          if (finding) found.push({ path: change.path, ...finding });
        }
      }
      return found;
    },
  }),
];

type RefChange = Change<CodeRef> & { after: CodeRef };

/** Code refs that are new or changed, by their task; record.kept names those that are removed. */
function byTask(changes: readonly Change[]): Map<string, RefChange[]> {
  const found = new Map<string, RefChange[]>();
  for (const change of changes) {
    if (change.def.kind !== codeRefRecord.kind || change.after === undefined) continue;
    found.set(change.parent!, [...(found.get(change.parent!) ?? []), change as unknown as RefChange]);
  }
  return found;
}

const moves = ({ before, after }: RefChange): boolean =>
  after.moved_to !== undefined && after.moved_to !== before?.moved_to;
const ends = ({ before, after }: RefChange): boolean => before?.live === true && !after.live;

function fault(change: RefChange, live: readonly { id: string; sha: string }[]): Finding | undefined {
  const { id, before, after, parent } = change;
  const odd = before ? changed(id, before, after) : shape(id, after);
  if (odd || !moves(change)) return odd;
  const there = live.some(other => other.id !== id && sameCommit(other.sha, after.moved_to!));
  return there ? undefined : { message: `${id} moved to ${after.moved_to}, which is no live commit of ${parent}` };
}

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

async function liveCommits(view: View, task: string): Promise<{ id: string; sha: string }[]> {
  const refs = await view.all(codeRefRecord, task);
  return refs.flatMap(({ id, record: { live, sha } }) => (live && sha !== undefined ? [{ id, sha }] : []));
}

/** True for a task that is done, needs evidence, and has none. */
async function lacksEvidence(view: View, id: string): Promise<boolean> {
  const task = await find(view, taskRecord, id);
  if (task?.status !== 'done' || !(await askedOf(view, task)).requires_evidence) return false;
  return !(await hasEvidence(view, id));
}

const gap = ({ id, parent }: RefChange): Finding => ({
  code: 'GATE',
  message: `${parent} is done on the evidence of ${id}`,
  hint: `ledgenter task get ${parent}`,
});
