import { plain, type Room } from '../room.ts';
import { adopt } from './adopt.ts';
import { ask } from './ask.ts';
import { askRecord } from './asks.ts';
import { attach } from './attach.ts';
import { blobRecord } from './blob.ts';
import { check } from './check.ts';
import { claim } from './claim.ts';
import { codeRef } from './code_ref.ts';
import { create } from './create.ts';
import { createMany } from './create_many.ts';
import { followUp } from './follow_up.ts';
import { get } from './get.ts';
import { taskLaws } from './laws.ts';
import { link, unlink } from './link.ts';
import { note } from './note.ts';
import { proof } from './proof.ts';
import { proofRecord } from './proofs.ts';
import { query } from './query.ts';
import { attachmentRecord, codeRefRecord, noteRecord, taskRecord } from './record.ts';
import { recording } from './recording.ts';
import { release } from './release.ts';
import { renew } from './renew.ts';
import { reporting } from './reporting.ts';
import { tree } from './tree.ts';
import { update } from './update.ts';

export const tasks: Room = {
  name: 'tasks',
  records: [
    plain(taskRecord),
    plain(noteRecord),
    plain(codeRefRecord),
    plain(attachmentRecord),
    plain(proofRecord),
    plain(askRecord),
    plain(blobRecord),
  ],
  laws: taskLaws,
  operations: [
    create,
    createMany,
    recording,
    followUp,
    ask,
    update,
    get,
    query,
    tree,
    reporting,
    claim,
    renew,
    release,
    link,
    unlink,
    note,
    check,
    codeRef,
    attach,
    proof,
    adopt,
  ],
};
