import { code, inline, quoted } from '../../markdown.ts';
import type { RecordedChange } from '../record.ts';
import { defineSection, type Items, listed, short, some } from './section.ts';

interface Recorded {
  changes?: Items<RecordedChange>;
  evidence?: string;
}

/** What work that was recorded afterwards says of itself. */
export const recorded = defineSection<Recorded>({
  key: 'recorded_work',
  title: 'Recorded afterwards',
  read({ task: { recorded: is, changes = [], evidence } }) {
    if (!is) return undefined;
    const shown = some(changes.map(one => ({ ...one, what: short(one.what) })));
    return { ...(shown ? { changes: shown } : {}), ...(evidence === undefined ? {} : { evidence: short(evidence) }) };
  },
  lines: ({ changes, evidence }) => [
    'Entered when it was done already, without a claim.',
    ...(changes ? ['', ...listed(changes, ({ path, kind, what }) => `- ${kind} ${code(path)}: ${inline(what)}`)] : []),
    ...(evidence === undefined ? [] : ['', 'Evidence, as its author says:', '', ...quoted(evidence)]),
  ],
});
