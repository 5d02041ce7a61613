import { type Context, refuse } from '../../kernel/operation.ts';
import { find } from '../lookup.ts';
import { chain } from './chain.ts';
import { Order } from './order.ts';
import { type Pack, packOf, type Span } from './pack.ts';
import { releaseRecord } from './record.ts';

export { packMarkdown } from './pack.ts';

/** What the changelog of a version is written from. @throws LedgerError BAD_INPUT, NOT_FOUND, REFUSED for a span that is none */
export async function changelogOf(
  context: Context,
  version: string,
  since: string | undefined,
  until: string | undefined,
): Promise<Pack> {
  const order = await Order.of(context);
  const { state, span, from, to } = await spanOf(context, order, version, since, until);
  return packOf(state, order, span, from, to);
}

/** What the changelog of a version spans, and the ledger as it was at its end. */
async function spanOf(
  context: Context,
  order: Order,
  name: string,
  since: string | undefined,
  until: string | undefined,
): Promise<{ state: Context; span: Span; from: number; to: number }> {
  const release = await find(context.view, releaseRecord, name);
  const before = since ?? (release ? release.previous : (await chain(context.view))[0]?.version);
  const from = before === undefined ? -1 : (await order.release(before)).ends;
  if (before === name)
    refuse('BAD_INPUT', `${name} begins where an earlier release ends`, { hint: 'ledgenter release query' });
  const backwards = (what: string) =>
    refuse('BAD_INPUT', `${what} was finished before ${before} was`, { hint: 'ledgenter release query' });
  if (release) {
    const { at_task, by, at, note, at_commit } = release;
    if (until !== undefined && until !== at_task)
      refuse('BAD_INPUT', `${name} is tagged ${at_task ? `at ${at_task}` : 'already'}: it ends there`, {
        hint: `ledgenter release get ${name}`,
      });
    const { state, ends } = await order.release(name);
    if (ends < from) backwards(name);
    const tagged = {
      by,
      at,
      ...(note === undefined ? {} : { note }),
      ...(at_commit === undefined ? {} : { at_commit }),
    };
    return { state, span: { version: name, tagged, since: before, until_task: at_task }, from, to: ends };
  }
  const to = until === undefined ? order.rows.length - 1 : await order.end(until);
  if (to < from) backwards(until ?? name);
  return { state: context, span: { version: name, since: before, until_task: until }, from, to };
}
