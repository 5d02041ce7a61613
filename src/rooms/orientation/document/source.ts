import { type Context, refuse } from '../../../kernel/operation.ts';
import { bearing } from '../../decisions/bearing.ts';
import { type Decision, decisionRecord } from '../../decisions/record.ts';
import { find } from '../../lookup.ts';
import { acceptanceOf } from '../../plans/gate.ts';
import { type Plan, planKey, planRecord, type Verdict } from '../../plans/record.ts';
import { type Run, runRecord } from '../../runs/record.ts';
import { type SearchHit, searchIndex } from '../../searching.ts';
import { type Proof, proofRecord } from '../../tasks/proofs.ts';
import {
  type Attachment,
  attachmentRecord,
  type CodeRef,
  codeRefRecord,
  type Note,
  noteRecord,
  type Task,
} from '../../tasks/record.ts';
import { waivedCriteria } from '../../validation/gate.ts';
import { checkRecord, type ValidationCheck, type Waiver, waiverRecord } from '../../validation/record.ts';
import type { WorkLog } from '../../work/record.ts';
import { byTime, type Named, Situation } from '../next-action/situation.ts';

/** Pages and rulings that a document tells of, at most. */
const PAGES = 5;
/** Characters of what is searched for. */
const WORDS = 400;

/** What a document is made of, read once; how it is worded depends on the room there is. */
export interface Source {
  situation: Situation;
  id: string;
  task: Task;
  plan?: { plan: Plan; sha256: string; accepted?: Verdict; verdict?: Verdict };
  rulings: { id: string; decision: Decision }[];
  moreRulings: number;
  pages: SearchHit[];
  log: Named<WorkLog>[];
  refs: Named<CodeRef>[];
  proofs: Named<Proof>[];
  attachments: Named<Attachment>[];
  checks: Named<ValidationCheck>[];
  waivers: Named<Waiver>[];
  waived: Set<string>;
  notes: Named<Note>[];
  run?: { id: string; run: Run };
}

/** @throws LedgerError NOT_FOUND for a run that is not there */
export async function sourceOf(context: Context, id: string, task: Task, runId?: string): Promise<Source> {
  const { view, who } = context;
  const situation = new Situation(view, id, task, who.actor, context);
  const run = runId === undefined ? undefined : await runNamed(context, runId);
  const within = <R extends { at: string; by: string }>(all: Named<R>[]): Named<R>[] =>
    all.filter(({ record }) => !run || inRun(run.run, record)).sort((a, b) => byTime(a.record, b.record));
  const log = within(await situation.log());
  const refs = within(await view.all(codeRefRecord, id));
  const plan = await planIn(situation);
  const paths = pathsOf(plan?.plan, log);
  const ruled = await bearing(context, id, task, paths);
  const rulings = [];
  for (const { id: ruling } of ruled.rulings ?? []) {
    const decision = await find(view, decisionRecord, ruling);
    if (decision) rulings.push({ id: ruling, decision });
  }
  return {
    situation,
    id,
    task,
    ...(plan ? { plan } : {}),
    rulings,
    moreRulings: ruled.more_rulings ?? 0,
    pages: await pagesFor(context, task, plan?.plan, paths),
    log,
    refs,
    proofs: within(await view.all(proofRecord, id)),
    attachments: within(await view.all(attachmentRecord, id)),
    checks: (await view.all(checkRecord, id)).sort((a, b) => byTime(a.record, b.record)),
    waivers: (await view.all(waiverRecord, id)).sort((a, b) => byTime(a.record, b.record)),
    waived: await waivedCriteria(view, id, task),
    notes: within(await view.all(noteRecord, id)),
    ...(run ? { run } : {}),
  };
}

async function runNamed({ view }: Context, id: string): Promise<{ id: string; run: Run }> {
  const run = await find(view, runRecord, id);
  return run ? { id, run } : refuse('NOT_FOUND', `there is no run ${id}`, { hint: 'ledgenter run query' });
}

const inRun = ({ actor, started_at, ended_at }: Run, { by, at }: { by: string; at: string }): boolean =>
  by === actor && at >= started_at && (ended_at === undefined || at <= ended_at);

/** The accepted plan, else the newest. */
async function planIn(situation: Situation): Promise<Source['plan']> {
  const { view, id, task } = situation;
  const accepted = task.plan && (await find(view, planRecord, planKey(task.plan.version), id));
  if (task.plan && accepted) {
    const verdict = await acceptanceOf(view, id, task);
    return { plan: accepted, sha256: task.plan.sha256, ...(verdict ? { accepted: verdict } : {}) };
  }
  const proposed = await situation.proposed();
  return (
    proposed && {
      plan: proposed.plan,
      sha256: proposed.sha256,
      ...(proposed.verdict ? { verdict: proposed.verdict } : {}),
    }
  );
}

/** Files at hand: those the plan names, without its patterns, and those that were worked on. */
function pathsOf(plan: Plan | undefined, log: readonly Named<WorkLog>[]): string[] {
  const planned = (plan?.files ?? []).filter(path => !/[*?[\]{}]/.test(path));
  const touched = log.flatMap(({ record }) => record.paths ?? []).map(({ path }) => path);
  return [...new Set([...planned, ...touched])].slice(0, 50);
}

async function pagesFor(
  context: Context,
  task: Task,
  plan: Plan | undefined,
  paths: readonly string[],
): Promise<SearchHit[]> {
  const names = paths.slice(0, 5).map(path => path.slice(path.lastIndexOf('/') + 1));
  const text = [task.title, plan?.goal ?? '', ...task.labels, ...names].join(' ').replace(/\s+/g, ' ').slice(0, WORDS);
  const index = await context.use(searchIndex);
  return (await index.search({ text, kinds: ['knowledge'], limit: PAGES })).hits;
}
