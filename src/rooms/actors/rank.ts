import { LedgerError } from '../../kernel/errors.ts';
import type { View } from '../../kernel/view.ts';
import { find } from '../lookup.ts';
import { actorRecord } from './record.ts';

export async function isMaintainer(view: View, actor: string): Promise<boolean> {
  return (await find(view, actorRecord, actor))?.role === 'maintainer';
}

/** @throws LedgerError NOT_MAINTAINER */
export async function needMaintainer(view: View, actor: string, what: string): Promise<void> {
  if (!(await isMaintainer(view, actor))) throw new LedgerError('NOT_MAINTAINER', `only a maintainer ${what}`);
}
