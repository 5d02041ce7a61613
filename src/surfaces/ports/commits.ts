import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { arrivalsPort } from '../../exchange/site.ts';
import { writePort } from '../../exchange/writing.ts';
import { LedgerError } from '../../kernel/errors.ts';
import { commitSite } from '../commits/site.ts';
import { providePort } from './port.ts';

export const commitSource = providePort(commitSite, ({ seat, context, options: { place, setting } }) => {
  const { repository } = place;
  if (!repository) throw place.problem ?? new LedgerError('NO_REPOSITORY', 'not inside a git repository');
  return {
    cwd: place.cwd,
    gitDir: repository.gitDir,
    commonDir: repository.commonDir,
    ledger: seat.ledger,
    own: seat.discovery.location.commonDir === repository.commonDir,
    setting,
    perform: async (operation, input) => (await context.use(writePort))(operation, input),
    stdin: readAll,
  };
});

export const arrivalsSource = providePort(arrivalsPort, ({ context, options: { place } }) => ({
  async look() {
    const common = place.repository?.commonDir;
    if (common === undefined || !existsSync(join(common, 'ledgenter', 'hooks', 'conf'))) return;
    const { watch } = await import('../commits/watch.ts');
    // What cannot be looked through now is at the next merge, push or sync.
    await watch(await context.use(commitSite), context).catch(() => []);
  },
}));

/** What git wrote to the hook; nothing where that is no text or more than `limit` bytes. */
async function readAll(limit: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin) {
    size += (part as Buffer).length;
    if (size > limit) return '';
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}
