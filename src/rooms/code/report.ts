import { refuse } from '../../kernel/operation.ts';
import type { PrState } from '../tasks/record.ts';
import { prUrl } from './prs.ts';

/** Longest report that is read, in UTF-16 units: an event of a host takes some 30,000. */
export const MAX_REPORT = 1 << 20;

/** What a report says of one pull request: nothing else of its text gets any further. */
export interface PrReport {
  /** Its address, as {@link prUrl} gives it. */
  pr: string;
  state: PrState;
  /** Of one that is merged: the commit that has it. */
  merged_as?: string;
}

type Fields = { readonly [name: string]: unknown };

/** One form: where in the report the fields of the pull request stand, and what they are called. */
interface Form {
  says: string;
  /** The object with its fields; undefined where the report has another form. */
  find(report: Fields): Fields | undefined;
  url: string;
  number: string;
  state(fields: Fields): PrState;
  merged(fields: Fields): unknown;
}

const own = (fields: Fields | undefined, name: string): unknown =>
  fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;

function object(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** States by the words of the hosts, in lower case; `locked` is a merge request that is just being merged. */
const WORDS: ReadonlyMap<unknown, PrState> = new Map([
  ['open', 'open'],
  ['opened', 'open'],
  ['reopened', 'open'],
  ['locked', 'open'],
  ['closed', 'closed'],
  ['merged', 'merged'],
]);

function word(fields: Fields, draft: boolean): PrState {
  const state = own(fields, 'state');
  const known = typeof state === 'string' ? WORDS.get(state.toLowerCase()) : undefined;
  return known === 'open' && draft ? 'draft' : (known ?? 'unknown');
}

const isDraft = (fields: Fields) => own(fields, 'draft') === true || own(fields, 'work_in_progress') === true;

/** A whole commit name; what else stands there ("" where there is no merge commit yet) is none. */
const wholeSha = (value: unknown): value is string =>
  typeof value === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value) && !/^0+$/.test(value);

/** A merge request without a merge commit was fast-forwarded: its last commit is the one. */
const mergedInto = (fields: Fields): unknown =>
  [
    own(fields, 'merge_commit_sha'),
    own(fields, 'squash_commit_sha'),
    own(object(own(fields, 'last_commit')), 'id'),
    own(fields, 'sha'),
  ].find(wholeSha);

/**
 * The forms that are read: `pull_request` events (https://docs.github.com/en/webhooks/webhook-events-and-payloads),
 * merge request events (https://docs.gitlab.com/user/project/integrations/webhook_events/), and what `gh pr view --json`
 * and `glab mr view -F json` print.
 */
const FORMS: readonly Form[] = [
  {
    says: 'a pull_request event of GitHub',
    find: report => object(own(report, 'pull_request')),
    url: 'html_url',
    number: 'number',
    // There a merged one is closed, and has a merge commit for trial before.
    state: fields => (own(fields, 'merged') === true ? 'merged' : word(fields, own(fields, 'draft') === true)),
    merged: fields => own(fields, 'merge_commit_sha'),
  },
  {
    says: 'a merge request event of GitLab',
    find: report =>
      own(report, 'object_kind') === 'merge_request' ? object(own(report, 'object_attributes')) : undefined,
    url: 'url',
    number: 'iid',
    state: fields => word(fields, isDraft(fields)),
    merged: mergedInto,
  },
  {
    says: 'the JSON of glab mr view',
    find: report => (own(report, 'web_url') !== undefined && own(report, 'iid') !== undefined ? report : undefined),
    url: 'web_url',
    number: 'iid',
    state: fields => word(fields, isDraft(fields)),
    merged: mergedInto,
  },
  {
    says: 'the JSON of gh pr view',
    find: report => (own(report, 'url') !== undefined && own(report, 'number') !== undefined ? report : undefined),
    url: 'url',
    number: 'number',
    state: fields => word(fields, own(fields, 'isDraft') === true),
    merged: fields => own(object(own(fields, 'mergeCommit')), 'oid'),
  },
];

const HINT = 'gh pr view --json number,url,state,isDraft,mergeCommit | ledgenter code ref-update --report -';

/**
 * Reads what a host or its command line says of a pull request. The text is anybody's: it is bounded, only the fields
 * above are looked at, and each must have its form.
 * @throws LedgerError BAD_INPUT, TOO_LARGE
 */
export function readReport(text: string): PrReport {
  if (text.length > MAX_REPORT) refuse('TOO_LARGE', 'the report has more than 1 MB', { hint: HINT });
  const report = object(parsed(text));
  const form = FORMS.find(one => report && one.find(report) !== undefined);
  const fields = report && form?.find(report);
  if (!fields || !form) {
    const known = FORMS.map(({ says }) => says).join(', ');
    refuse('BAD_INPUT', `the report has no form that is known: ${known}`, { hint: HINT });
  }
  const url = own(fields, form.url);
  const pr = typeof url === 'string' && url.length <= 2_048 ? prUrl(url) : undefined;
  if (pr === undefined)
    refuse('BAD_INPUT', `the report is ${form.says}, but its ${form.url} is no pull request`, { hint: HINT });
  const number = own(fields, form.number);
  if (!Number.isSafeInteger(number) || !pr.endsWith(`/${number}`))
    refuse('BAD_INPUT', `the report is ${form.says}, but its ${form.number} is not that of its ${form.url}`, {
      hint: HINT,
    });
  const state = form.state(fields);
  const sha = state === 'merged' ? form.merged(fields) : undefined;
  return { pr, state, ...(wholeSha(sha) ? { merged_as: sha } : {}) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse('BAD_INPUT', 'the report is no JSON', { hint: HINT });
  }
}
