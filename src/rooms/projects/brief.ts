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
import { openPrs } from './prs.ts';
import { type Project, projectRecord } from './record.ts';
import { roughTokens } from './tokens.ts';

/** Rows of each section: as many as are shown unasked, and at most. */
const CAPS = { tasks: [10, 25], decisions: [5, 10], knowledge: [5, 10], activity: [10, 25] } as const;
type Section = keyof typeof CAPS;
export type BriefCaps = { [section in Section]?: number | undefined };

/** Tokens of a brief at default caps; a larger one may have as many more as it has rows. */
const BUDGET = 860;
/** Characters of a title, from the widest that is tried to the narrowest. */
const WIDTHS = [80, 64, 48, 36, 28, 20] as const;
const LIVE = ['open', 'in_progress', 'blocked', 'in_review'] as const;
const WEEK_MS = 7 * 86_400_000;

type Row = { [key: string]: unknown };
type Numbers = { [section in Section]: number };
/** A section as far as it depends on how long a text may be. */
type Wide = (width: number) => Row;

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
    await activity(context, project, sizes.activity),
  ];
  const at = (width: number): Row => Object.assign({}, ...parts.map(part => part(width)));
  const rows = (numbers: Numbers): number => Object.values(numbers).reduce((sum, one) => sum + one, 0);
  const usual = rows(Object.fromEntries(Object.entries(CAPS).map(([name, [size]]) => [name, size])) as Numbers);
  const budget = BUDGET * Math.max(1, rows(sizes) / usual);
  const width = WIDTHS.find(one => roughTokens(JSON.stringify(at(one))) <= budget) ?? WIDTHS.at(-1)!;
  return at(width);
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
      status,
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
    knowledge: pages.slice(0, limit).map(({ id, title, kind }) => ({ id, title: short(title, width), kind })),
  });
}

/** All of them, primary first, with how many pull requests are open. */
async function repos(context: Context, project: string, record: Project): Promise<Wide> {
  const linked = await linkedRepos(context.view, record);
  const open = await openPrs(context, project, linked);
  const rows = linked.map(({ link: { repo: slug, role }, repo: { fingerprint } }) => ({
    slug,
    role,
    fingerprint,
    open_prs: open.get(slug) ?? 0,
  }));
  return () => ({ repos: rows });
}

/** One line each: when (UTC), who, what. */
async function activity({ use }: Context, project: string, limit: number): Promise<Wide> {
  const { rows } = await (await use(historyPort)).entries({ project }, { limit });
  return width => ({
    activity: rows.map(
      ({ at, actor, says }) => `${at.slice(0, 10)} ${at.slice(11, 16)} ${actor} ${short(says, width)}`,
    ),
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
