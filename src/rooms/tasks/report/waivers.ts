import { day, inline } from '../../markdown.ts';
import { type Waiver, waiverRecord } from '../../validation/record.ts';
import { byTime, defineSection, type Items, listed, short, some } from './section.ts';

/** What a person said need not be met: told wherever the task is told. */
export const waivers = defineSection<Items<Waiver & { id: string }>>({
  key: 'waivers',
  title: 'Waived',
  async read({ context: { view }, id }) {
    return some(byTime(await view.all(waiverRecord, id)).map(one => ({ ...one, reason: short(one.reason) })));
  },
  lines: items =>
    listed(
      items,
      ({ criterion, required_task_id, reason, by, at }) =>
        `- ${day(at)} ${by}: ${criterion ?? required_task_id ?? 'something'} need not be met, ${inline(reason)}`,
    ),
});
