import { acyclicRule } from './acyclic.ts';
import { adoptedRule } from './adopted.ts';
import { asksRule } from './asks.ts';
import { assigneeRule } from './assignee.ts';
import { criteriaRule, frozenRule, goalpostsRule } from './criteria.ts';
import { planRule } from './plan.ts';
import { proofRule } from './proof.ts';
import { recordedRule } from './recorded.ts';
import { refsRule } from './refs.ts';
import { reviewerRule, reviewRule, workersRule } from './review.ts';
import type { TaskRule } from './rule.ts';
import { statusRule } from './status.ts';
import { importedRule, timesRule } from './times.ts';
import { waivedRule } from './waived.ts';

/** What is lawful for a task, in the order in which a refusal names it. */
export const TASK_RULES: readonly TaskRule[] = [
  statusRule,
  assigneeRule,
  reviewerRule,
  workersRule,
  reviewRule,
  refsRule,
  acyclicRule,
  waivedRule,
  asksRule,
  criteriaRule,
  proofRule,
  planRule,
  goalpostsRule,
  frozenRule,
  importedRule,
  adoptedRule,
  recordedRule,
  timesRule,
];
