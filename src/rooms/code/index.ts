import type { Room } from '../room.ts';
import { check } from './check.ts';
import { follow } from './follow.ts';
import { taskFor } from './for.ts';
import { codeLaws } from './laws.ts';
import { query } from './query.ts';
import { update } from './update.ts';

/** What ties tasks to code. Its records lie with the tasks: a code ref is a part of one. */
export const code: Room = {
  name: 'code',
  records: [],
  laws: codeLaws,
  operations: [query, update, taskFor, check, follow],
};
