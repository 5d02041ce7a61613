import * as z from 'zod/mini';
import { mark } from '../../kernel/fields.ts';

/** Not a URL, nobody's `user:password@`, no path of a machine. */
const FINGERPRINT = /^(?![/~]|[a-z][a-z0-9+.-]*:\/\/|[^/]*@)[^\s\p{Cc}\\]{1,512}$/iu;

/** Fingerprint of a remote (`github/acme/app`): no credentials, no machine's path. */
export const fingerprint = () =>
  mark(z.string().check(z.regex(FINGERPRINT, { error: 'is no fingerprint of a remote (github/acme/app)' })), {
    verbatim: true,
  });

/** A prefix of refs. */
export const namespace = () =>
  mark(z.string().check(z.regex(/^refs(\/[a-z0-9][a-z0-9_-]*){1,8}$/, { error: 'is no prefix of refs' })), {
    machine: true,
  });

/** The name of a ledger, as far as a record may carry it; whether there can be such a one is the book's to say. */
export const ledgerName = () =>
  mark(z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,30}$/, { error: 'is no ledger: a-z 0-9 -, at most 31' })), {
    machine: true,
    form: 'a ledger: feature-a',
  });

/** A commit of a book, whole. */
export const tipOid = () =>
  mark(z.string().check(z.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, { error: 'is no commit id' })), { machine: true });

/** Gates that a ledger or a project asks of all its tasks. */
export const policyFields = () => ({
  requires_evidence: z.optional(z.boolean()),
  resolution_required: z.optional(z.boolean()),
  requires_criteria: z.optional(z.boolean()),
  plan_required: z.optional(z.boolean()),
  validation_required: z.optional(z.boolean()),
  agents_accept_plans: z.optional(z.boolean()),
  text_evidence: z.optional(z.boolean()),
});
