import { definePort, type Operation } from '../kernel/operation.ts';
import type { Answer } from './office.ts';

/**
 * Carries out another operation from within an act, also one that no surface offers: the same one way in as for what a
 * surface asks, under the claim of the run, sent as the caller of the act wished.
 */
export type Write = (operation: Operation, input: unknown) => Promise<Answer>;

export const writePort = definePort<Write>('write');
