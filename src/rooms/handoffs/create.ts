import * as z from 'zod/mini';
import { canonicalJson } from '../../kernel/canonical.ts';
import type { Intent } from '../../kernel/entry.ts';
import { choice, date, idOf, text, title, word } from '../../kernel/fields.ts';
import { sha256Hex } from '../../kernel/ids.ts';
import { byOf, defineOperation, refuse } from '../../kernel/operation.ts';
import type { View } from '../../kernel/view.ts';
import { actorRecord } from '../actors/record.ts';
import { find } from '../lookup.ts';
import { nothing } from '../nothing.ts';
import { ROLES } from '../orientation/document/roles.ts';
import { any } from '../room.ts';
import { once } from '../tasks/fields.ts';
import { taskRecord } from '../tasks/record.ts';
import type { Edit } from '../tasks/write.ts';
import { todoId } from '../work/fields.ts';
import { recipients } from './fields.ts';
import { HANDOFF_KINDS, type Handoff, handoffRecord } from './record.ts';
import { answer } from './show.ts';
import { isRole, recipientsOf } from './who.ts';
import { settle } from './write.ts';

const CREATE_HELP = 'ledgenter handoff create --help';

const idFor = (intent: Intent): string => byOf(intent, nothing).newId(any(handoffRecord));

export const create = defineOperation({
  name: 'handoff.create',
  kind: 'write',
  creates: true,
  summary:
    'Ask actors or roles a question, a review, an approval, or hand them work; work on a task you hold offers them its claim; context_for adds a document about the task',
  input: () =>
    z.strictObject({
      to: recipients(),
      kind: choice(HANDOFF_KINDS),
      title: title(),
      body: z.optional(text()),
      task_id: z.optional(idOf('task')),
      context: z.optional(text()),
      context_for: z.optional(choice(ROLES)),
      todo_id: z.optional(todoId()),
      intended_host: z.optional(word()),
      due_on: z.optional(date()),
    }),
  positional: 'title',
  examples: [
    {
      cli: "ledgenter handoff create 'Which clock?' --kind question --to bob,maintainer",
      says: 'whoever is first answers',
    },
    {
      cli: "ledgenter handoff create 'Go on from here' --kind work --to bob --task-id <task_id>",
      says: 'bob takes over what you hold',
    },
    {
      cli: "ledgenter handoff create 'Go on from here' --kind work --to bob --task-id <task_id> --context-for implementer",
      says: 'with a document made of the ledger as it is now',
    },
  ],
  target: ({ kind, task_id }) =>
    kind === 'work' && task_id !== undefined ? { def: any(taskRecord), id: task_id } : undefined,
  async placed(context, input) {
    const { context_for, task_id, todo_id } = input;
    if (context_for === undefined) return input;
    if (input.context !== undefined)
      refuse('BAD_INPUT', 'a context is given, or made for a role: not both', { hint: CREATE_HELP });
    if (task_id === undefined) refuse('BAD_INPUT', 'a context is made of a task: name it', { hint: CREATE_HELP });
    const { documentOf } = await import('../orientation/document/index.ts');
    // In the entry itself: whoever takes it up reads what its sender sent, whatever became of the ledger since.
    return { ...input, context: (await documentOf(context, task_id, { for: context_for, todo_id })).document };
  },
  offers: (_input, intent) => idFor(intent),
  subject: ({ to, kind, title }, intent) => `asked ${to.join(', ')} (${kind}, ${idFor(intent)}): ${title}`,
  async decide(view, { to, context, ...given }, by) {
    const id = by.newId(any(handoffRecord));
    const after: Handoff = {
      ...given,
      to: once(to.map(name => name.toLowerCase())),
      ...(context === undefined ? {} : { context, context_sha256: sha256Hex(context) }),
      status: 'open',
      created_by: by.actor,
      created_at: by.at,
      updated_at: by.at,
    };
    const task = await offered(view, id, after, by.claim?.root);
    return settle(view, by, { id, after, ...(task ? { task } : {}) }, { handoff_id: id });
  },
  async show(context, { handoff_id }) {
    const shown = await answer(context, handoff_id);
    const handoff = shown.handoff as { task_id?: string };
    const held = handoff.task_id === undefined ? undefined : await find(context.view, taskRecord, handoff.task_id);
    const offer = held?.hold?.offer?.id === handoff_id;
    const strangers = await unknownTo(context.view, String(handoff_id));
    return {
      ...shown,
      ...(strangers.length > 0 ? { unknown: strangers } : {}),
      ...(offer ? { offered: handoff.task_id } : {}),
      hints: { next: offer ? `ledgenter handoff cancel ${handoff_id}` : `ledgenter handoff get ${handoff_id}` },
    };
  },
});

/** The task that the entry is written under, with its claim offered to the recipients; undefined when none is held. */
async function offered(view: View, id: string, after: Handoff, root: string | undefined): Promise<Edit | undefined> {
  if (after.task_id === undefined || root === undefined) return undefined;
  const before = await find(view, taskRecord, after.task_id);
  if (!before?.hold || before.hold.root !== root) return undefined;
  const to = await recipientsOf(view, after, after.created_by);
  const hold = { ...before.hold, offer: { id, to } };
  return { id: after.task_id, before, after: JSON.parse(canonicalJson({ ...before, hold })) };
}

/** Recipients who have not written in this ledger yet: perhaps a name misspelt. */
async function unknownTo(view: View, id: string): Promise<string[]> {
  const out: string[] = [];
  for (const name of (await find(view, handoffRecord, id))?.to ?? [])
    if (!isRole(name) && !(await find(view, actorRecord, name))) out.push(name);
  return out;
}
