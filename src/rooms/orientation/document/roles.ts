/** Whom a document is for. */
export const ROLES = ['planner', 'implementer', 'validator', 'spec-reviewer', 'code-reviewer', 'full'] as const;
export type Role = (typeof ROLES)[number];
