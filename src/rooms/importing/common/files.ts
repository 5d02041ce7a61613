import { sha256Hex } from '../../../kernel/ids.ts';
import { type DirectoryReport, Tally, type Why } from './report.ts';
import { mend, mendAll } from './texts.ts';

/** A text file of a directory that is imported. */
export interface SourceFile {
  /** Its path in the directory, with `/` between folders. */
  path: string;
  /** What its front matter, or the whole of a YAML file, says: strings, true, false, null, lists and maps of them. */
  fields?: Record<string, unknown>;
  /** Lines on which its fields stand, from 1. */
  lines?: Record<string, number>;
  /** What follows the front matter; the whole text where there is none that could be read. */
  body: string;
  /** Line of the file on which `body` starts, from 1. */
  line: number;
}

/** What was read of a directory, and what could not be. */
export interface SourceFiles {
  files: SourceFile[];
  problems: { code: Why; file: string; line?: number; detail?: string }[];
}

/** Reasons for which nothing of a file comes in. */
const LEFT: ReadonlySet<Why> = new Set([
  'too_large',
  'not_text',
  'symlink',
  'not_a_file',
  'unreadable',
  'no_place',
  'settings',
  'derived_file',
]);

/** The files, their texts mended; every problem of them is told and counted. */
export function accountFor({ files, problems }: SourceFiles, tally: Tally<DirectoryReport>): SourceFile[] {
  for (const { code, ...where } of problems) tellFile(tally, code, where);
  tally.report.files.read = files.length;
  return files.map(({ path, fields, lines, body, line }) => {
    let broken = body !== mend(body);
    const whole = fields === undefined ? {} : { fields: mendAll(fields, () => (broken = true)) as typeof fields };
    if (broken) tally.tell('mended', { file: path });
    return {
      path,
      ...whole,
      ...(lines === undefined ? {} : { lines }),
      body: mend(body).replace(/\r\n?/g, '\n'),
      line,
    };
  });
}

export function tellFile(
  tally: Tally<DirectoryReport>,
  code: Why,
  where: { file: string; line?: number; detail?: string },
): void {
  if (LEFT.has(code)) tally.report.files.left++;
  tally.tell(code, where);
}

/** An id for a file that says none that could be used, the same whenever it is read. */
export const fileId = (path: string): string => `file-${sha256Hex(path.normalize('NFC')).slice(0, 12)}`;

/** The last part of a path. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Tells that nothing of a file comes in. */
export function leaveOut(tally: Tally<DirectoryReport>, code: Why, { path }: SourceFile, detail?: string): void {
  tellFile(tally, code, { file: path, ...(detail === undefined ? {} : { detail }) });
}

export const countKind = (tally: Tally<DirectoryReport>, kind: string): void =>
  Tally.count(tally.report.files.kinds, kind);
