import type { Skill } from '../../rooms/skills/record.ts';
import { lookAt, type OnDisk, sha256 } from './disk.ts';
import type { Manifest, Written } from './manifest.ts';
import { runsCommands, skillFile } from './text.ts';

/**
 * How a file stands to the skill:
 * `in sync` · `new` (never written here) · `missing` (written, gone) · `behind` (as written, the ledger has a newer
 * version) · `edited` (changed here since it was written) · `not ours` (something else of that name) · `other ledger` ·
 * `tracked` (the checkout has its own) · `archived` (as written, to be removed) · `archived, edited` · `unknown` (the
 * ledger has no such skill).
 */
export type State =
  | 'in sync'
  | 'new'
  | 'missing'
  | 'behind'
  | 'edited'
  | 'not ours'
  | 'other ledger'
  | 'tracked'
  | 'archived'
  | 'archived, edited'
  | 'unknown';

/** One file of one host: what is there, what should be, and what to do about it. */
export interface Item {
  skill: string;
  host: string;
  file: string;
  state: State;
  record?: Skill;
  /** The text that should be there; undefined: no file. */
  want?: string;
  disk: OnDisk;
  row?: Written;
  /** What a sync does when it is told to go on. */
  act?: 'write' | 'remove' | 'adopt';
  /** Why nothing is done though the file differs. */
  skip?: string;
  /** What is there is put beside, not lost. */
  keepOld?: boolean;
  /** A host runs commands of this text by itself. */
  runs?: boolean;
}

/** Which ledger asks: rows of another are not its own. */
export interface Owner {
  ledger: string;
  authority?: string;
  book: string;
}

export interface PlanParts {
  skills: ReadonlyMap<string, Skill>;
  /** Hosts with the file of each slug. */
  targets: { host: string; file(slug: string): string; tracked: ReadonlySet<string> | 'all' }[];
  manifest: Manifest;
  owner: Owner;
  /** Only these; undefined: all. */
  only?: ReadonlySet<string>;
  /** Slugs whose local text may be replaced. */
  replace: ReadonlySet<string>;
}

/** The skill that `ledgenter setup` writes beside those of the ledger. */
const OWN = 'ledgenter';

export function ownedBy(row: Written, owner: Owner): boolean {
  if (row.ledger !== owner.ledger) return false;
  return row.book === owner.book || (row.authority !== undefined && row.authority === owner.authority);
}

/** Looks at every file that a sync is about; nothing is changed. */
export function plan(parts: PlanParts): Item[] {
  const items: Item[] = [];
  for (const { host, file, tracked } of parts.targets) {
    const slugs = new Set([...parts.skills.keys(), ...written(parts, host)]);
    for (const skill of [...slugs].sort()) {
      if (parts.only && !parts.only.has(skill)) continue;
      const item = look(parts, host, skill, file(skill));
      if (!item) continue;
      if (tracked === 'all' || tracked.has(skill)) {
        const { skip: _, act: __, ...rest } = item;
        items.push({ ...rest, state: 'tracked', skip: 'this checkout tracks it' });
      } else items.push(item);
    }
  }
  return items;
}

/** Slugs of our own rows for a host: of skills that the ledger has no longer, too. */
function* written({ manifest, owner, targets }: PlanParts, host: string): Generator<string> {
  const target = targets.find(each => each.host === host)!;
  for (const [path, row] of manifest) {
    if (row.host === host && ownedBy(row, owner) && target.file(row.skill) === path) yield row.skill;
  }
}

function look(parts: PlanParts, host: string, skill: string, file: string): Item | undefined {
  const record = parts.skills.get(skill);
  const row = parts.manifest.get(file);
  const want = record && !record.archived ? skillFile(skill, record) : undefined;
  const disk = lookAt(file);
  const item = {
    skill,
    host,
    file,
    disk,
    ...(record ? { record } : {}),
    ...(row ? { row } : {}),
    ...(want === undefined ? {} : { want }),
    ...(record && want !== undefined && runsCommands(record.body) ? { runs: true } : {}),
  };
  const ours = row !== undefined && ownedBy(row, parts.owner);
  const mayReplace = parts.replace.has(skill) && disk.kind === 'file';
  const blocked = (state: State, skip: string, act: 'write' | 'remove'): Item =>
    mayReplace ? { ...item, state, act, keepOld: true } : { ...item, state, skip };
  if (want === undefined) {
    if (!ours || disk.kind === 'absent') return undefined;
    if (!record) return { ...item, state: 'unknown', skip: 'this ledger has no such skill' };
    return disk.kind === 'file' && disk.sha256 === row.sha256
      ? { ...item, state: 'archived', act: 'remove' }
      : blocked('archived, edited', 'changed here: it stays', 'remove');
  }
  // An agent that knows the tool would take what a ledger says under its name for the word of the tool.
  if (skill === OWN) return { ...item, state: 'not ours', skip: 'the name is that of the skill which setup writes' };
  if (disk.kind === 'absent') return { ...item, state: ours ? 'missing' : 'new', act: 'write' };
  if (disk.kind === 'other') return { ...item, state: 'not ours', skip: 'a link or something else lies there' };
  if (disk.text === want) {
    const known = row !== undefined && (!ours || row.sha256 === sha256(want));
    return { ...item, state: 'in sync', ...(known ? {} : { act: 'adopt' }) };
  }
  if (row && !ours) return blocked('other ledger', 'written from another ledger', 'write');
  if (!row) return blocked('not ours', 'not written by ledgenter', 'write');
  return disk.sha256 === row.sha256
    ? { ...item, state: 'behind', act: 'write' }
    : blocked('edited', 'changed here since it was written', 'write');
}
