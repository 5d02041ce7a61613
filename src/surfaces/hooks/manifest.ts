import { rmSync } from 'node:fs';
import { LedgerError } from '../../kernel/errors.ts';
import { readBytes, replaceBytes } from '../setup/bytes.ts';
import { type HooksGround, makeOwnFolder, pathsOf } from './ground.ts';
import type { Way } from './stub.ts';

/** What was installed in one repository. What was there before lies beside our stubs, whole, or stays where it was. */
export interface Manifest {
  way: Way;
  /** Hooks of ours, by name. */
  hooks: string[];
  /** What was put at the end of the repository's configuration. */
  added?: string;
  /** The repository had no folder of hooks. */
  made?: boolean;
}

/** @throws LedgerError BAD_INPUT for one that is damaged */
export function readManifest(ground: HooksGround): Manifest | undefined {
  const { manifest: file } = pathsOf(ground);
  const bytes = readBytes(file);
  if (bytes === null) return undefined;
  try {
    const { way, hooks, added, made } = JSON.parse(bytes.toString('utf8')) as Manifest;
    const isText = (value: unknown) => typeof value === 'string';
    if (!/^(folder|path)$/.test(way) || !hooks.every(isText) || (added !== undefined && !isText(added)))
      throw new TypeError();
    return { way, hooks, ...(added === undefined ? {} : { added }), ...(made === true ? { made } : {}) };
  } catch {
    throw new LedgerError('BAD_INPUT', `${file} is damaged`, { hint: `move it away, then: ledgenter hooks install` });
  }
}

/** Written before a file is touched, so that a crash leaves nothing that cannot be undone. */
export function writeManifest(ground: HooksGround, manifest: Manifest): void {
  const { manifest: file, own } = pathsOf(ground);
  makeOwnFolder(ground, own);
  replaceBytes(file, readBytes(file), Buffer.from(`${JSON.stringify({ format: 1, ...manifest }, null, 1)}\n`));
}

export function dropManifest(ground: HooksGround): void {
  rmSync(pathsOf(ground).manifest, { force: true });
}
