import type { Room } from '../room.ts';
import { can } from './can.ts';
import { context } from './context.ts';
import { guide } from './guide.ts';
import { nextAction } from './next_action.ts';
import { search } from './search.ts';
import { whoami } from './whoami.ts';

export const orientation: Room = {
  name: 'orientation',
  records: [],
  laws: [],
  operations: [whoami, guide, nextAction, can, context, search],
};
