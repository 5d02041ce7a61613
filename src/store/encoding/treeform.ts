import { FILE_MODE, FOLDER_MODE } from './tree.ts';

const FILE = Buffer.from(`${FILE_MODE} `);
const FOLDER = Buffer.from(`${FOLDER_MODE} `);

/**
 * Why git or a reader may take a tree for another than it looks: a name that stands twice (git finds the first, a diff shows
 * both), names out of order, a mode that is not exactly that of a plain file or a folder. Undefined for a tree as every
 * writer of a ledger makes it.
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
    const name = body.toString('latin1', start, nul);
    if (names.has(name)) return `the name ${JSON.stringify(name)} twice`;
    names.add(name);
    // git sorts a folder as if its name ended in a slash.
    const key = folder ? Buffer.concat([body.subarray(start, nul), SLASH]) : body.subarray(start, nul);
    if (last && Buffer.compare(last, key) >= 0) return 'names out of order';
    last = key;
    at = nul + 1 + oidBytes;
  }
  return undefined;
}

const SLASH = Buffer.from('/');

function startsWith(body: Buffer, at: number, text: Buffer): boolean {
  return body.compare(text, 0, text.length, at, Math.min(at + text.length, body.length)) === 0;
}
