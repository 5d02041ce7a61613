import type { Plan } from './record.ts';

/** One thing that two versions say differently. */
export interface Difference {
  part: 'goal' | 'body' | 'criteria' | 'todos' | 'files' | 'test_commands' | 'expected_outputs';
  change: 'added' | 'removed' | 'changed';
  was?: string;
  is?: string;
}

interface Row {
  text: string;
  /** What may change while it stays the same item. */
  more?: string | undefined;
}

const rowsOf = (plan: Plan): [Difference['part'], Row[]][] => [
  ['criteria', plan.criteria.map(({ text, check }) => ({ text, more: check && `check: ${check}` }))],
  [
    'todos',
    plan.todos.map(({ text, hint, optional }) => ({
      text,
      more: [optional ? '(optional)' : undefined, hint && `hint: ${hint}`].filter(Boolean).join(' ') || undefined,
    })),
  ],
  ['files', plan.files.map(text => ({ text }))],
  ['test_commands', plan.test_commands.map(text => ({ text }))],
  ['expected_outputs', plan.expected_outputs.map(text => ({ text }))],
];

const whole = ({ text, more }: Row): string => (more === undefined ? text : `${text}\n${more}`);

/** What `to` says otherwise than `from`, part by part. Items of a list are the same where their text is. */
export function differences(from: Plan, to: Plan): Difference[] {
  const found: Difference[] = [];
  for (const part of ['goal', 'body'] as const) {
    const [was, is] = [from[part], to[part]];
    if (was === is) continue;
    const change = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    found.push({ part, change, ...(was === undefined ? {} : { was }), ...(is === undefined ? {} : { is }) });
  }
  const old = new Map(rowsOf(from));
  for (const [part, now] of rowsOf(to)) {
    const before = old.get(part)!;
    const named = new Map(before.map(row => [row.text, row]));
    const kept = new Set(now.map(row => row.text));
    for (const row of before) if (!kept.has(row.text)) found.push({ part, change: 'removed', was: whole(row) });
    for (const row of now) {
      const was = named.get(row.text);
      if (!was) found.push({ part, change: 'added', is: whole(row) });
      else if (was.more !== row.more) found.push({ part, change: 'changed', was: whole(was), is: whole(row) });
    }
  }
  return found;
}
