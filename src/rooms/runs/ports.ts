import { definePort } from '../../kernel/operation.ts';
import { defineTable } from '../rows.ts';
import { lastOf, type Run, runRecord } from './record.ts';

/** A run as lists show it. */
export interface RunRow {
  actor: string;
  kind?: string;
  parent?: string;
  series?: string;
  host?: string;
  started_at: string;
  last_at: string;
  ended_at?: string;
  abandoned?: true;
}

function row(run: Run): RunRow {
  const { actor, kind, parent, series, host, started_at, ended_at, abandoned } = run;
  return {
    actor,
    ...(kind === undefined ? {} : { kind }),
    ...(parent === undefined ? {} : { parent }),
    ...(series === undefined ? {} : { series }),
    ...(host === undefined ? {} : { host }),
    started_at,
    last_at: lastOf(run),
    ...(ended_at === undefined ? {} : { ended_at }),
    ...(abandoned ? { abandoned } : {}),
  };
}

export const runTable = defineTable({ def: runRecord, version: 1, row });

/** Only what is still open: few, however many there ever were. A run that begins looks here for what was left behind. */
export const openRunTable = defineTable({
  def: runRecord,
  name: 'open',
  version: 1,
  row: (run: Run) => (run.ended_at === undefined ? { last_at: lastOf(run) } : undefined),
});

/** Where this clone stands in the book. */
export interface Position {
  /** Id of the newest entry that nothing can move any more, because the authority has it; undefined before the first. */
  settled(): Promise<string | undefined>;
}

export const positionPort = definePort<Position>('position');
