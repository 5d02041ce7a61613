import { type Context, definePort } from '../../kernel/operation.ts';

/** The context as it is at another commit of the book. */
export const contextAtPort = definePort<(commit: string) => Context>('context-at');
