import * as z from 'zod/mini';
import { canonicalReference, MAX_REFERENCE } from '../../kernel/intake.ts';
import { type By, defineOperation, refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { any } from '../room.ts';
import { askedTaskId, askId, askRecord } from './asks.ts';
import { type Draft, linkedDraftFields, newTask } from './draft.ts';
import { ownerOf, reference } from './owner.ts';
import { taskRecord } from './record.ts';
import { answer } from './show.ts';
import { needTask, settle } from './write.ts';

const asked = () => z.string().check(z.minLength(1), z.maxLength(MAX_REFERENCE));

/** The one entry of every channel: a reference that asked before never makes a second task. */
export const ask = defineOperation({
  name: 'task.ask',
  kind: 'write',
  creates: true,
  summary:
    'The one task of an ask from outside (issue, mail, chat): makes it, or finds it when the same reference asked before',
  input: () =>
    z.strictObject({
      origin_ask_ref: asked(),
      also_asked: z.optional(z.array(asked()).check(z.maxLength(20))),
      ...linkedDraftFields(),
    }),
  positional: 'title',
  aliases: [{ name: 'ask', args: [] }],
  examples: [
    {
      cli: "ledgenter task ask 'Crash on save' --origin-ask-ref github:acme/app#42",
      says: 'the same issue never makes a second task',
    },
  ],
  target({ origin_ask_ref }) {
    const found = canonicalReference(origin_ask_ref);
    return 'ref' in found ? { def: any(taskRecord), id: askedTaskId(found.ref) } : undefined;
  },
  subject: ({ origin_ask_ref, title }) => `asked for ${origin_ask_ref} ${title}`,
  async decide(view, { origin_ask_ref, also_asked, ...draft }, by) {
    const origin = reference(origin_ask_ref);
    const refs = [...new Set([origin, ...(also_asked ?? []).map(reference)])];
    const owners = new Map<string, string | undefined>();
    for (const ref of refs) owners.set(ref, await ownerOf(view, ref));
    const known = [...new Set(owners.values())].filter(id => id !== undefined);
    if (known.length > 1) {
      refuse('REFUSED', `these references ask for different tasks: ${known.join(', ')}`, {
        hint: `ledgenter task link ${known[0]} --kind duplicates --to ${known[1]}`,
      });
    }
    const fresh = refs.filter(ref => owners.get(ref) === undefined);
    return known.length === 0 ? made(view, origin, fresh.slice(1), draft, by) : joined(view, known[0]!, fresh, by);
  },
  show: async (context, { task_id, existing }) => ({
    ...(await answer(context, task_id)),
    ...(existing ? { existing: true } : {}),
  }),
});

async function made(view: View, origin: string, also: string[], draft: Draft, by: By) {
  const id = askedTaskId(origin);
  const after = await newTask(view, draft, by, { origin_ask_ref: origin, also_asked: also });
  return settle(view, by, [{ id, after }], indexed(id, also), { task_id: id });
}

/** The task exists: it keeps what it is, and learns who else asked. */
async function joined(view: View, id: string, fresh: string[], by: By) {
  const before = await needTask(view, id);
  const after = { ...before, also_asked: [...before.also_asked, ...fresh] };
  return settle(view, by, [{ id, before, after }], indexed(id, fresh), { task_id: id, existing: true });
}

const indexed = (id: string, refs: string[]) => refs.map(ref => askRecord.put(askId(ref), { task_id: id }));
