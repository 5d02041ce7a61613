/** What there is to do, as an agent is told it: a closed list. */
export const ACTIONS = [
  'task-create',
  'task-claim',
  'handoff-answer',
  'question-answer',
  'plan-propose',
  'plan-accept',
  'plan-release',
  'work-restart',
  'work-resume',
  'work-mend',
  'todo-work',
  'todo-unblock',
  'criterion-prove',
  'criterion-check',
  'criterion-add',
  'evidence-link',
  'resolution-note',
  'work-finish',
  'review-answer',
  'validate-check',
  'validate-finish',
  'task-unblock',
  'task-done',
  'task-reopen',
  'gate-close',
  'person-ask',
  'run-end',
  'wait',
  'none',
] as const;
export type Action = (typeof ACTIONS)[number];

/** `act` moves on; `inspect` only looks; `alternative` is another way on; `ask` tells somebody; `elsewhere` is other work. */
export type CommandKind = 'act' | 'inspect' | 'alternative' | 'ask' | 'elsewhere';

/** A command line that works when pasted, once its `<placeholders>` are filled in. */
export interface Command {
  kind: CommandKind;
  label: string;
  command: string;
}

/** Why it does not go on, and the command that mends it; who runs it may be another. */
export interface Blocker {
  what: string;
  remedy: string;
}

/** What it is about: a todo, a criterion, a question, a plan, a handoff, a task. */
export interface Item {
  kind: string;
  id: string;
  /** In its author's words: data. */
  text?: string;
  /** How to see that it is done, in its author's words: data. */
  hint?: string;
  /** The command that closes it. */
  done?: string;
}

/** One answer of a stage. */
export interface Step {
  action: Action;
  /** One sentence for a person. */
  says: string;
  primary: Command;
  item?: Item;
  others?: readonly Command[];
  blocking?: readonly Blocker[];
}

export const act = (label: string, command: string): Command => ({ kind: 'act', label, command });
export const inspect = (label: string, command: string): Command => ({ kind: 'inspect', label, command });
export const alternative = (label: string, command: string): Command => ({ kind: 'alternative', label, command });
export const elsewhere = (): Command => ({
  kind: 'elsewhere',
  label: 'Other work',
  command: 'ledgenter task query --ready',
});

/** Characters of a text of others that a sentence or an item carries. */
const SHOWN = 300;

/** The beginning of a text of others, on one line. */
export function shown(text: string, max = SHOWN): string {
  const line = [...text.replace(/\s+/g, ' ').trim()];
  return line.length <= max ? line.join('') : `${line.slice(0, max - 1).join('')}…`;
}
