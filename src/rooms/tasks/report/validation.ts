import { code, day, inline } from '../../markdown.ts';
import { roundsOf } from '../../validation/gate.ts';
import { checkRecord, type Validation, type ValidationCheck } from '../../validation/record.ts';
import { byTime, defineSection, type Items, listed, short, some } from './section.ts';

interface Validated {
  rounds?: Items<Validation>;
  checks?: Items<ValidationCheck & { id: string }>;
}

export const validation = defineSection<Validated>({
  key: 'validation',
  title: 'Validation',
  async read({ context: { view }, id }) {
    const rounds = some(
      (await roundsOf(view, id)).map(one => ({ ...one, summary: short(one.summary) })),
      'last',
    );
    const checks = some(
      byTime(await view.all(checkRecord, id)).map(one => ({ ...one, text: short(one.text) })),
      'last',
    );
    return rounds || checks ? { ...(rounds ? { rounds } : {}), ...(checks ? { checks } : {}) } : undefined;
  },
  lines: ({ rounds, checks }) => [
    ...(rounds
      ? listed(rounds, ({ result, summary, by, at }) => `- ${day(at)} ${by}: ${result}, ${inline(summary)}`)
      : ['- no round has ended']),
    ...(checks
      ? [
          '',
          ...listed(checks, ({ round, criterion, result, text, commit, by }) => {
            const where = commit ? ` at ${code(commit.slice(0, 12))}` : '';
            return `- round ${round}, ${criterion} ${result}${where}, ${by}: ${inline(text)}`;
          }),
        ]
      : []),
  ],
});
