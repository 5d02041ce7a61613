import { defineRecordLaw, type Law } from '../../kernel/law.ts';
import { isMaintainer } from '../actors/rank.ts';
import { ledgerRecord } from './record.ts';

export const ledgerLaws: Law[] = [
  defineRecordLaw({
    id: 'ledger.settings',
    says: 'Name and format of the ledger stay; the first init sets its namespace; from then on namespace, authority and policies are a maintainer’s.',
    enforcedBy: 'rooms/ledger.test.ts',
    on: ledgerRecord,
    async check({ before, after }, transition) {
      if (!after) return undefined; // record.kept names it
      if (!before) return { message: 'ledger.json belongs to the genesis commit' };
      if (before.format !== after.format || before.ledger !== after.ledger) {
        return { message: 'name and format of a ledger cannot change' };
      }
      if (before.namespace === undefined) {
        return after.namespace === undefined ? { message: 'the ledger is not initialised yet' } : undefined;
      }
      if (after.namespace === undefined) return { message: 'a ledger keeps a namespace' };
      const { actor } = transition.entry.intent;
      if (await isMaintainer(transition.before, actor)) return undefined;
      return { code: 'NOT_MAINTAINER', message: 'only a maintainer changes the settings of the ledger' };
    },
  }),
];
