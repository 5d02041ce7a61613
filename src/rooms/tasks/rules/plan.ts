import { canonicalJson } from '../../../kernel/canonical.ts';
import { appliedFinding } from '../../plans/apply.ts';
import { verdictsOf, versionOf } from '../../plans/look.ts';
import { ACCEPT } from '../../plans/rules.ts';
import type { TaskRule } from './rule.ts';

export const planRule: TaskRule = {
  id: 'plan.accepted',
  says: 'The plan of a task becomes another only by an entry that accepts that one: its criteria and todos are then the task’s, and it is never taken away.',
  async check({ id, before, after, intent, was, view }) {
    const { plan } = after;
    if (canonicalJson(before?.plan ?? null) === canonicalJson(plan ?? null)) return undefined;
    const wrong = (message: string) => ({ message: `${id}: ${message}`, hint: `ledgenter plan query ${id}` });
    if (!before) return wrong('a task begins without an accepted plan');
    if (!plan) return wrong('an accepted plan is replaced, not taken away');
    const known = new Set((await verdictsOf(was, id)).map(one => one.id));
    const accepts = (await verdictsOf(view, id)).some(
      ({ id: name, record }) =>
        !known.has(name) &&
        record.decision === 'accept' &&
        record.version === plan.version &&
        record.plan_sha256 === plan.sha256,
    );
    if (intent.op !== ACCEPT || !accepts) return wrong(`no verdict of this entry accepts v${plan.version}`);
    const accepted = await versionOf(was, id, plan.version);
    if (accepted?.sha256 !== plan.sha256) return wrong(`there is no plan v${plan.version} with this hash`);
    return appliedFinding(view, id, after, accepted.plan);
  },
};
