import type { Law } from '../kernel/law.ts';
import type { Operation } from '../kernel/operation.ts';
import type { RecordDef } from '../kernel/record.ts';
import { actors } from './actors/index.ts';
import { code } from './code/index.ts';
import { decisions } from './decisions/index.ts';
import { events } from './events/index.ts';
import { files } from './files/index.ts';
import { handoffs } from './handoffs/index.ts';
import { importing } from './importing/index.ts';
import { intros } from './intros/index.ts';
import { keys } from './keys/index.ts';
import { knowledge } from './knowledge/index.ts';
import { generalLaws } from './laws.ts';
import { ledger } from './ledger/index.ts';
import { logbook } from './logbook/index.ts';
import { orientation } from './orientation/index.ts';
import { plans } from './plans/index.ts';
import { projects } from './projects/index.ts';
import { releases } from './releases/index.ts';
import { repos } from './repos/index.ts';
import { requirements } from './requirements/index.ts';
import { reservations } from './reservations/index.ts';
import type { Room } from './room.ts';
import { runs } from './runs/index.ts';
import { sessions } from './sessions/index.ts';
import { skills } from './skills/index.ts';
import { tasks } from './tasks/index.ts';
import { validation } from './validation/index.ts';
import { work } from './work/index.ts';

/** The office. A room is added by its folder and one line here. */
export const ROOMS: readonly Room[] = [
  actors,
  runs,
  keys,
  ledger,
  projects,
  repos,
  tasks,
  plans,
  work,
  sessions,
  validation,
  requirements,
  files,
  intros,
  code,
  decisions,
  knowledge,
  handoffs,
  reservations,
  skills,
  releases,
  events,
  logbook,
  orientation,
  importing,
];

export const RECORDS: RecordDef<unknown>[] = ROOMS.flatMap(room => [...room.records]);
export const OPERATIONS: Operation[] = ROOMS.flatMap(room => [...room.operations]);
export const LAWS: Law[] = [...generalLaws(OPERATIONS), ...ROOMS.flatMap(room => [...room.laws])];
