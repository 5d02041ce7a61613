import type { RedactionRule } from './rule.ts';
import { AI_RULES } from './rules/ai.ts';
import { CLOUD_RULES } from './rules/cloud.ts';
import { CODE_RULES } from './rules/code.ts';
import { GENERIC_RULES } from './rules/generic.ts';
import { HOME_RULES } from './rules/home.ts';
import { KEY_RULES } from './rules/keys.ts';
import { MESSAGING_RULES } from './rules/messaging.ts';
import { SERVICE_RULES } from './rules/services.ts';
import { URL_RULES } from './rules/url.ts';

/** Every rule, in the order they run: blocks and URLs first, then issuers, what only its surroundings give away, homes. */
export const RULES: readonly RedactionRule[] = [
  ...KEY_RULES,
  ...URL_RULES,
  ...CODE_RULES,
  ...CLOUD_RULES,
  ...SERVICE_RULES,
  ...MESSAGING_RULES,
  ...AI_RULES,
  ...GENERIC_RULES,
  ...HOME_RULES,
];
