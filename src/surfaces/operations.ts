import { OPERATIONS as EXCHANGE } from '../exchange/operations/index.ts';
import type { Operation } from '../kernel/operation.ts';
import { OPERATIONS as ROOMS } from '../rooms/index.ts';
import { activateOperation } from './activating/operation.ts';
import { hooksRefresh, hooksRun } from './commits/operation.ts';
import { demoOperation } from './demo/operation.ts';
import { eventExport } from './events/operation.ts';
import { guardOperation } from './guarding/operation.ts';
import { hooksStatusOperation, installHooksOperation, uninstallHooksOperation } from './hooks/operation.ts';
import { importOperations } from './importing/operation.ts';
import { intakeOperation } from './intake/operation.ts';
import { leaveOperation } from './leaving/operation.ts';
import { pollOperation } from './poll/operation.ts';
import { primeOperation } from './prime/operation.ts';
import { proveOperation } from './prove/operation.ts';
import { tagOperation } from './releasing/operation.ts';
import { mapRepos } from './repos/operation.ts';
import { setupOperation } from './setup/operation.ts';
import { skillSync } from './skills/operation.ts';
import { snapshotOperation } from './snapshot/operation.ts';
import { exportOperation, importLedgerOperation } from './transfer/operation.ts';
import { workRun, workScan } from './work/operation.ts';

/** Every operation that a surface offers: what the registry is made of. */
export const OPERATIONS: readonly Operation[] = [
  ...ROOMS.filter(operation => !operation.internal),
  ...EXCHANGE,
  ...importOperations,
  exportOperation,
  importLedgerOperation,
  snapshotOperation,
  demoOperation,
  skillSync,
  mapRepos,
  proveOperation,
  activateOperation,
  tagOperation,
  workRun,
  workScan,
  eventExport,
  setupOperation,
  leaveOperation,
  installHooksOperation,
  hooksStatusOperation,
  uninstallHooksOperation,
  intakeOperation,
  guardOperation,
  pollOperation,
  primeOperation,
  hooksRun,
  hooksRefresh,
];
