import * as z from 'zod/mini';
import { key } from '../../kernel/fields.ts';
import { type Context, defineOperation, refuse } from '../../kernel/operation.ts';
import { epochMs, instant } from '../../kernel/time.ts';
import { rulings } from '../decisions/table.ts';
import { knowledgeTable } from '../knowledge/table.ts';
import { cut } from '../lists.ts';
import { historyPort } from '../logbook/ports.ts';
import { find } from '../lookup.ts';
import { tables } from '../rows.ts';
import { type TaskFilter, taskIndex } from '../tasks/ports.ts';
import { linkedRepos } from './context.ts';
import { prCounts } from './prs.ts';
import { type Project, projectRecord } from './record.ts';
import { roughTokens } from './tokens.ts';

/** Rows of each section: as many as are shown unasked, and at most. */
const CAPS = { tasks: [10, 25], decisions: [5, 10], knowledge: [5, 10], activity: [10, 25] } as const;
type Section = keyof typeof CAPS;
export type BriefCaps = { [section in Section]?: number | undefined };

/** Tokens of a brief at default caps, by an estimate that is 4 to 15 in a hundred too high (MEASURED: test/e2e/brief.test.ts); a larger one may have as many more as it has rows. */
const BUDGET = 910;
/** Tokens kept free for each repository: the surface says where this machine has it. */
const LOCAL_PATH = 12;
/** Characters of a title and share of the lines of what happened, from what is tried first to what is left. */
const STEPS: readonly (readonly [width: number, share: number])[] = [
  [80, 1],
  [64, 1],
  [48, 1],
  [40, 1],
  [40, 0.7],
  [36, 0.5],
  [32, 0.4],
  [28, 0.3],
  [24, 0.2],
  [20, 0.2],
  // A character of some scripts is a word.
  [16, 0.2],
  [12, 0.2],
];
/** A line of what happened is not cut below this: a sentence that names its task by half names none. */
const LINE = 24;
const LIVE = ['open', 'in_progress', 'blocked', 'in_review'] as const;
const WEEK_MS = 7 * 86_400_000;

type Row = { [key: string]: unknown };
type Numbers = { [section in Section]: number };
/** A section as far as it depends on the room there is. */
type Wide = (width: number, share: number) => Row;

/**
 * What is going on in a project, in one look: sections capped, texts cut, so that it costs an agent at most 900 tokens.
 * @throws LedgerError NOT_FOUND
 */
export async function briefOf(context: Context, project: string, caps: BriefCaps = {}): Promise<Row> {
  const record =
    (await find(context.view, projectRecord, project)) ??
    refuse('NOT_FOUND', `there is no project ${project}`, { hint: 'ledgenter project query' });
  const sizes = Object.fromEntries(
    Object.entries(CAPS).map(([name, [usual, most]]) => [name, Math.min(caps[name as Section] ?? usual, most)]),
  ) as Numbers;
  const parts: Wide[] = [
    header(project, record),
    await counts(context, project),
    await tasks(context, project, sizes.tasks),
    await decided(context, project, sizes.decisions),
    await known(context, project, sizes.knowledge),
    await repos(context, project, record),
    await activity(context, project, sizes.activity, caps.activity !== undefined),
  ];
  const at = ([width, share]: (typeof STEPS)[number]): Row => ({
    ...Object.assign({}, ...parts.map(part => part(width, share))),
    ...(share < 1 ? { truncated: true, hints: { more: `ledgenter activity query --project ${project}` } } : {}),
  });
  const rows = (numbers: Numbers): number => Object.values(numbers).reduce((sum, one) => sum + one, 0);
  const usual = rows(Object.fromEntries(Object.entries(CAPS).map(([name, [size]]) => [name, size])) as Numbers);
  const budget = BUDGET * Math.max(1, rows(sizes) / usual) - LOCAL_PATH * (record.repos?.length ?? 0);
  return at(STEPS.find(step => roughTokens(JSON.stringify(at(step))) <= budget) ?? STEPS.at(-1)!);
}

const short = (text: string, width: number): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return cut(line, width) ?? line;
};

function header(project: string, { title, status, owner, parent, start_on, target_on, charter }: Project): Wide {
  return width => ({
    project: {
      key: project,
      title: short(title, width * 2),
      status,
      ...(owner === undefined ? {} : { owner }),
      ...(parent === undefined ? {} : { parent }),
      ...(start_on === undefined ? {} : { start_on }),
      ...(target_on === undefined ? {} : { target_on }),
      ...(charter === undefined ? {} : { charter: short(charter, width * 4) }),
    },
  });
}

