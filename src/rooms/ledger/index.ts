import { plain, type Room } from '../room.ts';
import { authority } from './authority.ts';
import { fork } from './fork.ts';
import { init } from './init.ts';
import { ledgerLaws } from './laws.ts';
import { policy } from './policy.ts';
import { ledgerRecord } from './record.ts';

export const ledger: Room = {
  name: 'ledger',
  records: [plain(ledgerRecord)],
  laws: ledgerLaws,
  operations: [init, fork, authority, policy],
};
