import { plain, type Room } from '../room.ts';
import { restart, resume } from './again.ts';
import { finish } from './finish.ts';
import { workLaws } from './laws.ts';
import { log } from './log.ts';
import { workQuery } from './log_query.ts';
import { commandOperation, scannedOperation } from './measured.ts';
import { logRecord, todoRecord } from './record.ts';
import { todoAdd } from './todo_add.ts';
import { todoDone } from './todo_done.ts';
import { todoBlock, todoOpen, todoSkip } from './todo_move.ts';
import { todoGet, todoNext, todoQuery } from './todo_query.ts';

export const work: Room = {
  name: 'work',
  records: [plain(todoRecord), plain(logRecord)],
  laws: workLaws,
  operations: [
    todoAdd,
    todoDone,
    todoSkip,
    todoBlock,
    todoOpen,
    todoQuery,
    todoNext,
    todoGet,
    log,
    commandOperation,
    scannedOperation,
    workQuery,
    finish,
    restart,
    resume,
  ],
};
