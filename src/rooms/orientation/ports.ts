import type { Law } from '../../kernel/law.ts';
import { definePort, type Operation } from '../../kernel/operation.ts';

/** What the product can do and what it holds lawful, for the guide: a room cannot import the list that it stands in. */
export interface Catalogue {
  operations: readonly Operation[];
  laws: readonly Law[];
}

export const catalogue = definePort<Catalogue>('catalogue');
