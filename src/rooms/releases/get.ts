import * as z from 'zod/mini';
import { defineOperation } from '../../kernel/operation.ts';
import { chain, needRelease } from './chain.ts';
import { version } from './fields.ts';
import { showRelease } from './show.ts';

export const get = defineOperation({
  name: 'release.get',
  kind: 'read',
  summary: 'One release: where it lies, who tagged it, and which came before and after it',
  input: () => z.strictObject({ version: version() }),
  positional: 'version',
  aliases: [{ name: 'release show', args: [] }],
  examples: [{ cli: 'ledgenter release get 0.4.1', says: 'what is known of it' }],
  async query({ view }, { version: name }) {
    const release = await needRelease(view, name);
    const next = (await chain(view)).find(one => one.release.previous === name);
    return {
      release: { ...(await showRelease(view, name, release)), ...(next ? { followed_by: next.version } : {}) },
      hints: { next: `ledgenter release changelog ${name}` },
    };
  },
});
