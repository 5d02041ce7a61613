/** Tokens of a document unless others are asked for, and at least and at most. */
export const BUDGET = 4_000;
export const MIN_BUDGET = 300;
export const MAX_BUDGET = 12_000;
