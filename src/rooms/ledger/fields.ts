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
