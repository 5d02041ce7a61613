import { day, inline, literal } from '../../markdown.ts';
import { askedOf } from '../gates.ts';
import { defineSection, short } from './section.ts';

interface Head {
  id: string;
  title: string;
  status: string;
  [field: string]: unknown;
}

/** What it is, whose, and what it asks for before it is done. */
export const head = defineSection<Head>({
  key: 'task',
  async read({ context: { view }, id, task }) {
    const asked = await askedOf(view, task);
    const gates = [
      ...Object.entries(asked).flatMap(([gate, on]) => (on === true ? [gate] : [])),
      ...(['plan_required', 'validation_required'] as const).filter(gate => task[gate] && !(gate in asked)),
    ];
    const { title, status, reason, priority, project, parent, assignee, reviewer, labels, estimate } = task;
    const { due_on, start_on, origin_ask_ref, also_asked, imported, adopted, recorded, hold } = task;
    const { created_by, created_at, updated_at, finished_at } = task;
    const fields = {
      recorded,
      imported,
      adopted_from: adopted?.ledger,
      reason: reason === undefined ? undefined : short(reason),
      priority,
      project,
      parent,
      assignee,
      held_by: hold?.actor,
      held_until: hold?.lease_until,
      reviewer,
      labels: labels.length > 0 ? labels : undefined,
      estimate,
      start_on,
      due_on,
      asks_for: gates.length > 0 ? gates : undefined,
      origin_ask_ref,
      also_asked: also_asked.length > 0 ? also_asked : undefined,
      created_by,
      created_at,
      updated_at,
      finished_at,
    };
    const said = Object.entries(fields).filter(([, value]) => value !== undefined);
    return { id, title, status, ...Object.fromEntries(said) };
  },
  lines({ id, title, status, ...fields }) {
    const { recorded, imported, ...rest } = fields;
    const how = [recorded && 'recorded afterwards', imported && 'imported'].filter(Boolean);
    return [
      `# ${literal(title)}`,
      '',
      `${id}, ${status}${how.length > 0 ? ` (${how.join(', ')})` : ''}`,
      '',
      ...Object.entries(rest).map(([name, value]) => `- ${name.replace(/_/g, ' ')}: ${shown(name, value)}`),
    ];
  },
});

function shown(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map(item => literal(String(item).replace(/_/g, ' '))).join(', ');
  if (/_(at|until)$/.test(name) && typeof value === 'string') return day(value);
  return inline(String(value));
}
