import { LedgerError } from '../../kernel/errors.ts';
import type { Commit, CommitMeta, Oid, Person } from '../port.ts';

/** What `<>`, line ends and NUL would do to the header line of a commit. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const CRUD = /[<>\u0000-\u001f\u007f]/g;

/** A person as the header can carry it: no angle brackets or line ends, a name that is not empty, whole seconds ≥ 0. */
export function plainPerson({ name, email, time }: Person): Person {
  if (!Number.isFinite(time)) throw new LedgerError('INTERNAL', `not a time in seconds: ${time}`);
  return {
    name: name.replace(CRUD, '').trim() || 'unknown',
    email: email.replace(CRUD, '').trim(),
    time: Math.max(0, Math.floor(time)),
  };
}

/**
 * One form for every writer (isomorphic-git applies the same rules, fast-import applies none): no CR, no empty lines in
 * front, one line end behind.
 * @throws LedgerError BAD_INPUT for a NUL, at which git would cut the message.
 */
export function plainMessage(message: string): string {
  if (message.includes('\u0000')) throw new LedgerError('BAD_INPUT', 'a commit message has a NUL');
  return `${message.replace(/\r/g, '').replace(/^\n+/, '').replace(/\n+$/, '')}\n`;
}

export function plainMeta({ author, committer, message }: CommitMeta): CommitMeta {
  return { author: plainPerson(author), committer: plainPerson(committer), message: plainMessage(message) };
}

/** `Name <email> seconds +0000`. */
export function personLine({ name, email, time }: Person): string {
  return `${name} <${email}> ${time} +0000`;
}

/** The text of a commit object; `meta` in plain form. */
export function encodeCommit(tree: Oid, parents: readonly Oid[], meta: CommitMeta): string {
  const lines = [`tree ${tree}`, ...parents.map(parent => `parent ${parent}`)];
  return `${lines.join('\n')}\nauthor ${personLine(meta.author)}\ncommitter ${personLine(meta.committer)}\n\n${meta.message}`;
}

const PERSON = /^(.*?) ?<([^<>]*)> (\d{1,15}) [+-]\d{4}$/;

function parsePerson(line: string): Person {
  const match = PERSON.exec(line);
  return match ? { name: match[1]!, email: match[2]!, time: Number(match[3]) } : { name: line, email: '', time: 0 };
}

/**
 * A commit from its text. Headers are read by position as git does: one `tree`, then `parent` lines, then the rest.
 * Unreadable people give time 0: anyone may have written the commit, and it must be told of rather than thrown at.
 */
export function parseCommit(oid: Oid, text: string): Commit {
  const end = text.indexOf('\n\n');
  const head = (end < 0 ? text : text.slice(0, end)).split('\n');
  const parents: Oid[] = [];
  let at = 1;
  for (; head[at]?.startsWith('parent '); at++) parents.push(head[at]!.slice(7));
  const header = (name: string): string => head.slice(at).find(line => line.startsWith(`${name} `)) ?? `${name} `;
  return {
    oid,
    tree: head[0]!.replace(/^tree /, ''),
    parents,
    author: parsePerson(header('author').slice(7)),
    committer: parsePerson(header('committer').slice(10)),
    message: end < 0 ? '' : text.slice(end + 2),
  };
}
