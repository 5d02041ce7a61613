import { changes } from './changes.ts';
import { criteria } from './criteria.ts';
import type { Part } from './part.ts';
import { refs } from './refs.ts';
import { resolution } from './resolution.ts';
import { validation } from './validation.ts';
import { work } from './work.ts';

/** What a changelog tells of each finished task, in this order. */
export const PARTS: readonly Part[] = [resolution, changes, work, criteria, validation, refs];
