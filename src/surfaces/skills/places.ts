import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../hosts.ts';

/** A program that reads skills from a folder of its user, as its documentation says (what was checked how: docs/SKILLS.md). */
export interface SkillHost {
  name: string;
  /** What it is called where it shows itself to its children, when that is another name. */
  detected?: string;
  docs: string;
  /** Its own folder in the user's home: there once it was used. */
  root(home: string, env: Env): string;
  /** Where it reads the user's skills; default `skills` in its own folder. */
  user?(home: string): string;
  /** Where it reads those of a checkout, from its root. */
  checkout: readonly string[];
  /** Hosts of this list whose folder it reads too: what is there for them must not be there twice. */
  reads: readonly string[];
}

const set = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

export const SKILL_HOSTS: readonly SkillHost[] = [
  {
    name: 'claude',
    detected: 'claude-code',
    docs: 'https://code.claude.com/docs/en/skills',
    root: (home, env) => set(env.CLAUDE_CONFIG_DIR) ?? join(home, '.claude'),
    checkout: ['.claude', 'skills'],
    reads: [],
  },
  {
    name: 'codex',
    docs: 'https://developers.openai.com/codex/skills',
    root: (home, env) => set(env.CODEX_HOME) ?? join(home, '.codex'),
    user: home => join(home, '.agents', 'skills'),
    checkout: ['.agents', 'skills'],
    reads: [],
  },
  {
    name: 'cursor',
    docs: 'https://cursor.com/docs/context/skills',
    root: home => join(home, '.cursor'),
    checkout: ['.cursor', 'skills'],
    reads: ['claude', 'codex'],
  },
  {
    name: 'gemini',
    detected: 'gemini-cli',
    docs: 'https://geminicli.com/docs/cli/using-agent-skills',
    root: home => join(home, '.gemini'),
    checkout: ['.gemini', 'skills'],
    reads: ['codex'],
  },
  {
    name: 'opencode',
    docs: 'https://opencode.ai/docs/skills',
    root: (home, env) => join(set(env.XDG_CONFIG_HOME) ?? join(home, '.config'), 'opencode'),
    checkout: ['.opencode', 'skills'],
    reads: ['claude', 'codex'],
  },
  {
    name: 'vscode',
    docs: 'https://docs.github.com/en/copilot/how-tos/use-copilot-agents/cloud-agent/create-skills',
    root: home => join(home, '.copilot'),
    checkout: ['.github', 'skills'],
    reads: ['claude', 'codex'],
  },
];

export const HOST_NAMES = SKILL_HOSTS.map(host => host.name) as [string, ...string[]];

export function hostNamed(name: string): SkillHost {
  return SKILL_HOSTS.find(host => host.name === name)!;
}

/** The folder in which a host keeps the skills of its user. */
export function userFolder(host: SkillHost, home: string, env: Env): string {
  return host.user?.(home) ?? join(host.root(home, env), 'skills');
}

/**
 * The hosts to write for when nobody named any: those that were written for before and the one that runs us; else those
 * that were used on this machine, each that reads another's folder left to that one.
 */
export function usualHosts(home: string, env: Env, before: readonly string[], running: string | undefined): string[] {
  const own = SKILL_HOSTS.find(host => running !== undefined && running === (host.detected ?? host.name));
  const known = [...before, ...(own && !own.reads.some(name => before.includes(name)) ? [own.name] : [])];
  if (known.length > 0) return HOST_NAMES.filter(name => known.includes(name));
  const found = SKILL_HOSTS.filter(host => existsSync(host.root(home, env)));
  const names = found.map(host => host.name);
  return found.filter(host => !host.reads.some(name => names.includes(name))).map(host => host.name);
}
