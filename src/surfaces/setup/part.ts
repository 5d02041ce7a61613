import { applyBlock, hasBlock, withdrawBlock } from './block.ts';
import type { Bytes } from './bytes.ts';
import { applyJson, hasJson, type JsonPut, withdrawJson } from './json.ts';
import { applyToml, hasToml, type TomlTable, withdrawToml } from './toml.ts';

/** What is ours in one file of a host. */
export type Part = { path: string; what: string } & (
  | { kind: 'json'; puts: readonly JsonPut[] }
  | { kind: 'toml'; table: TomlTable }
  | { kind: 'block'; lines: readonly string[] }
  /** A file that is ours alone. */
  | { kind: 'whole'; text: string }
);

/** The file with ours in it, the same bytes when it is there already. @throws LedgerError BAD_INPUT for a file that cannot be read */
export async function applyPart(part: Part, file: string, bytes: Bytes): Promise<Buffer> {
  switch (part.kind) {
    case 'json':
      return applyJson(file, bytes, part.puts);
    case 'toml':
      return applyToml(file, bytes, part.table);
    case 'block':
      return applyBlock(file, bytes, part.lines);
    case 'whole':
      return Buffer.from(part.text, 'utf8');
  }
}

/** The file without ours; `before` is what it was when ours was put in. A file that is ours alone is not taken apart. */
export async function withdrawPart(part: Part, file: string, bytes: Buffer, before: Bytes): Promise<Buffer> {
  switch (part.kind) {
    case 'json':
      return withdrawJson(file, bytes, before, part.puts);
    case 'toml':
      return withdrawToml(file, bytes, before, part.table);
    case 'block':
      return withdrawBlock(file, bytes);
    case 'whole':
      return bytes;
  }
}

/** True when something of ours is in the file, whoever wrote it. */
export async function hasPart(part: Part, file: string, bytes: Bytes): Promise<boolean> {
  switch (part.kind) {
    case 'json':
      return hasJson(file, bytes, part.puts);
    case 'toml':
      return hasToml(file, bytes, part.table);
    case 'block':
      return hasBlock(file, bytes);
    case 'whole':
      return bytes?.equals(Buffer.from(part.text, 'utf8')) === true;
  }
}
