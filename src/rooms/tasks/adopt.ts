import * as z from 'zod/mini';
import { mark } from '../../kernel/fields.ts';
import { ADOPTION } from '../../kernel/law.ts';
import { lazy } from '../../kernel/lazy.ts';
import { type By, defineOperation, refuse } from '../../kernel/operation.ts';
import type { FileChange, View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { projectRecord } from '../projects/record.ts';
import { type Adoption, adoptedTask, adoption, digestOf, folderOf } from './adopted.ts';
import { askId, askRecord } from './asks.ts';
import { blobId, blobRecord } from './blob.ts';
import { type Attachment, attachmentRecord, taskRecord } from './record.ts';
import { answer } from './show.ts';
import { settle } from './write.ts';

/** Files of the book of the other ledger, by their paths there. */
const carried = () => mark(z.array(z.strictObject({ path: z.string(), text: z.string() })), { machine: true });

const input = lazy(() => z.extend(adoption(), { contents: z.optional(carried()) }));
type Input = Adoption & { contents?: FileChange[] | undefined };

/** One entry of `ledgenter ledger adopt`: the other ledger is read outside, what was read of it is entered here. */
export const adopt = defineOperation<Input>({
  name: ADOPTION,
  kind: 'write',
  internal: true,
  summary: 'Enter a task of another ledger with all of its records, their authors and times',
  input: input as unknown as () => z.ZodMiniType<Input>,
  examples: [{ cli: 'ledgenter ledger adopt <task_id> --from feature-a', says: 'what was done there, here too' }],
  subject: ({ task_id, from, tip }) => `adopted ${task_id} from ${from} at ${tip.slice(0, 12)}`,
  carry({ contents = [], ...said }) {
    return { input: said, files: contents };
  },
  async decide(view, { contents: _carried, ...said }, by) {
    const { task_id: id, from } = said;
    const known = await find(view, taskRecord, id);
    if (known?.adopted?.ledger === from) return { same: { task_id: id } };
    if (known)
      refuse('REFUSED', `${id} is in this ledger already${known.adopted ? `, from ${known.adopted.ledger}` : ''}`, {
        hint: `ledgenter task get ${id}`,
      });
    const files = await broughtFiles(said, by);
    const after = await adoptedTask(view, said, by);
    const beside = [
      ...files.map(({ path, text }) => ({ path: `${folderOf(id)}/${path}`, text })),
      ...(await bytesOf(view, id, files, by)),
      ...after.also_asked.map(ref => askRecord.put(askId(ref), { task_id: id })),
      ...(await projectOf(view, after.project, by)),
    ];
    return settle(view, by, [{ id, after }], beside, { task_id: id });
  },
  async show(context, { task_id }) {
    const task = await find(context.view, taskRecord, String(task_id));
    return { ...(await answer(context, task_id)), ...(task?.adopted ? { adopted: task.adopted } : {}) };
  },
});

async function broughtFiles({ task_id, records, sha256 }: Adoption, by: By): Promise<{ path: string; text: string }[]> {
  const files: { path: string; text: string }[] = [];
  for (const path of records) {
    const text = await by.carried(`${folderOf(task_id)}/${path}`);
    if (text === undefined) refuse('BAD_INPUT', `${path} of ${task_id} did not come along`);
    files.push({ path, text });
  }
  if (digestOf(files) !== sha256) refuse('BAD_INPUT', `what came along with ${task_id} is not what its entry names`);
  return files;
}

/** Bytes of its attachments that are not here yet. */
async function bytesOf(view: View, id: string, files: readonly { path: string; text: string }[], by: By) {
  const out: FileChange[] = [];
  for (const file of files) {
    if (attachmentRecord.at(`${folderOf(id)}/${file.path}`) === undefined) continue;
    const { url, sha256 } = attachmentIn(file);
    const path = blobRecord.path(blobId(sha256));
    if (url !== undefined || (await view.reader.read(path)) !== undefined) continue;
    const text = await by.carried(path);
    if (text === undefined) refuse('BAD_INPUT', `the bytes of ${file.path} did not come along`);
    if (!out.some(one => one.path === path)) out.push({ path, text });
  }
  return out;
}

/** The bytes come from whoever wrote the entry: they may be anything. */
function attachmentIn({ path, text }: { path: string; text: string }): Pick<Attachment, 'url' | 'sha256'> {
  try {
    const parsed = attachmentRecord.schema().safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // no JSON
  }
  return refuse('BAD_INPUT', `${path} is no attachment`);
}

/** A project of that key, where there is none: whatever it asked of the task there, the task asks of itself. */
async function projectOf(view: View, key: string | undefined, { actor, at }: By): Promise<FileChange[]> {
  if (key === undefined || (await find(view, projectRecord, key))) return [];
  return [projectRecord.put(key, { title: key, status: 'active', created_by: actor, created_at: at, updated_at: at })];
}
