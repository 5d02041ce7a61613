import * as z from 'zod/mini';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { any } from '../room.ts';
import { taskId } from './fields.ts';
import { checkHash, factFields, hasPassed, type Proof, proofRecord, proveCommand, refOf } from './proofs.ts';
import { type Criterion, taskRecord } from './record.ts';
import { provingFinding } from './rules/proof.ts';
import { answer } from './show.ts';
import { needTask, settle } from './write.ts';

/** What `task prove` writes of one check that ran. No surface offers it: nobody hands in a proof by hand. */
export const proof = defineOperation({
  name: 'task.proof',
  kind: 'write',
  internal: true,
  summary: 'What was measured when the check of a criterion ran',
  input: () => z.strictObject({ task_id: taskId(), ...factFields() }),
  positional: 'task_id',
  examples: [{ cli: 'ledgenter task prove <task_id>', says: 'runs the checks and writes what came of them' }],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: input =>
    `${hasPassed(input) ? 'proved' : 'failed'} ${input.criterion} of ${input.task_id} at ${input.commit.slice(0, 12)}`,
  async decide(view, { task_id: id, ...facts }, by) {
    const before = await needTask(view, id);
    const found = provingFinding(id, before, by.kind);
    if (found) refuse(found.code ?? 'REFUSED', found.message, { hint: found.hint! });
    const criterion = before.criteria.find(one => one.id === facts.criterion);
    if (criterion?.check === undefined || checkHash(criterion) !== facts.check_sha256) {
      refuse('REFUSED', `${facts.criterion} of ${id} changed while its check ran`, {
        hint: proveCommand(id, facts.criterion),
      });
    }
    const proof_id = by.newId(any(proofRecord));
    const ref = await refOf(view, id, facts.commit);
    const record: Proof = {
      ...facts,
      ...(ref?.repo === undefined ? {} : { repo: ref.repo }),
      by: by.actor,
      at: by.at,
    };
    const counts = facts.clean && ref !== undefined;
    const { met: _met, met_by: _by, met_at: _at, proof: _old, ...bare } = criterion;
    // The newest word counts: what failed on the code as it is committed is not met, whatever was proven before.
    const now: Criterion = !counts
      ? criterion
      : hasPassed(facts)
        ? { ...bare, met: true, met_by: by.actor, met_at: by.at, proof: proof_id }
        : { ...bare, met: false };
    const criteria = before.criteria.map(one => (one === criterion ? now : one));
    const file = proofRecord.put(proof_id, record, id);
    const met = counts && hasPassed(facts);
    return settle(view, by, [{ id, before, after: { ...before, criteria } }], [file], { task_id: id, proof_id, met });
  },
  async show(context, { task_id, proof_id, met }) {
    return { proof_id, met, ...(await answer(context, task_id)) };
  },
});
