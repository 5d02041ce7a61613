import { defineLaw, defineRecordLaw, type Law } from '../../kernel/law.ts';
import { believed } from '../actors/standing.ts';
import { find } from '../lookup.ts';
import { adoptionLaws } from './adoptlaws.ts';
import { askId, askRecord } from './asks.ts';
import { blobId, blobRecord, bytesOf, digest, isText, MAX_BLOB } from './blob.ts';
import { pointerProblem } from './note.ts';
import { proofRecord } from './proofs.ts';
import { attachmentRecord, codeRefRecord, noteRecord, type Task, taskRecord } from './record.ts';
import { TASK_RULES } from './rules/index.ts';
import { proofLaw } from './rules/proof.ts';
import { isImport, judges } from './rules/rule.ts';

const enforcedBy = 'rooms/task-laws.test.ts';

/** Where a rule is shown, if not with the others. */
const SHOWN: Readonly<Record<string, string>> = {
  'task.status': 'rooms/task-status.test.ts',
  'task.reviewer': 'rooms/reviews.test.ts',
  'task.workers': 'rooms/reviews.test.ts',
  'task.review': 'rooms/reviews.test.ts',
  'task.proof': 'rooms/proofs.test.ts',
  'task.adopted': 'rooms/adoption.test.ts',
  'task.recorded': 'rooms/task-record.test.ts',
  'plan.accepted': 'rooms/plans.test.ts',
  'task.waived': 'rooms/requirements.test.ts',
};

const ruleLaws: Law[] = TASK_RULES.map(rule =>
  defineRecordLaw({
    id: rule.id,
    says: rule.says,
    enforcedBy: SHOWN[rule.id] ?? enforcedBy,
    on: taskRecord,
    async check({ id: task, before, after }, transition) {
      const { before: was, after: view, changes } = transition;
      // record.kept names it
      if (!after || !judges(rule, { before, after })) return undefined;
      const along = new Map<string, Task>();
      for (const change of changes) {
        if (change.def.kind === 'task' && change.after) along.set(change.id, change.after as Task);
      }
      return rule.check({ id: task, before, after, intent: await believed(transition), was, view, along });
    },
  }),
);

const authored = [noteRecord, codeRefRecord, attachmentRecord, proofRecord] as const;

export const taskLaws: Law[] = [
  ...ruleLaws,
  defineLaw({
    id: 'note.author',
    says: 'Notes, code refs, attachments and proofs are by the actor and of the time of the entry that adds them; only an import brings notes of others, and an adoption all of what it brings.',
    enforcedBy,
    check({ changes, entry }) {
      const { actor, at } = entry.intent;
      const kinds = authored.filter(kind => kind.kind !== 'note' || !isImport(entry.intent)).map(({ kind }) => kind);
      return changes
        .filter(({ def, before, after }) => kinds.includes(def.kind) && !before && after)
        .map(({ path, after }) => ({ path, record: after as { by: string; at: string } }))
        .filter(({ record }) => record.by !== actor || record.at !== at)
        .map(({ path, record }) => ({ path, message: `${path} is by ${record.by}, its entry by ${actor}` }));
    },
  }),
  defineRecordLaw({
    id: 'note.decision',
    says: 'A note of kind decision, and no other, names a decision, which exists.',
    enforcedBy,
    on: noteRecord,
    check({ before, after }, { after: view }) {
      return before || !after ? undefined : pointerProblem(view, after);
    },
  }),
  proofLaw,
  ...adoptionLaws,
  defineRecordLaw({
    id: 'ask.index',
    says: 'A further reference leads to the task that names it.',
    enforcedBy,
    on: askRecord,
    async check({ id, after }, { after: view }) {
      const task = after && (await find(view, taskRecord, after.task_id));
      return task?.also_asked.some(ref => askId(ref) === id)
        ? undefined
        : { message: `${id} leads to no task that names it` };
    },
  }),
  defineRecordLaw({
    id: 'attachment.bytes',
    brought: true,
    says: 'An attachment has a web address or bytes in the ledger; the bytes are what its digest says, at most 1 MB.',
    enforcedBy,
    on: attachmentRecord,
    async check({ id, after }, { after: view }) {
      if (!after || after.url !== undefined) return undefined;
      const blob = await find(view, blobRecord, blobId(after.sha256));
      const bytes = blob && bytesOf(blob);
      const whole = bytes !== undefined && digest(bytes) === after.sha256 && bytes.length === after.size;
      return whole ? undefined : { message: `the bytes of ${id} are not in the ledger as its digest says` };
    },
  }),
  defineRecordLaw({
    id: 'blob.used',
    brought: true,
    says: 'Bytes come in with an attachment that names their digest, and text comes in as text.',
    enforcedBy,
    on: blobRecord,
    check({ id, before, after }, { changes }) {
      const bytes = after && bytesOf(after);
      if (before || !after) return undefined; // append-only and record.kept name it
      if (!bytes || bytes.length > MAX_BLOB)
        return { code: 'TOO_LARGE', message: `${id} is larger than 1 MB, or damaged` };
      if ('base64' in after && isText(bytes)) return { message: `${id} is text, kept as if it were not` };
      const sha = digest(bytes);
      const used = changes.some(
        ({ def, after: file }) => def.kind === 'attachment' && (file as { sha256?: string })?.sha256 === sha,
      );
      return used && blobId(sha) === id ? undefined : { message: `no attachment of this entry names the bytes ${id}` };
    },
  }),
];
