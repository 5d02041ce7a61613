import { splitCommand } from '../../kernel/command.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { View } from '../../kernel/view.ts';
import { MAX_COMMAND } from '../../rooms/tasks/fields.ts';
import { unproven } from '../../rooms/tasks/proofs.ts';
import type { Criterion, Task } from '../../rooms/tasks/record.ts';

/** A criterion with a check, and the words of its command. */
export interface Checked {
  criterion: Criterion & { check: string };
  words: string[];
}

/**
 * What is to be proven: the criterion that is named, else every one with a check that is not proven as it stands, in order.
 * @throws LedgerError NOT_FOUND, REFUSED: no such criterion, no check, a check that does not run without a shell
 */
export async function chosen(view: View, id: string, task: Task, name: string | undefined): Promise<Checked[]> {
  const get = { hint: `ledgenter task get ${id}` };
  const add = { hint: `ledgenter task update ${id} --check '${name ?? 'c1'}=<command>'` };
  const { criteria } = task;
  if (name === undefined) {
    const checked = criteria.filter(hasCheck);
    if (checked.length === 0) throw new LedgerError('REFUSED', `no criterion of ${id} has a check`, add);
    const open = [];
    for (const one of checked) if (!one.met || (await unproven(view, id, one)) !== undefined) open.push(one);
    return open.map(one => split(id, one));
  }
  const one = criteria.find(criterion => criterion.id === name);
  if (!one) {
    const names = criteria.map(criterion => criterion.id).join(', ') || 'none';
    throw new LedgerError('NOT_FOUND', `${id} has no criterion ${name} (it has ${names})`, get);
  }
  if (!hasCheck(one))
    throw new LedgerError('REFUSED', `${name} of ${id} has no check: it is met by word`, {
      hint: `ledgenter task check ${id} --criterion ${name} --met`,
    });
  return [split(id, one)];
}

const hasCheck = (criterion: Criterion): criterion is Criterion & { check: string } => criterion.check !== undefined;

/** A check may have been written past the schema: it is read again before it is run. */
function split(id: string, criterion: Criterion & { check: string }): Checked {
  const long = criterion.check.length > MAX_COMMAND;
  const found = long ? { problem: `has more than ${MAX_COMMAND} characters` } : splitCommand(criterion.check);
  if ('words' in found) return { criterion, words: found.words };
  throw new LedgerError('REFUSED', `the check of ${criterion.id} of ${id} does not run: it ${found.problem}`, {
    hint: `ledgenter task update ${id} --check '${criterion.id}=<command>'`,
  });
}