async function counts({ use, now }: Context, project: string): Promise<Wide> {
  const index = await use(taskIndex);
  const count = async (filter: TaskFilter) => (await index.query({ project, ...filter }, { limit: 1, now })).total;
  const lapsed = await count({ status: ['in_progress'], ready: true });
  const found = {
    open_tasks: await count({ status: [...LIVE] }),
    ready: await count({ ready: true }),
    blocked: await count({ status: ['blocked'] }),
    in_review: await count({ status: ['in_review'] }),
    // As in the counts of the whole ledger: what anybody may claim, lapsed leases included.
    unassigned_ready: lapsed + (await count({ assignee: 'unassigned', ready: true })),
    done_last_7d: await count({ status: ['done'], finished_since: instant(now - WEEK_MS) }),
  };
  return () => ({ counts: found });
}

async function tasks({ use, now }: Context, project: string, limit: number): Promise<Wide> {
  const { rows } = await (await use(taskIndex)).query({ project, status: [...LIVE] }, { limit, now });
  return width => ({
    tasks: rows.map(({ id, title, status, priority, assignee }) => ({
      id,
      title: short(title, width),
      // Most are open: said where it is otherwise.
      ...(status === 'open' ? {} : { status }),
      priority,
      ...(assignee === undefined ? {} : { assignee }),
    })),
  });
}

async function decided(context: Context, project: string, limit: number): Promise<Wide> {
  const found = (await rulings(context)).filter(ruling => ruling.project === project).slice(0, limit);
  return width => ({ decisions: found.map(({ id, title }) => ({ id, title: short(title, width) })) });
}

/** Titles only; runbooks first, then the freshest. */
async function known({ use }: Context, project: string, limit: number): Promise<Wide> {
  const pages = (await (await use(tables)).rows(knowledgeTable)).filter(
    page => page.project === project && !page.archived,
  );
  const rank = ({ kind }: { kind: string }) => (kind === 'runbook' ? 0 : 1);
  pages.sort((a, b) => rank(a) - rank(b) || epochMs(b.updated_at) - epochMs(a.updated_at));
  return width => ({
    knowledge: pages.slice(0, limit).map(({ id, title, kind }) => ({
      id,
      title: short(title, width),
      ...(kind === 'note' ? {} : { kind }),
    })),
  });
}

/** All of them, primary first, with how many pull requests are open, and how many are in a state that says more. */
async function repos(context: Context, project: string, record: Project): Promise<Wide> {
  const linked = await linkedRepos(context.view, record);
  const prs = await prCounts(context, project, linked);
  const rows = linked.map(({ link: { repo: slug, role }, repo: { fingerprint } }) => {
    const { open = 0, states = {} } = prs.get(slug) ?? {};
    const told = Object.keys(states).length > 0 ? { prs: states } : {};
    return { slug, role, fingerprint, open_prs: open, ...told };
  });
  return () => ({ repos: rows });
}

/** One line each: when (UTC, with the year where it is another), who, what. */
async function activity({ use, now }: Context, project: string, limit: number, asked: boolean): Promise<Wide> {
  const rows = limit === 0 ? [] : (await (await use(historyPort)).entries({ project }, { limit })).rows;
  const year = instant(now).slice(0, 5);
  const when = (at: string): string => `${at.slice(at.startsWith(year) ? 5 : 0, 10)} ${at.slice(11, 16)}`;
  return (width, share) => ({
    activity: rows
      .slice(0, asked ? limit : Math.ceil(rows.length * share))
      .map(({ at, actor, says }) => `${when(at)} ${actor} ${short(says, Math.max(width, LINE))}`),
  });
}

const cap = (section: Section) => z.optional(z.int().check(z.minimum(0), z.maximum(CAPS[section][1])));

export const brief = defineOperation({
  name: 'project.brief',
  kind: 'read',
  localRepos: true,
  summary: 'What is going on in a project: counts, top tasks, rulings, knowledge, repositories, what happened last',
  input: () =>
    z.strictObject({
      project: key(),
      tasks: cap('tasks'),
      decisions: cap('decisions'),
      knowledge: cap('knowledge'),
      activity: cap('activity'),
    }),
  positional: 'project',
  resource: {
    uri: 'ledgenter://project/{project}/brief',
    title: 'Project brief',
    list: { operation: 'project.query', input: { status: ['active', 'planned', 'paused'] } },
  },
  examples: [{ cli: 'ledgenter project brief sweeper', says: 'all that a newcomer must know, on one page' }],
  query: (context, { project, ...caps }) => briefOf(context, project, caps),
});
