import type { PushResult } from '../port.ts';
import { lastLine } from './faults.ts';

/** What `git push --porcelain` said of one ref at the remote. */
export interface RefReport {
  flag: string;
  /** Name at the remote. */
  ref: string;
  reason: string;
}

/** The remote, or what stands before it, lets us read but not write. */
const READ_ONLY =
  /permission denied|permission to \S+ denied|write access|\b403\b|read-only|read only|access denied|not exported|not allowed to push|not have permission|insufficient permission|unable to create temporary object directory|authentication failed|could not read username/i;
/** The remote takes pushes, but not this one, and would refuse it again. */
const NOT_TAKEN =
  /hook declined|hidden ref|funny refname|deny |denied by|not accepted|protected|shallow update|not support --?atomic|dumb http|refusing to|prohibited|must be|deletion of|invalid ref|namespace|does not support push options/i;
/** Another was first: the ref moved, exists, is gone, or is just being moved. */
const RACE =
  /stale info|fetch first|non-fast-forward|already exists|cannot lock ref|failed to (?:update|lock)|does not exist|atomic (?:push|transaction) fail|remote ref updated|incorrect old value|reference conflict|is at .* but expected|unable to resolve/i;

/** Lines `<flag>\t<from>:<to>\t<summary> (<reason>)`. */
export function parseReports(stdout: string): RefReport[] {
  const out: RefReport[] = [];
  for (const line of stdout.split('\n')) {
    const [flag, refs, summary] = line.split('\t');
    if (flag === undefined || refs === undefined || summary === undefined || flag.length !== 1) continue;
    out.push({ flag, ref: refs.slice(refs.indexOf(':') + 1), reason: reasonOf(summary) });
  }
  return out;
}

/** `[remote rejected] (pre-receive hook declined)` → `pre-receive hook declined`. */
function reasonOf(summary: string): string {
  return /\((.*)\)\s*$/s.exec(summary)?.[1] ?? summary.replace(/^\[|\]$/g, '');
}

/**
 * How a push ended, from what git wrote. Accepted only when every ref asked for was confirmed; a refusal counts only
 * when the remote (or git, comparing with it) gave a reason for it; all else leaves open what the remote did.
 * @param asked names at the remote
 */
export function pushResult(
  asked: readonly string[],
  { code, stdout, stderr }: { code: number | null; stdout: string; stderr: string },
): PushResult {
  const reports = parseReports(stdout).filter(({ ref }) => asked.includes(ref));
  const rejected = reports.filter(({ flag }) => flag === '!');
  // `=`: the remote already shows what we ask for, so the state is the one asked for. Only a repetition of our own push
  // can meet it, since every claim and entry has a nonce.
  const confirmed = new Set(reports.filter(({ flag }) => flag !== '!').map(({ ref }) => ref));
  if (code === 0 && rejected.length === 0 && asked.every(ref => confirmed.has(ref))) return { kind: 'accepted' };

  const denied = rejected.map(({ reason }) => denial(reason)).find(found => found !== undefined);
  if (denied) return atGate(asked, stderr) ?? withWords(denied, stderr);
  const refused = rejected.filter(({ reason }) => RACE.test(reason)).map(({ ref, reason }) => ({ ref, reason }));
  if (refused.length > 0) return { kind: 'refused', refs: refused };
  if (rejected.length === 0) return withoutReports(asked, stderr);
  return { kind: 'broken', reason: rejected[0]!.reason };
}

function denial(reason: string): PushResult | undefined {
  if (RACE.test(reason)) return undefined;
  if (READ_ONLY.test(reason)) return { kind: 'denied', code: 'REMOTE_READ_ONLY', reason };
  if (NOT_TAKEN.test(reason)) return { kind: 'denied', code: 'REMOTE_REFUSED', reason };
  return undefined;
}

/** A line in which a gate of ours refuses a ref. */
const GATE = /^ledgenter: (refs\/\S+): .* broke law (\S+): (.*)$/;
/** What it says of a record that somebody else holds or has finished: nothing is wrong with what was asked. */
const TAKEN = /(?:^|: )\S+ (?:holds it until|is final in the book: )/;
/** Its law on the time at which entries land. */
const AHEAD = /^landed at \S+, (.+) ahead of the clock of this machine$/;

/**
 * What a gate of ours said. A record that somebody else holds or has finished, and a ref that stands elsewhere by now,
 * were lost to somebody who was quicker; anything else breaks a law, and would again.
 */
function atGate(asked: readonly string[], stderr: string): PushResult | undefined {
  const said = wordsOf(stderr).flatMap(line => {
    const [, ref, law, message] = GATE.exec(line) ?? [];
    return ref && law && message !== undefined ? [{ line, ref, law, message }] : [];
  });
  if (said.length === 0) return undefined;
  const taken = ({ law, message }: { law: string; message: string }): boolean =>
    (law === 'ref.claim' || law === 'ref.hold') && TAKEN.test(message);
  const race = said.every(one => one.message.endsWith('; fetch first') || taken(one));
  const refs = said.filter(({ ref }) => asked.includes(ref));
  if (race && refs.length > 0) {
    const told = refs.map(one => ({
      ref: one.ref,
      reason: one.message,
      ...(taken(one) ? { told: true as const } : {}),
    }));
    return { kind: 'refused', refs: told };
  }
  const denied = (reason: string, hint: string): PushResult => ({
    kind: 'denied',
    code: 'REMOTE_REFUSED',
    reason: reason.slice(0, 500),
    hint,
  });
  const ahead = said.map(({ law, message }) => law === 'book.landed' && AHEAD.exec(message)?.[1]).find(Boolean);
  if (ahead)
    return denied(
      `the clock of this machine is ${ahead} ahead of the server, or was as it wrote what waits: set it right; what waits lands once that time has come`,
      'ledgenter sync',
    );
  const onRefs = said.every(({ law }) => law.startsWith('ref.'));
  return denied(said.map(({ line }) => line).join(' '), onRefs ? 'ledgenter doctor' : 'ledgenter verify');
}

function wordsOf(stderr: string): string[] {
  const words = stderr.split('\n').filter(line => line.startsWith('remote: '));
  return words.map(line => line.slice(8).trim()).filter(line => line !== '');
}

/** The remote's own sentence behind `pre-receive hook declined`, when it sent one. */
function withWords(result: PushResult, stderr: string): PushResult {
  if (result.kind !== 'denied') return result;
  const text = wordsOf(stderr).join(' ').slice(0, 500);
  // A host says by its hook what others say by their transport.
  if (READ_ONLY.test(text)) return { kind: 'denied', code: 'REMOTE_READ_ONLY', reason: text };
  return text === '' ? result : { ...result, reason: `${result.reason}: ${text}` };
}

/** git ended before it spoke of any ref. */
function withoutReports(asked: readonly string[], stderr: string): PushResult {
  const reason = lastLine(stderr);
  // Deleting what is no longer there ends the push before it begins.
  const gone = asked.filter(ref => new RegExp(`unable to delete '${literal(ref)}'.*does not exist`).test(stderr));
  if (gone.length > 0)
    return { kind: 'refused', refs: gone.map(ref => ({ ref, reason: 'remote ref does not exist' })) };
  if (READ_ONLY.test(stderr)) return { kind: 'denied', code: 'REMOTE_READ_ONLY', reason };
  if (NOT_TAKEN.test(stderr)) return { kind: 'denied', code: 'REMOTE_REFUSED', reason };
  return { kind: 'broken', reason };
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
