import * as z from 'zod/mini';
import { canonicalJson } from '../../kernel/canonical.ts';
import { mark, text } from '../../kernel/fields.ts';
import { defineOperation, refuse } from '../../kernel/operation.ts';
import { find } from '../lookup.ts';
import { taskId } from '../tasks/fields.ts';
import { taskRecord } from '../tasks/record.ts';
import { chain, needRelease } from './chain.ts';
import { version } from './fields.ts';
import { type Release, releaseRecord } from './record.ts';
import { boundaryFinding, forwardFinding, whoFinding } from './rules.ts';
import { showRelease } from './show.ts';

const input = () =>
  z.strictObject({
    version: version(),
    at_task: z.optional(taskId()),
    at_commit: z.optional(
      mark(z.string().check(z.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, { error: 'is no whole commit id' })), {
        machine: true,
      }),
    ),
    note: z.optional(text()),
    git_tag: z.optional(z.literal(true)),
    /** The newest release that its writer saw. */
    after: z.optional(version()),
  });

/** What `release tag` writes, with its boundary found. No surface offers it: a boundary is looked up in the history. */
export const tag = defineOperation({
  name: 'release.tag',
  kind: 'write',
  internal: true,
  summary: 'What was released, by its version, at a finished task or a commit',
  input,
  positional: 'version',
  examples: [{ cli: 'ledgenter release tag 0.4.1', says: 'all that is finished so far' }],
  // Two clones that tag one version must not both believe it: the authority decides which is meant.
  decidedThere: { waiting: { note: 'not settled before it has landed: another may tag the same version first' } },
  subject: ({ version: name }) => `tagged ${name}`,
  async decide(view, { version: name, after, ...said }, by) {
    const there = await find(view, releaseRecord, name);
    if (there) {
      if (isSame(there, said)) return { same: { version: name } };
      refuse('REFUSED', `${name} was tagged by ${there.by} as something else, and stays as it is`, {
        hint: `ledgenter release get ${name}`,
      });
    }
    const newest = (await chain(view))[0]?.version;
    if (newest !== after)
      refuse('BUSY', `${newest ?? 'no release'} is the newest release meanwhile, not ${after ?? 'none'}`);
    const finished = said.at_task === undefined ? undefined : await find(view, taskRecord, said.at_task);
    const release: Release = {
      ...said,
      ...(finished?.finished_at === undefined ? {} : { finished_at: finished.finished_at }),
      ...(newest === undefined ? {} : { previous: newest }),
      by: by.actor,
      at: by.at,
    };
    const finding =
      (await whoFinding(view, by.intent)) ??
      (await boundaryFinding(view, name, release)) ??
      (await forwardFinding(view, name, release));
    if (finding) refuse(finding.code ?? 'REFUSED', finding.message, finding.hint ? { hint: finding.hint } : {});
    return { files: [releaseRecord.put(name, release)], result: { version: name } };
  },
  async show({ view }, { version: name }) {
    const release = await needRelease(view, String(name));
    return {
      release: await showRelease(view, String(name), release),
      hints: { next: `ledgenter release changelog ${name}` },
    };
  },
});

type Said = Pick<Release, 'at_task' | 'at_commit' | 'note' | 'git_tag'>;

function isSame({ at_task, at_commit, note, git_tag }: Release, said: Said): boolean {
  const text = (one: Said): string =>
    canonicalJson([one.at_task, one.at_commit, one.note, one.git_tag].map(v => v ?? null));
  return text({ at_task, at_commit, note, git_tag }) === text(said);
}
