import { OPERATIONS as EXCHANGE } from '../exchange/operations/index.ts';
import type { Operation } from '../kernel/operation.ts';
import { OPERATIONS as ROOMS } from '../rooms/index.ts';
import { demoOperation } from './demo/operation.ts';

/** Every operation of the product: what the registry is made of. */
export const OPERATIONS: readonly Operation[] = [...ROOMS, ...EXCHANGE, demoOperation];
