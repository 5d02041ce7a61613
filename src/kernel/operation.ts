import type * as z from 'zod/mini';
import type { Json } from './canonical.ts';
import type { ActorKind, ClaimStamp, Intent } from './entry.ts';
import { entryId } from './entry.ts';
import { LedgerError } from './errors.ts';
import { recordId } from './ids.ts';
import type { RecordDef } from './record.ts';
import type { FileChange, Reader, View } from './view.ts';

/** Who acts, as the surface found out: told to every operation, never looked up by it. */
export interface Who {
  actor: string;
  kind: ActorKind;
  /** The run and its ancestors, nearest first; never empty. */
  run: string[];
  mode: 'session' | 'loop';
  /** The agent host that was detected (`claude-code`), if any. */
  host?: string;
  /** What the launcher calls the runs that it starts again and again. */
  series?: string;
  /** The repository that the process stands in, which need not be the one that holds the ledger. Never a path. */
  checkout?: { fingerprint: string; remote_url?: string };
  /** The ledger in use and what decided it, where it is not the one of a repository in which nobody said anything. */
  ledger?: { name: string; because: string };
}

/** What a decide may know: the intent, and the ids that follow from it. */
export interface By {
  actor: string;
  kind: ActorKind;
  run: string[];
  at: string;
  claim: ClaimStamp | undefined;
  intent: Intent;
  /** The id of the `index`-th record this entry creates: from the idempotency key where there is one, else the entry. */
  newId(def: RecordDef<never>, index?: number): string;
  /** Bytes that travel with the entry but are not in its intent (attachments), by path in the tree. */
  carried(path: string): Promise<string | undefined>;
}

export function byOf(intent: Intent, carried: Reader): By {
  const { actor, kind, run, at, claim, key } = intent;
  let entry: string | undefined;
  const source = (): string[] => {
    if (key !== undefined) return ['key', key];
    entry ??= entryId(intent);
    return ['entry', entry];
  };
  return {
    actor,
    kind,
    run,
    at,
    claim,
    intent,
    carried: path => carried.read(path),
    newId: (def, index = 0) => recordId(def.letter, ...source(), String(index)),
  };
}

/**
 * What a decide answers. `result` is small canonical JSON (ids) that is kept for idempotent replays; `show` turns it
 * into the answer. `same` means the ledger already says so: no entry is written, and a replayed entry is dropped; one with
 * an idempotency key is written all the same, to keep the key.
 * A refusal is thrown as LedgerError.
 */
export type Decision = { files: FileChange[]; result: { [key: string]: Json } } | { same: { [key: string]: Json } };

/** A name for something a query needs from outside the rooms (an index, the exchange); given by the surface. */
export interface Port<T> {
  readonly name: string;
  readonly _type?: T;
}
export function definePort<T>(name: string): Port<T> {
  return { name };
}

/** What a read, or the showing of an answer, may use. */
export interface Context {
  who: Who;
  /** The process's clock, ms since the epoch. */
  now: number;
  view: View;
  use<T>(port: Port<T>): Promise<T>;
  /** Cancels a long look or wait. */
  signal?: AbortSignal;
  /** Progress of anything over a second: done, total if known, what. */
  progress?: (done: number, total: number | undefined, what: string) => void;
}

export interface Example {
  /** A command line that works when pasted after `task create` made what it names. */
  cli: string;
  says: string;
}

/** A record whose claim is offered to others. */
export interface Held {
  def: RecordDef<never>;
  id: string;
  offer: string;
}

/** How what an operation reads is served to MCP hosts as a resource. */
export interface Resource {
  /** `ledgenter://task/{task_id}`: what stands in braces are fields of the input, the rest of it is fixed. */
  uri: string;
  /** What a host shows in its list of templates: `Task`. */
  title: string;
  /** Fields of the input that the address does not name. */
  input?: { [key: string]: unknown };
  /** The list operation, with its input, whose rows are offered; the first column of its table is what the address names. */
  list?: { operation: string; input?: { [key: string]: unknown } };
  /** The answer as Markdown; without it the resource is the answer's JSON. */
  text?(answer: { [key: string]: unknown }): string;
}

