import { MAX_LIST, type Task } from '../../tasks/record.ts';
import { MAX_DEPTH } from '../../tasks/rules/acyclic.ts';
import { Tally, type Why } from './report.ts';

type LinkKind = Task['links'][number]['kind'];

export interface Dependency {
  type: string;
  target: string;
}

/** Something that becomes a task, by its id over there. */
export interface Node {
  file?: string;
  line: number;
  id: string;
  /** Its reference, in canonical form. */
  ref: string;
  dependencies: Dependency[];
  /** Lines of fields, by name. */
  lines?: Readonly<Record<string, number>>;
}

/** Where a node, or a field of it, stands: for the report. */
export function placeOf({ file, line, id, lines }: Node, field?: string) {
  const own = field !== undefined && lines && Object.hasOwn(lines, field) ? lines[field]! : line;
  return { ...(file === undefined ? {} : { file }), line: own, issue: id };
}

/** How a node hangs on others, by the ids of where it comes from. */
export interface Ties {
  depends_on: Set<string>;
  parent?: string;
  /** By kind and target. */
  links: Map<string, { kind: LinkKind; target: string }>;
  /** Targets in words, for what no field can hold. */
  notes: string[];
  /** The kind of dependency behind a parent (`parent <target>`) or link that was counted as mapped. */
  counted: Map<string, string>;
}

/** What each kind of dependency becomes; kinds that are not here have no equal. */
const KINDS: Readonly<Record<string, 'depends_on' | 'parent' | LinkKind>> = {
  blocks: 'depends_on',
  'blocked-by': 'depends_on',
  'waits-for': 'depends_on',
  'parent-child': 'parent',
  related: 'related',
  'relates-to': 'related',
  'discovered-from': 'discovered_from',
  duplicates: 'duplicates',
  supersedes: 'supersedes',
};

/** Ancestors that a task may have, less some for tasks that people put above it later. */
const DEPTH = MAX_DEPTH - 4;

/** Maps the dependencies of all issues; each is counted as mapped or as skipped, with the reason. */
export class Linker {
  readonly ties = new Map<string, Ties>();
  readonly #issues: ReadonlyMap<string, Node>;
  readonly #known: ReadonlySet<string>;
  readonly #tally: Tally;
  readonly #children = new Map<string, string[]>();

  /** `known`: ids that are not in the file but in the ledger already. */
  constructor(issues: ReadonlyMap<string, Node>, known: ReadonlySet<string>, tally: Tally) {
    this.#issues = issues;
    this.#known = known;
    this.#tally = tally;
    for (const id of issues.keys())
      this.ties.set(id, { depends_on: new Set(), links: new Map(), notes: [], counted: new Map() });
    for (const issue of issues.values()) this.#map(issue);
  }

  #map(issue: Node): void {
    const ties = this.ties.get(issue.id)!;
    for (const { type, target } of issue.dependencies) {
      const why = this.#problem(issue.id, ties, type, target);
      if (why === undefined) {
        Tally.count(this.#tally.report.mapped.dependencies, type);
        ties.counted.set(`${KINDS[type]} ${target}`, type);
        continue;
      }
      this.#tally.skip(type);
      this.#tally.tell(why, { ...placeOf(issue), detail: `${type} ${target}` });
      if (why === 'missing_target') ties.notes.push(`${type}: ${target} (not in the file)`);
      else if (why !== 'self' && why !== 'repeated') this.#relate(ties, type, target);
    }
  }

  /** Ties the target as its kind asks; the reason when it cannot. */
  #problem(id: string, ties: Ties, type: string, target: string): Why | undefined {
    const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
    if (target === id) return 'self';
    if (!this.#issues.has(target) && !this.#known.has(target)) return 'missing_target';
    if (kind === undefined) return 'no_equal';
    if (kind === 'parent') {
      if (ties.parent !== undefined) return ties.parent === target ? 'repeated' : 'second_parent';
      const above = this.#ancestors(target);
      if (above.has(id)) return 'cycle';
      if (above.size + this.#height(id) > DEPTH) return 'depth';
      ties.parent = target;
      this.#children.set(target, [...(this.#children.get(target) ?? []), id]);
      return undefined;
    }
    if (kind === 'depends_on') {
      if (ties.depends_on.has(target)) return 'repeated';
      if (this.#waitsFor(target, id)) return 'cycle';
      if (ties.depends_on.size >= MAX_LIST) return 'list';
      ties.depends_on.add(target);
      return undefined;
    }
    if (ties.links.has(`${kind} ${target}`)) return 'repeated';
    if (ties.links.size >= MAX_LIST) return 'list';
    ties.links.set(`${kind} ${target}`, { kind, target });
    return undefined;
  }

  #relate(ties: Ties, type: string, target: string): void {
    if ([...ties.links.values()].some(link => link.target === target)) return;
    if (ties.links.size < MAX_LIST) ties.links.set(`related ${target}`, { kind: 'related', target });
    else ties.notes.push(`${type}: ${target}`);
  }

  #ancestors(id: string): Set<string> {
    const out = new Set<string>();
    for (let at: string | undefined = id; at !== undefined && !out.has(at); at = this.ties.get(at)?.parent) out.add(at);
    return out;
  }

  /** Levels of children below `id`, as far as they are tied already. */
  #height(id: string): number {
    let height = 0;
    for (let level = [id]; height <= DEPTH; height++) {
      level = level.flatMap(one => this.#children.get(one) ?? []);
      if (level.length === 0) break;
    }
    return height;
  }

  /** True when `from` waits for `goal`, through any number of others. */
  #waitsFor(from: string, goal: string): boolean {
    const seen = new Set([from]);
    for (const id of seen) {
      if (id === goal) return true;
      for (const next of this.ties.get(id)?.depends_on ?? []) seen.add(next);
    }
    return false;
  }
}
