import * as z from 'zod/mini';
import { idOf, mark } from '../../kernel/fields.ts';
import { MAX_TO } from './record.ts';

export const handoffId = () => idOf('handoff');

/** Actors and roles; `me` is the actor that asks. */
export const recipients = () =>
  z
    .array(mark(z.string().check(z.minLength(1), z.maxLength(64)), { actor: true, word: true }))
    .check(z.minLength(1), z.maxLength(MAX_TO));