interface Head<I> {
  /** `<room>.<verb>`: CLI `<room> <verb>`, MCP tool `<room>_<verb>`, `op` of the entry. Top-level ones (`sync`) have no room. */
  name: string;
  /** One sentence: help, tool description, docs row. */
  summary: string;
  /** Toolset it is listed in; default the part of the name before the dot. */
  toolset?: string;
  /** Listed to MCP hosts without asking. */
  default?: boolean;
  input: () => z.ZodMiniType<I>;
  /** Field that is the one positional of the CLI. */
  positional?: string;
  /** Field that a second word of the CLI is for, where the first is given. */
  second?: string;
  /** Short forms on the CLI, of one word or two: `ready` = `task query --ready`, `task cancel` = `task update --status cancelled`. */
  aliases?: { name: string; args: string[] }[];
  /** Carried out in place of these commands where this flag is given: `ask --from …` reads what a channel prints. */
  insteadOf?: { commands: readonly string[]; flag: string };
  examples: Example[];
  /** The version that had it first; default 0.1.0. */
  since?: string;
  /** Only a person may do it (law `human-only` names the entry otherwise). */
  humanOnly?: boolean;
  destructive?: boolean;
  /** CLI only: no MCP tool. */
  cliOnly?: boolean;
  /** Offered by no surface: another operation writes it (`init`, `import`). */
  internal?: boolean;
  /**
   * How a person sees its list: the key of the rows in the answer, their columns, and the sentence when there is none.
   * `indent`: the row's field that says how deep it stands in a tree; the last column is set in by it.
   */
  table?: { rows: string; columns: readonly string[]; none: string; indent?: string };
  /** Its answer has rows with a `fingerprint`, over which a surface lays this machine's own checkouts (`local_path`). */
  localRepos?: boolean;
  /** The CLI's exit code of an answer that is "no" or "findings"; default 0. */
  exit?(answer: { [key: string]: unknown }): number;
}

export interface WriteOperation<I> extends Head<I> {
  kind: 'write';
  /** The record it acts on: named in the subject, looked up for a claim to write under. */
  target?: (input: I) => { def: RecordDef<never>; id: string } | undefined;
  /** `take`: goes through the claim protocol. `end`: meant to end a lease, so a lapsed one is told before anything is tried. */
  hold?: 'take';
  /** For `take` without a target: what could be taken, best first, read only as far as the caller iterates. */
  candidates?(context: Context, input: I): AsyncIterable<string>;
  /** The input that names `id` as its target; what was only a filter is left out. */
  aimed?(input: I, id: string): I;
  /** For `take`: another held record whose claim moves along in the same push, and the offer that lets it (PROTOCOL §7). */
  along?(view: View, input: I): Promise<Held | undefined>;
  /** Reserved to people like `humanOnly`, unless this holds in the state before: what a policy lets agents do. */
  humanUnless?(view: View, input: I, actor: string): Promise<boolean>;
  /** The id under which an entry written under a claim offers that claim to others. */
  offers?(input: I, intent: Intent): string;
  /** The record whose offered claim its sender takes back before this is written, where the sender's run asks for it. */
  withdraws?(view: View, input: I): Promise<Held | undefined>;
  /** Taken before this is written, where it is needed and this run holds no claim on the target. */
  first?: {
    operation: Operation;
    input(input: I): { [key: string]: unknown };
    /** @throws LedgerError what would refuse this, before anything is taken */
    needed(view: View, input: I): Promise<boolean>;
  };
  /** Lease asked for in the input, in ms. */
  lease?(input: I): number | undefined;
  /** The answer when there is no candidate. */
  nothing?(context: Context, input: I): Promise<{ [key: string]: unknown }>;
  /** Waits for the present authority to have it, unless told not to: everybody must learn it from there. */
  landsFirst?: boolean;
  /**
   * Holds only once the authority has it: the entry goes there before it is in this clone's book, and of one that was not
   * taken nothing stays. `waiting` is said of one that waits here all the same (`--no-sync`, `--offline`).
   */
  decidedThere?: { waiting: { [key: string]: unknown } };
  /** The input with what follows from where the caller stands, so that the entry says it all. */
  placed?(context: Context, input: I): Promise<I>;
  /** Makes a new record (always, or with such an input): the same words by the same run within ten minutes are the same creation. */
  creates?: boolean | ((input: I) => boolean);
  /**
   * What an input means that only describes what it is about (a report, a name to be looked up): the inputs to write,
   * one entry each. Asked before anything is redacted and resolved; what it leaves out reaches no entry.
   * @throws LedgerError when it means nothing
   */
  aim?(context: Context, input: I): Promise<I[]>;
  /** Moves bulky bytes out of the input, before the intent is hashed; a decide reads them back through `by.carried`. */
  carry?(input: I): { input: I; files: FileChange[] };
  /** What the log says after the actor: `claimed t-7k3qz0m4xv`. One line, from the input alone. */
  subject(input: I, intent: Intent): string;
  /** The intent says up to which entry its writer had the book (`seen`). */
  tellsSeen?: boolean;
  decide(view: View, input: I, by: By): Promise<Decision>;
  show?(context: Context, result: { [key: string]: Json }, input: I): Promise<{ [key: string]: unknown }>;
}

