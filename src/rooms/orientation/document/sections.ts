import type { Part } from './briefs.ts';
import type { Source } from './source.ts';
import type { Quoter } from './text.ts';
import { refWords } from './words.ts';

/** Entries of a list that a document shows; the rest is counted. */
const LISTED = 20;

export interface Wanted {
  todo_id?: string | undefined;
}

/** Lines of a part; empty when there is nothing of it. */
type Section = (source: Source, quote: Quoter, wanted: Wanted) => Promise<string[]> | string[];

/** The last of a list, with a line that says how many came before. */
function last<T>(all: readonly T[], line: (one: T) => string[]): string[] {
  const shown = all.slice(-LISTED);
  const more = all.length - shown.length;
  return [...(more > 0 ? [`- … ${more} before these`] : []), ...shown.flatMap(line)];
}

const first = (text: string): string => text.slice(0, 12);

const doable = ({ text, hint }: { text: string; hint?: string | undefined }): string =>
  hint === undefined ? text : `${text}; done when: ${hint}`;

export const SECTIONS: Record<Part, Section> = {
  plan({ plan }, quote) {
    if (!plan) return [];
    const { goal, body, criteria, todos, files, test_commands, expected_outputs, version, by } = plan.plan;
    const { accepted, verdict } = plan;
    const state = accepted
      ? `accepted by ${accepted.by}`
      : verdict
        ? `${verdict.decision}ed by ${verdict.by}: ${quote.line(verdict.note)}`
        : 'not accepted yet';
    const list = (title: string, all: readonly string[]): string[] =>
      all.length === 0 ? [] : [`${title}:`, ...all.map(one => `- ${quote.line(one)}`)];
    return [
      `v${version} by ${by}, ${state} (sha256 ${first(plan.sha256)})`,
      'Goal:',
      ...quote.block(goal),
      ...(body === undefined ? [] : quote.block(body)),
      // Once it is accepted they are the task's own.
      ...(accepted
        ? []
        : [
            ...list(
              'Criteria',
              criteria.map(one => one.text),
            ),
            ...list('Todos', todos.map(doable)),
          ]),
      ...list('Files', files),
      ...list('Test commands', test_commands),
      ...list('Expected outputs', expected_outputs),
    ];
  },

  async todo({ situation }, quote, { todo_id }) {
    const todo = (await situation.todos()).find(one => one.id === todo_id);
    if (!todo) return [];
    const { text, hint, status, reason } = todo.record;
    return [
      `${todo.id}, ${status}${reason === undefined ? '' : `: ${quote.line(reason)}`}`,
      ...quote.block(text),
      ...(hint === undefined ? [] : ['It is done when:', ...quote.block(hint)]),
    ];
  },

  async questions({ situation }, quote) {
    const all = await situation.questions();
    return all.flatMap(({ id, record }) => {
      const { text, status, answer, answered_by, required } = record;
      const said = answer === undefined ? [] : [`  ${status} by ${answered_by}: ${quote.line(answer)}`];
      return [
        `- ${id}${required ? ' (required)' : ''}${status === 'open' ? ', open' : ''}: ${quote.line(text)}`,
        ...said,
      ];
    });
  },

  decisions({ rulings, moreRulings }, quote) {
    return [
      ...rulings.flatMap(({ id, decision: { title, choice, rationale } }) => [
        `- ${id} ${quote.line(title)}: ${quote.line(choice)}`,
        `  because ${quote.line(rationale)}`,
      ]),
      ...(moreRulings > 0 ? [`- … and ${moreRulings} more`] : []),
    ];
  },

  knowledge({ pages }, quote) {
    return pages.map(
      ({ id, title, snippet }) => `- ${id} ${quote.line(title)}${snippet ? `: ${quote.line(snippet)}` : ''}`,
    );
  },

  async todos({ situation }, quote, { todo_id }) {
    const all = await situation.todos();
    const others = all.filter(({ id }) => id !== todo_id);
    const done = others.filter(({ record }) => record.status === 'done').length;
    if (todo_id !== undefined)
      return others.length === 0 ? [] : [`${others.length} others, ${done} of them done: they are not yours now.`];
    return others.map(({ id, record }) => {
      const { text, status, reason, optional } = record;
      const why = reason === undefined ? '' : `, ${quote.line(reason)}`;
      return `- ${id} (${status}${why}${optional ? ', optional' : ''}) ${quote.line(text)}`;
    });
  },

  files({ refs, plan }, quote) {
    const linked = refs.filter(({ record }) => record.ref_type === 'file' && record.live);
    const planned = plan?.plan.files ?? [];
    return [
      ...linked.map(({ record }) => `- ${quote.line(record.name ?? '')}${record.repo ? ` in ${record.repo}` : ''}`),
      ...planned
        .filter(path => !linked.some(({ record }) => record.name === path))
        .map(path => `- ${quote.line(path)} (planned)`),
    ];
  },

  changes({ log, refs, run }, quote) {
    const commits = refs.filter(({ record }) => record.ref_type !== 'file');
    return [
      ...(run ? [`Of run ${run.id} by ${run.run.actor}, begun ${run.run.started_at}:`] : []),
      ...last(commits, ({ record }) => [`- ${refWords(record, quote)}`]),
      ...last(log, ({ id, record }) => {
        const { kind, text, by, at, paths = [], more_paths = 0, todo_id, exit_code } = record;
        const named = paths.slice(0, LISTED).map(({ path, change }) => (change ? `${change} ${path}` : path));
        const rest = paths.length - named.length + more_paths;
        return [
          `- ${at} ${kind} by ${by}${todo_id ? ` for ${todo_id}` : ''} (${id})${exit_code === undefined ? '' : ` ended with ${exit_code}`}: ${quote.line(text)}`,
          ...(named.length > 0 ? [`  ${quote.line(named.join(', '))}${rest > 0 ? ` and ${rest} more` : ''}`] : []),
        ];
      }),
    ];
  },

  async evidence({ situation, proofs, attachments }, quote) {
    const done = (await situation.todos()).filter(({ record }) => record.evidence);
    return [
      ...last(proofs, ({ id, record }) => {
        const { criterion, exit_code, clean, commit, by } = record;
        return [
          `- ${id}: the check of ${criterion} ended with ${exit_code ?? 'a signal'} at ${first(commit)}${clean ? '' : ', on a tree that was not clean'}, run by ${by}`,
        ];
      }),
      ...last(attachments, ({ id, record }) => [`- ${id}: ${quote.line(record.name)}, sha256 ${first(record.sha256)}`]),
      ...done.map(({ id, record: { evidence = {}, updated_by } }) => {
        const { commit, log_id, attachment_id, text } = evidence;
        const shown = [commit && first(commit), log_id, attachment_id, text && quote.line(text)].filter(Boolean);
        return `- ${id} done by ${updated_by}: ${shown.join(', ')}`;
      }),
    ];
  },

  async validation({ situation, checks, waivers }, quote) {
    const rounds = await situation.rounds();
    const now = rounds.length + 1;
    return [
      ...rounds.map(({ result, summary, by }, index) => `- r${index + 1} ${result} by ${by}: ${quote.line(summary)}`),
      ...last(
        checks.filter(({ record }) => record.round >= now - 1),
        ({ record: { round, criterion, result, text, by } }) => [
          `- r${round} ${criterion} ${result} by ${by}: ${quote.line(text)}`,
        ],
      ),
      ...waivers.map(
        ({ record: { criterion, required_task_id, reason, by } }) =>
          `- ${criterion ?? required_task_id} waived by ${by}: ${quote.line(reason)}`,
      ),
    ];
  },

  notes({ notes }, quote) {
    return last(notes, ({ record: { kind, text, by, at } }) => [`- ${at} ${kind} by ${by}:`, ...quote.block(text)]);
  },
};
