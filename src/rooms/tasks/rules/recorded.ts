import { canonicalJson } from '../../../kernel/canonical.ts';
import type { Finding } from '../../../kernel/law.ts';
import { asFinding, gapOf, hasEvidence } from '../gates.ts';
import type { TaskRule } from './rule.ts';

/** What is said once, when the work is recorded. */
const SAID = ['recorded', 'changes', 'evidence'] as const;

export const recordedRule: TaskRule = {
  id: 'task.recorded',
  says: 'Work that was done before it was entered begins as done, held by nobody and marked as recorded for ever; it shows something or says why not; where a gate is open, only a person records it, with a reason; what another ledger recorded comes over as it is.',
  async check({ id, before, after, intent, view }) {
    if (before) {
      const changed = SAID.find(name => canonicalJson(before[name] ?? null) !== canonicalJson(after[name] ?? null));
      return changed && { message: `${id}: its ${changed} is what was said when it was entered, and stays` };
    }
    if (after.adopted) return undefined; // as it was said in its own ledger
    if (!after.recorded) {
      const odd = SAID.find(name => after[name] !== undefined);
      return odd && { message: `${id}: only recorded work has ${odd}` };
    }
    if (after.status !== 'done' || after.imported || after.hold)
      return { message: `${id}: recorded work is done, held by nobody and not imported` };
    const told = after.reason !== undefined;
    const shows = after.changes !== undefined || after.evidence !== undefined || (await hasEvidence(view, id));
    if (!shows && !told) return { code: 'GATE', ...nothingShown(after.title) };
    const gap = await gapOf(view, id, after);
    if (!gap || (intent.kind === 'human' && told)) return undefined;
    // Its own id is of no use to whoever is refused: there is no such task.
    const message = `work that asks for ${gap.gate} is not recorded afterwards, except by a person with a reason: ${gap.message.replace(`${id} `, 'it ')}`;
    return { ...asFinding(gap), message, hint: `ledgenter task create ${quoted(after.title)}` };
  },
};

function nothingShown(title: string): Finding {
  return {
    message: 'the record shows nothing: name a change, a code ref or evidence, or say why there is none',
    hint: `ledgenter task record ${quoted(title)} --summary '<what was done>' --allow-empty-record --reason '<why>'`,
  };
}

/** A title as one word of a shell; one that would need more than quotes is left to be filled in. */
function quoted(title: string): string {
  return /^[\p{L}\p{N}][\p{L}\p{N} .,:;()+/_@#-]*$/u.test(title) ? `'${title}'` : "'<title>'";
}
