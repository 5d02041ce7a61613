import { FINAL } from '../record.ts';
import { isImport, type TaskRule } from './rule.ts';

export const timesRule: TaskRule = {
  id: 'task.times',
  brought: true,
  says: 'A task is created by the actor and at the time of its entry, changed at the time of each entry, and finished at the time of the entry that ends it; only an import brings other times and people.',
  check({ id, before, after, intent }) {
    const { at, actor } = intent;
    const final = FINAL.includes(after.status);
    const wrong = (what: string) => ({ message: `${id}: ${what} is not that of its entry` });
    if (final !== (after.finished_at !== undefined)) return wrong('the time of its end');
    if (!before) {
      if (isImport(intent) && after.imported) return undefined;
      if (after.created_by !== actor) return wrong('its author');
      if (final && after.finished_at !== at) return wrong('the time of its end');
      return after.created_at === at && after.updated_at === at ? undefined : wrong('the time of creation');
    }
    if (before.created_by !== after.created_by || before.created_at !== after.created_at) return wrong('its creation');
    if (after.updated_at !== at) return wrong('the time of change');
    const finished = before.status === after.status ? before.finished_at : at;
    return final && after.finished_at !== finished ? wrong('the time of its end') : undefined;
  },
};

/** What a task asks for before it is done, by its own fields. */
const GATES = ['reviewer', 'requires_evidence', 'resolution_required', 'plan_required', 'validation_required'] as const;

export const importedRule: TaskRule = {
  id: 'task.imported',
  brought: true,
  says: 'Only an import entry marks a task as imported, when it creates it, and the mark stays; one that comes in as done asks for nothing that nobody saw, but for what another ledger says of its own.',
  check({ id, before, after, intent }) {
    const told = before !== undefined || after.adopted !== undefined || after.recorded === true;
    const gate = told || after.status !== 'done' ? undefined : GATES.find(name => after[name]);
    if (gate !== undefined) return { message: `${id} comes in as done: it cannot ask for ${gate}` };
    if (before ? before.imported === after.imported : !after.imported || isImport(intent)) return undefined;
    return { message: `${id}: only an import says that a task was imported` };
  },
};
