import { isRefName } from '../encoding/names.ts';

/** Where every clone keeps the shared refs; a remote may keep them elsewhere. */
export const CANONICAL = 'refs/ledgenter/';

/** Translates between the canonical names, the names at one remote, and the names under which we remember it. */
export class Namespace {
  /** Prefix at the remote, ending in `/`. */
  readonly there: string;
  /** Prefix of the tracking refs, ending in `/`. */
  readonly tracking: string;

  /**
   * @param there the namespace at the remote: `refs/ledgenter`, `refs/heads/ledgenter`
   * @throws RangeError when it, or the remote's name, cannot be part of a ref
   */
  constructor(there: string, remote: string) {
    this.there = `${there.replace(/\/+$/, '')}/`;
    // A remote that is named by a URL is remembered under that URL's letters and digits.
    const name = isRefName(`refs/${remote}`) ? remote : remote.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
    this.tracking = `refs/ledgenter-remotes/${name}/`;
    for (const prefix of [this.there, this.tracking])
      if (!isRefName(`${prefix}x`)) throw new RangeError(`not a namespace: ${JSON.stringify(prefix)}`);
  }

  /** @throws RangeError when `ref` (or prefix) is not canonical */
  toRemote(ref: string): string {
    return this.there + tail(ref, CANONICAL);
  }

  toTracking(ref: string): string {
    return this.tracking + tail(ref, CANONICAL);
  }

  /** undefined for a ref that is not ours. */
  fromRemote(ref: string): string | undefined {
    return ref.startsWith(this.there) ? CANONICAL + ref.slice(this.there.length) : undefined;
  }
}

function tail(ref: string, prefix: string): string {
  if (!ref.startsWith(prefix)) throw new RangeError(`not a shared ref: ${JSON.stringify(ref)}`);
  return ref.slice(prefix.length);
}
