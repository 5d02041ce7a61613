import { isTreeName } from './names.ts';
import { EMPTY_TREE, FILE_MODE, FOLDER_MODE, nameOf } from './tree.ts';

const FILE = Buffer.from(`${FILE_MODE} `);
const FOLDER = Buffer.from(`${FOLDER_MODE} `);

/**
 * Why git or a reader may take a tree for another than it looks: a name that stands twice (git finds the first, a diff shows
 * both), names out of order, a mode that is not exactly that of a plain file or a folder, a name that some git or file
 * system refuses or takes for another, a folder without a file (no diff shows it, a listing does). Undefined for a tree as
 * every writer of a ledger makes it.
 * @param oidBytes 20 or 32, by the object format
 */
export function treeFault(body: Buffer, oidBytes: number): string | undefined {
  const names = new Set<string>();
  let last: Buffer | undefined;
  for (let at = 0; at < body.length; ) {
    const folder = startsWith(body, at, FOLDER);
    if (!folder && !startsWith(body, at, FILE)) return 'a mode that is neither a plain file nor a folder';
    const start = at + (folder ? FOLDER : FILE).length;
    const nul = body.indexOf(0, start);
    if (nul < 0 || nul + 1 + oidBytes > body.length) return 'a folder that is cut off';
    // Byte by byte one character, so that two names are one only when all their bytes are.
    const name = body.toString('latin1', start, nul);
    if (!PLAIN.test(name)) {
      const text = nameOf(body, start, nul);
      if (text === undefined) return `the name ${JSON.stringify(name)}, which is not UTF-8 text`;
      if (!isTreeName(text)) return `the name ${JSON.stringify(text)}, which git or a file system refuses`;
    }
    if (names.has(name)) return `the name ${JSON.stringify(name)} twice`;
    names.add(name);
    if (folder && nothingIn(body, nul + 1, oidBytes)) return `the folder ${JSON.stringify(name)} without a file`;
    // git sorts a folder as if its name ended in a slash.
    const key = folder ? Buffer.concat([body.subarray(start, nul), SLASH]) : body.subarray(start, nul);
    if (last && Buffer.compare(last, key) >= 0) return 'names out of order';
    last = key;
    at = nul + 1 + oidBytes;
  }
  return undefined;
}

/** Nothing in such a name is special anywhere. */
const PLAIN = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const NOTHING = new Map(Object.values(EMPTY_TREE).map(oid => [oid.length / 2, Buffer.from(oid, 'hex')]));

function nothingIn(body: Buffer, at: number, oidBytes: number): boolean {
  return body.compare(NOTHING.get(oidBytes)!, 0, oidBytes, at, at + oidBytes) === 0;
}

const SLASH = Buffer.from('/');

function startsWith(body: Buffer, at: number, text: Buffer): boolean {
  return body.compare(text, 0, text.length, at, Math.min(at + text.length, body.length)) === 0;
}
