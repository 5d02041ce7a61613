import { join } from 'node:path';
import { find } from '../../rooms/lookup.ts';
import { activeTask } from '../../rooms/tasks/ports.ts';
import { taskRecord } from '../../rooms/tasks/record.ts';
import { readActive, writeActive } from '../activating/file.ts';
import { activePort } from '../activating/port.ts';
import type { Maker } from './port.ts';
import { providePort } from './port.ts';

/** Where this worktree remembers; outside of all worktrees, where the ledger's own notes are. */
function fileOf({ seat, options: { place } }: Maker): string {
  const gitDir = place.repository?.gitDir ?? seat.discovery.location.commonDir;
  return join(gitDir, 'ledgenter-runs', 'active-task');
}

export const activeSource = providePort(activeTask, maker => ({
  async id() {
    const known = readActive(fileOf(maker), maker.seat.ledger);
    return known !== undefined && (await find(maker.context.view, taskRecord, known)) ? known : undefined;
  },
}));

export const activatingSource = providePort(activePort, maker => ({
  set: id => writeActive(fileOf(maker), maker.seat.ledger, id),
}));
