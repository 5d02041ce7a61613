import * as z from 'zod/mini';
import { actor, choice, date, key, text, title } from '../../kernel/fields.ts';
import { policyFields } from '../ledger/fields.ts';
import { PROJECT_STATUSES } from './record.ts';

export const policy = () => z.strictObject({ ...policyFields(), billable: z.optional(z.boolean()) });

/** What a project may be given at creation; an update takes each of them as optional, null takes one away. */
export const projectFields = () => ({
  title: title(),
  charter: text(),
  status: choice(PROJECT_STATUSES),
  owner: actor(),
  parent: key(),
  start_on: date(),
  target_on: date(),
  policy: policy(),
});
