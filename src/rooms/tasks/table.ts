import { STATUSES, type Status } from './record.ts';

/** What a change of status asks for, beyond that only the holder writes on a held task. */
export type Need =
  | 'claim'
  | 'plan'
  | 'gates'
  | 'todos'
  | 'reason'
  | 'reason_or_blocker'
  | 'human'
  | 'human_or_reviewer'
  | 'assignee_or_reviewer'
  | 'review_ends';
export type Rule = 'never' | readonly Need[];

const free: Rule = [];

/**
 * From (row) to (column). The diagonal is an edit that leaves the status alone. Without `Partial`: a new status does not
 * compile until every pair is decided.
 */
export const TABLE: Record<Status, Record<Status, Rule>> = {
  open: {
    open: free,
    in_progress: ['claim', 'plan'],
    blocked: ['reason_or_blocker'],
    in_review: 'never',
    done: ['human', 'gates'],
    cancelled: free,
  },
  in_progress: {
    open: free,
    in_progress: free,
    blocked: ['reason_or_blocker'],
    in_review: ['todos'],
    done: ['gates'],
    cancelled: free,
  },
  blocked: {
    open: free,
    in_progress: 'never',
    blocked: ['reason_or_blocker'],
    in_review: 'never',
    done: 'never',
    cancelled: free,
  },
  in_review: {
    open: ['review_ends'],
    in_progress: 'never',
    blocked: 'never',
    in_review: free,
    done: ['assignee_or_reviewer', 'gates'],
    cancelled: ['review_ends'],
  },
  done: {
    open: ['reason', 'human_or_reviewer'],
    in_progress: 'never',
    blocked: 'never',
    in_review: 'never',
    done: free,
    cancelled: 'never',
  },
  cancelled: {
    open: free,
    in_progress: 'never',
    blocked: 'never',
    in_review: 'never',
    done: 'never',
    cancelled: free,
  },
};

/**
 * How a task may come into being; `import`: only by an import entry, marked as imported; `record`: so too, or as work that
 * was done before it was entered, marked as recorded.
 */
export const BIRTH: Record<Status, 'anyone' | 'import' | 'record' | 'never'> = {
  open: 'anyone',
  in_progress: 'never',
  blocked: 'import',
  in_review: 'never',
  done: 'record',
  cancelled: 'import',
};

/** Statuses that `from` can change into, for refusals and help. */
export function reachable(from: Status): Status[] {
  return STATUSES.filter(to => to !== from && TABLE[from][to] !== 'never');
}
