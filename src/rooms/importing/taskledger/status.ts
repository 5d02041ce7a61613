import type { ImportedTask } from '../entry.ts';

export interface Standing {
  status: ImportedTask['status'];
  label?: string;
  /** Under way there; nobody holds it here. */
  started?: true;
}

/** Stages in which somebody was at work. */
const STARTED = new Set(['planning', 'implementing', 'validating']);
const OPEN = new Set(['draft', 'plan_review', 'approved', 'implemented', 'failed_validation', ...STARTED]);

/**
 * The one table of what a stage becomes; undefined where nobody knows it. All that is neither done nor cancelled is open
 * here, with the stage in a label: a stage never brings a claim or an approval.
 */
export function standingOf(stage: string): Standing | undefined {
  if (stage === 'done') return { status: 'done' };
  if (stage === 'cancelled') return { status: 'cancelled' };
  if (!OPEN.has(stage)) return undefined;
  if (stage === 'draft') return { status: 'open' };
  return { status: 'open', label: `stage:${stage}`, ...(STARTED.has(stage) ? { started: true } : {}) };
}

/** 0 is the highest here. */
export const PRIORITIES: Readonly<Record<string, number>> = {
  critical: 0,
  urgent: 0,
  high: 1,
  medium: 2,
  normal: 2,
  low: 3,
};
