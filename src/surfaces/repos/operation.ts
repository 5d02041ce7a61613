import * as z from 'zod/mini';
import { clonePort } from '../../exchange/site.ts';
import { EXIT } from '../../kernel/errors.ts';
import { type Context, defineOperation, definePort } from '../../kernel/operation.ts';
import { repoRecord } from '../../rooms/repos/record.ts';
import type { RepoMapFile } from './map.ts';

/** The map of this machine, and the folder of the checkout that the process stands in. */
export const repoMapSite = definePort<{ map: RepoMapFile; root: string | undefined }>('repo-map-site');

export const mapRepos = defineOperation({
  name: 'repo.map',
  kind: 'act',
  cliOnly: true,
  bare: true,
  summary: 'Note that this folder is a checkout of its repository, on this machine only, and show all that are noted',
  input: () => z.strictObject({}),
  examples: [{ cli: 'ledgenter repo map', says: 'answers then say where this machine has a repository' }],
  table: { rows: 'repos', columns: ['repo', 'fingerprint', 'local_path'], none: 'no checkout is noted' },
  exit: answer => (answer.noted === false ? EXIT.no : EXIT.ok),
  async act(context) {
    const { map, root } = await context.use(repoMapSite);
    const here = context.who.checkout?.fingerprint;
    const noted = here !== undefined && root !== undefined && (await map.remember(here, root, true));
    const slugs = await registered(context);
    const repos = [...map.live()].map(([fingerprint, local_path]) => ({
      ...(slugs.has(fingerprint) ? { repo: slugs.get(fingerprint) } : {}),
      fingerprint,
      local_path,
    }));
    const unknown = noted && slugs.size > 0 && !slugs.has(here);
    return {
      noted,
      repos,
      total: repos.length,
      ...(unknown ? { hints: { next: `ledgenter repo register <slug> --remote-url ${address(context)}` } } : {}),
    };
  },
});

const address = ({ who: { checkout } }: Context) => checkout?.remote_url ?? checkout?.fingerprint;

/** Slugs by fingerprint; none where there is no ledger yet. */
async function registered(context: Context): Promise<Map<string, string>> {
  try {
    const { book } = await context.use(clonePort);
    const tip = await book.someTip();
    const repos = tip ? await book.view(tip.at).all(repoRecord) : [];
    return new Map(repos.map(({ id, record }) => [record.fingerprint, id]));
  } catch {
    return new Map();
  }
}
