import { plain, type Room } from '../room.ts';
import { ack } from './ack.ts';
import { cancel } from './cancel.ts';
import { claim } from './claim.ts';
import { create } from './create.ts';
import { get } from './get.ts';
import { handoffLaws } from './laws.ts';
import { query } from './query.ts';
import { handoffRecord } from './record.ts';
import { release } from './release.ts';
import { respond } from './respond.ts';

export const handoffs: Room = {
  name: 'handoffs',
  records: [plain(handoffRecord)],
  laws: handoffLaws,
  operations: [create, query, get, claim, respond, ack, release, cancel],
};
