import * as z from 'zod/mini';
import { fromBase64 } from '../../kernel/base64.ts';
import { mark, title } from '../../kernel/fields.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { any } from '../room.ts';
import { type Blob, blobId, blobRecord, bytesOf, digest, isText, MAX_BLOB } from './blob.ts';
import { taskId, webUrl } from './fields.ts';
import { attachmentRecord, taskRecord } from './record.ts';
import { answer } from './show.ts';
import { needTask, settle } from './write.ts';

const input = () =>
  z.strictObject({
    task_id: taskId(),
    name: title(),
    media_type: z.optional(
      mark(
        z
          .string()
          .check(
            z.regex(/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/i, { error: 'is no media type (text/plain)' }),
            z.maxLength(128),
          ),
        {
          verbatim: true,
        },
      ),
    ),
    /** Text, which the redactor sees. */
    content: z.optional(
      z.string().check(z.refine(text => !text.includes('\u0000'), { error: 'has a NUL: send content_base64' })),
    ),
    content_base64: z.optional(mark(z.string(), { machine: true })),
    url: z.optional(webUrl()),
    sha256: z.optional(
      mark(z.string().check(z.regex(/^[0-9a-f]{64}$/, { error: 'is no SHA-256' })), { machine: true }),
    ),
    /** Bytes. */
    size: z.optional(z.int().check(z.minimum(0))),
  });
type Input = z.infer<ReturnType<typeof input>>;

/** The bytes given with a call, ready to be kept. @throws LedgerError BAD_INPUT, TOO_LARGE */
function given({ content, content_base64 }: Input): { blob: Blob; bytes: Uint8Array } {
  if (content !== undefined && content_base64 !== undefined)
    refuse('BAD_INPUT', 'give content or content_base64, not both');
  const blob: Blob = content === undefined ? { base64: content_base64! } : { text: content };
  const bytes = 'text' in blob ? bytesOf(blob) : fromBase64(blob.base64);
  if (!bytes) refuse('BAD_INPUT', 'content_base64 is not base64');
  if (bytes.length > MAX_BLOB || blobRecord.put(blobId(''), blob).text!.length > blobRecord.maxSize!) {
    refuse('TOO_LARGE', `an attachment takes at most 1 MB, this one has ${bytes.length} bytes`);
  }
  if ('base64' in blob && isText(bytes))
    refuse('BAD_INPUT', 'this is text: send it as content, so that secrets are found');
  return { blob, bytes };
}

export const attach = defineOperation({
  name: 'attach.add',
  kind: 'write',
  toolset: 'task',
  summary: 'Attach a file to a task: its content (at most 1 MB), or a url with its sha256',
  input,
  positional: 'task_id',
  examples: [
    {
      cli: "ledgenter attach add <task_id> --name run.log --content 'all 312 passed'",
      says: 'evidence that travels with the ledger',
    },
  ],
  target: ({ task_id }) => ({ def: any(taskRecord), id: task_id }),
  subject: ({ task_id, name }) => `attached ${name} to ${task_id}`,
  carry(call) {
    const { content, content_base64, ...rest } = call;
    if (content === undefined && content_base64 === undefined) return { input: call, files: [] };
    if (call.url !== undefined) refuse('BAD_INPUT', 'give the content or a url, not both');
    const { blob, bytes } = given(call);
    const sha256 = digest(bytes);
    if (call.sha256 !== undefined && call.sha256 !== sha256)
      refuse('BAD_INPUT', `the content has the SHA-256 ${sha256}`);
    return { input: { ...rest, sha256, size: bytes.length }, files: [blobRecord.put(blobId(sha256), blob)] };
  },
  async decide(view, { task_id, content: _text, content_base64: _bytes, ...file }, by) {
    const { sha256, url, size } = file;
    if (sha256 === undefined) refuse('BAD_INPUT', 'an attachment has content, or a url with its sha256');
    const before = await needTask(view, task_id);
    for (const { id, record } of await view.all(attachmentRecord, task_id)) {
      if (record.sha256 === sha256 && record.name === file.name && record.url === url)
        return { same: { task_id, attachment_id: id } };
    }
    const path = blobRecord.path(blobId(sha256));
    const bytes = url === undefined ? ((await by.carried(path)) ?? (await view.reader.read(path))) : undefined;
    if (url === undefined && (bytes === undefined || size === undefined))
      refuse('BAD_INPUT', 'the content of the attachment is missing');
    const id = by.newId(any(attachmentRecord));
    const record = attachmentRecord.put(id, { ...file, sha256, by: by.actor, at: by.at }, task_id);
    const kept = bytes !== undefined && (await view.reader.read(path)) === undefined ? [{ path, text: bytes }] : [];
    return settle(view, by, [{ id: task_id, before, after: before }], [record, ...kept], {
      task_id,
      attachment_id: id,
    });
  },
  async show(context, { task_id, attachment_id }) {
    return { attachment_id, ...(await answer(context, task_id)) };
  },
});
