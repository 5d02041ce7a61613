import { homedir } from 'node:os';
import { definePort } from '../../kernel/operation.ts';
import type { Env } from '../hosts.ts';

/** What writing skills to this machine needs to know of it. */
export interface SkillSite {
  home: string;
  env: Env;
  /** Common git dir of the repository that holds the book: tells one ledger of this machine from another. */
  book: string;
  ledger: string;
  /** The checkout that the command runs in; none in a bare repository. */
  checkout?: { topLevel: string; commonDir: string };
  /** Shows a text to the person who is asked; it was made harmless. */
  say(text: string): void;
  /** Asks a person; undefined without a terminal. */
  ask?(question: string, choices: readonly string[]): Promise<string>;
}

export const skillSitePort = definePort<SkillSite>('skill-site');

export function makeSkillSite(parts: {
  env: Env;
  book: string;
  ledger: string;
  repository: { commonDir: string; topLevel?: string } | undefined;
  ask: SkillSite['ask'];
}): SkillSite {
  const { env, book, ledger, repository, ask } = parts;
  const { topLevel, commonDir = '' } = repository ?? {};
  return {
    home: homedir(),
    env,
    book,
    ledger,
    ...(topLevel === undefined ? {} : { checkout: { topLevel, commonDir } }),
    say: text => void process.stderr.write(text),
    ...(ask ? { ask } : {}),
  };
}
