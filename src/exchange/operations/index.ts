import type { Operation } from '../../kernel/operation.ts';
import { ledgerAdopt } from './adopt.ts';
import { doctorOperation } from './doctor.ts';
import { ledgerFork } from './fork.ts';
import { initOperation } from './init.ts';
import { ledgerList } from './ledgers.ts';
import { parkedDrop, parkedList, parkedRetry } from './parked.ts';
import { reindexOperation } from './reindex.ts';
import { repairOperation } from './repair.ts';
import { statusOperation } from './status.ts';
import { ledgerSwitch } from './switch.ts';
import { syncOperation } from './sync.ts';
import { verifyOperation } from './verify.ts';

/** Operations on the exchange and this clone: no entry of their own but `init`'s. */
export const OPERATIONS: readonly Operation[] = [
  initOperation,
  syncOperation,
  statusOperation,
  verifyOperation,
  ledgerList,
  ledgerFork,
  ledgerSwitch,
  ledgerAdopt,
  parkedList,
  parkedRetry,
  parkedDrop,
  doctorOperation,
  repairOperation,
  reindexOperation,
];
