import * as z from 'zod/mini';
import { mark, text, title } from '../../kernel/fields.ts';
import { byOf, defineOperation, refuse } from '../../kernel/operation.ts';
import { nothing } from '../nothing.ts';
import { repoName } from '../repos/fields.ts';
import { needRepo } from '../repos/names.ts';
import { any } from '../room.ts';
import { once, taskId } from '../tasks/fields.ts';
import { decisionId, scopePath } from './fields.ts';
import { type Decision, decisionRecord, MARK, MAX_LIST, supersededRecord } from './record.ts';
import { formFinding, supersedeFinding } from './rules.ts';
import { showDecision } from './show.ts';

const input = () =>
  z.strictObject({
    title: title(),
    choice: text(),
    rationale: text(),
    options: z.optional(z.array(text()).check(z.maxLength(MAX_LIST))),
    supersedes: z.optional(decisionId()),
    paths: z.optional(z.array(scopePath()).check(z.maxLength(MAX_LIST))),
    repo: z.optional(repoName()),
    project: z.optional(mark(z.string().check(z.maxLength(64)), { machine: true })),
    task_ids: z.optional(z.array(taskId()).check(z.maxLength(MAX_LIST))),
  });

export const log = defineOperation({
  name: 'decision.log',
  kind: 'write',
  default: true,
  creates: true,
  summary:
    'Put a ruling on record: what was chosen and why. paths (src/parser/**): the files it rules, read with their tasks',
  input,
  positional: 'title',
  examples: [
    {
      cli: "ledgenter decision log 'Clock' --choice 'UTC everywhere' --rationale 'two zones disagreed' --paths 'src/time/**'",
      says: 'a ruling that every task on those files shows',
    },
    {
      cli: "ledgenter decision log 'Clock' --choice 'Local time in reports' --rationale 'people asked' --supersedes <decision_id>",
      says: 'the earlier one is history',
    },
  ],
  subject: ({ title, supersedes }, intent) =>
    `decided ${byOf(intent, nothing).newId(any(decisionRecord))}${supersedes === undefined ? '' : ` in place of ${supersedes}`}: ${title}`,
  async decide(view, { paths, task_ids, options, project, repo, ...given }, by) {
    const id = by.newId(any(decisionRecord));
    const record: Decision = {
      ...given,
      ...(options?.length ? { options } : {}),
      ...(paths?.length ? { paths: once(paths) } : {}),
      ...(repo === undefined ? {} : { repo: (await needRepo(view, repo)).slug }),
      ...(project === undefined ? {} : { project: project.trim().toLowerCase() }),
      ...(task_ids?.length ? { task_ids: once(task_ids) } : {}),
      by: by.actor,
      at: by.at,
    };
    const { supersedes: old } = given;
    const finding =
      (await formFinding(view, id, record)) ?? (old === undefined ? undefined : await supersedeFinding(view, id, old));
    if (finding) refuse(finding.code ?? 'REFUSED', finding.message, finding.hint ? { hint: finding.hint } : {});
    const marks = old === undefined ? [] : [supersededRecord.put(MARK, { by: id }, old)];
    return { files: [decisionRecord.put(id, record), ...marks], result: { decision_id: id } };
  },
  async show({ view }, { decision_id }) {
    const id = String(decision_id);
    const { decision } = await showDecision(view, id, { texts: false });
    return { decision, hints: { next: `ledgenter decision get ${id}` } };
  },
});
