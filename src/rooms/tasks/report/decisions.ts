import { type Bearing, bearing } from '../../decisions/bearing.ts';
import { inline } from '../../markdown.ts';
import { defineSection } from './section.ts';

/** Rulings that bear on the task as they hold now: linked to it, or on its files. */
export const decisions = defineSection<Bearing>({
  key: 'decisions',
  title: 'Decisions that bear on it',
  async read({ context, id, task }) {
    const found = await bearing(context, id, task);
    return found.rulings ? found : undefined;
  },
  lines: ({ rulings = [], more_rulings }) => [
    ...rulings.map(({ id, says }) => `- ${id} ${inline(says)}`),
    ...(more_rulings ? ['', `${more_rulings} more left out.`] : []),
  ],
});
