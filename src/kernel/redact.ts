/**
 * The redactor: free text passes it before it is hashed, so a secret or a home path never reaches an object of the
 * repository. Pure; its rules are our own table, because the libraries that were measured load in 24 ms and answer
 * asynchronously, and every write would pay that.
 */
import { RULES } from './redact/table.ts';

export { redactInput } from './redact/input.ts';
export { type Redacted, type RedactOptions, redactText } from './redact/text.ts';

/** Name, meaning and documentation of every rule, for docs. */
export const REDACTION_RULES: readonly { name: string; what: string; source: string }[] = RULES.map(
  ({ name, what, source }) => ({ name, what, source }),
);
