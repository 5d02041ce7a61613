import { find } from '../../lookup.ts';
import { code, day, inline, quoted } from '../../markdown.ts';
import { acceptanceOf } from '../../plans/gate.ts';
import { type Plan, planKey, planRecord, type Verdict, verdictRecord } from '../../plans/record.ts';
import { byTime, defineSection, type Items, listed, short, some } from './section.ts';

interface Planned {
  /** The plan that was accepted, or else the newest. */
  plan?: Plan;
  accepted?: Verdict;
  /** How many versions there are. */
  versions: number;
  verdicts?: Items<Verdict & { id: string }>;
}

export const plan = defineSection<Planned>({
  key: 'plan',
  title: 'Plan',
  async read({ context: { view }, id, task }) {
    const versions = await view.ids(planRecord, id);
    if (versions.length === 0) return undefined;
    const newest = Math.max(...versions.map(key => Number(key.slice(1))));
    const shown = await find(view, planRecord, planKey(task.plan?.version ?? newest), id);
    const accepted = await acceptanceOf(view, id, task);
    const verdicts = some(byTime(await view.all(verdictRecord, id)), 'last');
    return {
      ...(shown ? { plan: bounded(shown) } : {}),
      ...(accepted ? { accepted } : {}),
      versions: versions.length,
      ...(verdicts ? { verdicts } : {}),
    };
  },
  lines({ plan: shown, accepted, versions, verdicts }) {
    const state = accepted ? `accepted by ${accepted.by} on ${day(accepted.at)}` : 'not accepted';
    const list = (title: string, items: string[]): string[] =>
      items.length === 0 ? [] : ['', `${title}:`, '', ...items];
    return [
      ...(shown ? [`v${shown.version} of ${versions}, by ${shown.by}, ${state}`, '', ...quoted(shown.goal)] : []),
      ...(shown?.body === undefined ? [] : ['', ...quoted(shown.body)]),
      ...list(
        'Files',
        (shown?.files ?? []).map(file => `- ${code(file)}`),
      ),
      ...list(
        'Test commands',
        (shown?.test_commands ?? []).map(command => `- ${code(command)}`),
      ),
      ...list(
        'Expected',
        (shown?.expected_outputs ?? []).map(line => `- ${inline(line)}`),
      ),
      ...(verdicts
        ? [
            '',
            ...listed(verdicts, one => `- v${one.version} ${one.decision}ed by ${one.by}: ${inline(short(one.note))}`),
          ]
        : []),
    ];
  },
});

const bounded = (whole: Plan): Plan => ({
  ...whole,
  goal: short(whole.goal),
  ...(whole.body === undefined ? {} : { body: short(whole.body) }),
});
