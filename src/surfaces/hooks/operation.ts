import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { defineOperation } from '../../kernel/operation.ts';

const asked = () => z.strictObject({ dry_run: z.optional(z.boolean()), yes: z.optional(z.boolean()) });

export const installHooksOperation = defineOperation({
  name: 'hooks.install',
  kind: 'act',
  bare: true,
  cliOnly: true,
  toolset: 'hooks',
  summary:
    'Put the git hooks of ledgenter into this repository, before those that are there, after showing what changes; in a bare repository the gate',
  input: asked,
  examples: [
    { cli: 'ledgenter hooks install --dry-run', says: 'what would change; nothing is written' },
    { cli: 'ledgenter hooks install --yes', says: 'again after another tool put its hooks in place of ours' },
  ],
  exit: answer => (answer.agreed === false ? EXIT.no : EXIT.ok),
  async act(context, input) {
    const { installHooks } = await import('./install.ts');
    return installHooks(context, input);
  },
});

export const hooksStatusOperation = defineOperation({
  name: 'hooks.status',
  kind: 'act',
  bare: true,
  cliOnly: true,
  toolset: 'hooks',
  summary: 'Say of each git hook whether ours runs, who goes first, and what stands in its way',
  input: () => z.strictObject({}),
  examples: [{ cli: 'ledgenter hooks status', says: 'exit code 1: not installed; 78: something is wrong' }],
  table: { rows: 'hooks', columns: ['hook', 'state', 'says'], none: 'no hooks of ledgenter are installed here' },
  exit: answer => (answer.installed === false ? EXIT.no : (answer.faults as number) > 0 ? EXIT.notSetUp : EXIT.ok),
  async act(context) {
    const { hooksStatus } = await import('./status.ts');
    return hooksStatus(context);
  },
});

export const uninstallHooksOperation = defineOperation({
  name: 'hooks.uninstall',
  kind: 'act',
  bare: true,
  cliOnly: true,
  toolset: 'hooks',
  summary: 'Take the git hooks of ledgenter out of this repository: every file as it was before',
  input: asked,
  examples: [{ cli: 'ledgenter hooks uninstall', says: 'shows what goes, and asks' }],
  exit: answer => (answer.agreed === false ? EXIT.no : EXIT.ok),
  async act(context, input) {
    const { uninstallHooks } = await import('./install.ts');
    return uninstallHooks(context, input);
  },
});
