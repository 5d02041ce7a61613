import type { Operation } from '../kernel/operation.ts';

/** Every operation of the product: what the registry is made of. */
export const OPERATIONS: readonly Operation[] = [];
