/** What `ask --from` reads; kept apart from the readers, so that naming them loads none. */
export const CHANNELS = ['github', 'gitlab', 'eml', 'slack', 'csv', 'text'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Largest text that is read, in UTF-16 units; most items in it. */
export const MAX_INTAKE = 1 << 20;
export const MAX_ITEMS = 1_000;
