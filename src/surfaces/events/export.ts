import { resolve } from 'node:path';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context } from '../../kernel/operation.ts';
import { lineOf } from '../../rooms/events/line.ts';
import { spoolPort } from '../../rooms/events/ports.ts';
import { statusFrom } from '../../rooms/events/status.ts';
import { summaryOf, summaryPage } from '../../rooms/events/summary.ts';
import { eventsOf, type Told } from '../../rooms/events/table.ts';
import { contextAtPort } from '../../rooms/logbook/ports.ts';
import { appendLines, checkLines, replaceFile } from './files.ts';
import { eventSitePort } from './port.ts';

/**
 * Writes `<agent>/<date>.jsonl`, `<agent>/status.json` and `<agent>/sessions/<date>-<run>.md` below a folder. Nothing is
 * written before all of the lines that are there were found to be those of the ledger.
 * @throws LedgerError REFUSED naming the first file that has a line which is no event of the ledger
 */
export async function exportEvents(
  context: Context,
  { dir, agent }: { dir: string; agent?: string | undefined },
): Promise<{ [key: string]: unknown }> {
  const site = await context.use(eventSitePort);
  const base = resolve(site.cwd, dir);
  // A line that was written stays: what waits could still change, as heartbeats are told in one.
  await (await context.use(spoolPort)).land();
  const now = (await context.use(contextAtPort))(await site.tip());
  const all = await eventsOf(now, { agent: agent?.toLowerCase() }, false);
  const agents = groups(all, event => event.agent);
  if (agent !== undefined && agents.size === 0)
    throw new LedgerError('NOT_FOUND', `no event of ${agent} is known`, { hint: 'ledgenter event query' });
  return site.politely(async () => {
    const days = [...agents].flatMap(([name, events]) =>
      [...groups(events, ({ ts }) => ts.slice(0, 10))].map(([day, found]) => ({
        path: [name, `${day}.jsonl`],
        lines: found.map(told => lineOf(eventOf(told))),
      })),
    );
    const missing = days.map(({ path, lines }) => ({ path, more: checkLines(base, path, lines) }));
    let [lines, files] = [0, 0];
    for (const { path, more } of missing) {
      if (more.length === 0) continue;
      appendLines(base, path, more);
      lines += more.length;
      files++;
    }
    for (const [name, events] of agents) {
      await replaceFile(base, [name, 'status.json'], `${JSON.stringify(statusFrom(events), null, 2)}\n`);
      for (const run of new Set(events.map(event => event.run_id))) {
        const summary = run === undefined ? undefined : await summaryOf(now, run, false);
        if (summary === undefined) continue;
        const page = [name, 'sessions', `${summary.started_at.slice(0, 10)}-${run}.md`];
        await replaceFile(base, page, summaryPage(summary));
      }
    }
    return { dir, agents: agents.size, events: all.length, lines_added: lines, files_grown: files };
  });
}

/** The event as others read it; which run it was of stands in its data. */
function eventOf({ id: _id, landed: _landed, run_id, ...event }: Told) {
  return run_id === undefined ? event : { ...event, data: { run_id, ...event.data } };
}

function groups<T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) {
    const group = found.get(key(one));
    if (group) group.push(one);
    else found.set(key(one), [one]);
  }
  return found;
}