export interface ReadOperation<I> extends Head<I> {
  kind: 'read';
  /** Asks nothing of the book: works before there is a ledger. */
  bare?: boolean;
  resource?: Resource;
  /** Reads leave no entry. */
  query(context: Context, input: I): Promise<{ [key: string]: unknown }>;
}

/** Acts on the exchange or this clone (sync, renew, doctor), not on the book: no entry of its own. */
export interface ActOperation<I> extends Head<I> {
  kind: 'act';
  /** Works without a ledger (init, doctor, completion). */
  bare?: boolean;
  /** Run by a host's hooks: the CLI prints its `text` alone, never fails, and waits for nothing long. */
  hook?: boolean;
  /** Started by git's hooks: the CLI tells what was `said` on stderr, and `refused` makes git stop. */
  fromGit?: boolean;
  /** May write an entry of its own making (init): the run of this worktree begins with it. */
  enters?: boolean;
  act(context: Context, input: I): Promise<{ [key: string]: unknown }>;
}

export type Operation<I = never> = WriteOperation<I> | ReadOperation<I> | ActOperation<I>;

/** Checks the definition and gives it back with its input type forgotten and its schema made once, ready for the registry. */
export function defineOperation<I>(spec: Operation<I>): Operation {
  if (!/^[a-z]+(\.[a-z]+(_[a-z]+)*)?$|^[a-z]+_[a-z]+$/.test(spec.name))
    throw new TypeError(`bad operation name ${spec.name}`);
  const { input } = spec;
  let schema: z.ZodMiniType<I> | undefined;
  const once = (): z.ZodMiniType<I> => {
    schema ??= input();
    return schema;
  };
  return { ...spec, input: once } as unknown as Operation;
}

/** `task.code_ref` → tool name `task_code_ref`. */
export function toolName(operation: { name: string }): string {
  return operation.name.replace('.', '_');
}

/** `task.code_ref` → CLI words `['task', 'code-ref']`. */
export function cliWords(operation: { name: string }): string[] {
  return operation.name.split('.').map(word => word.replace(/_/g, '-'));
}

/** Throws the refusal; `never` lets callers narrow. */
export function refuse(
  code: ConstructorParameters<typeof LedgerError>[0],
  message: string,
  extra?: ConstructorParameters<typeof LedgerError>[2],
): never {
  throw new LedgerError(code, message, extra);
}
