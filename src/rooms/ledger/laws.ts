import { canonicalJson } from '../../kernel/canonical.ts';
import { defineRecordLaw, type Law } from '../../kernel/law.ts';
import { unsignedFinding } from '../actors/powers.ts';
import { isMaintainer } from '../actors/rank.ts';
import { ledgerRecord } from './record.ts';

export const ledgerLaws: Law[] = [
  defineRecordLaw({
    id: 'ledger.settings',
    says: 'Name and format of the ledger stay; the first entry, an init or a fork, sets its namespace; from then on namespace, authority and policies are a maintainer’s, signed where that maintainer has keys.',
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
      if (await isMaintainer(transition.before, actor))
        return unsignedFinding(transition, 'a change of the settings of the ledger');
      return { code: 'NOT_MAINTAINER', message: 'only a maintainer changes the settings of the ledger' };
    },
  }),
  defineRecordLaw({
    id: 'ledger.said',
    says: 'Namespace, authority and policies become what the entry says, and nothing else of the ledger changes with them; which ledger it was forked from stands in its first entry and stays.',
    enforcedBy: 'rooms/signatures.test.ts',
    on: ledgerRecord,
    check({ before, after }, { entry }) {
      if (!before || !after) return undefined; // named above
      const { op, input } = entry.intent;
      const said = (ops: readonly string[], name: string, value: unknown): boolean =>
        ops.includes(op) && canonicalJson([input[name] ?? null]) === canonicalJson([value ?? null]);
      if (before.namespace !== after.namespace && !said(['ledger.init', 'ledger.fork'], 'namespace', after.namespace))
        return { message: `the entry does not say that the namespace is ${after.namespace}` };
      if (
        before.authority !== after.authority &&
        !said(['ledger.init', 'ledger.authority', 'ledger.fork'], 'authority', after.authority)
      )
        return { message: `the entry does not say that the authority is ${after.authority}` };
      const forks = op === 'ledger.fork' && before.namespace === undefined;
      const origin = forks ? { ledger: input.from ?? null, tip: input.tip ?? null } : (before.forked_from ?? null);
      if (canonicalJson([origin]) !== canonicalJson([after.forked_from ?? null]))
        return { message: 'where a ledger comes from is what its first entry says' };
      const was = before.policies ?? {};
      const is = after.policies ?? {};
      if (forks && canonicalJson(input.policies ?? {}) !== canonicalJson(is))
        return { message: 'the entry does not say that these are the policies' };
      for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
        if (!forks && was[name] !== is[name] && !said(['ledger.policy'], name, is[name]))
          return { message: `the entry does not say that the policy ${name} is ${is[name]}` };
      }
      return undefined;
    },
  }),
];
