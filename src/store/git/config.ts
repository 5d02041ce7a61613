/** A remote as configured: the first URL is read from, `pushUrls` (default: the same) are pushed to. */
export interface RemoteConfig {
  name: string;
  url: string;
  pushUrls: string[];
}

/** git's configuration, by full name: section and variable lower-cased, the part between them as written. */
export class GitConfig {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]> = new Map()) {
    this.#values = values;
  }

  /** From `git config -z --list`: `name\nvalue\0`, or `name\0` for a variable without `=`, which means true. */
  static parse(text: string): GitConfig {
    const values = new Map<string, string[]>();
    for (const item of text.split('\0')) {
      if (item === '') continue;
      const cut = item.indexOf('\n');
      const name = cut < 0 ? item : item.slice(0, cut);
      const value = cut < 0 ? 'true' : item.slice(cut + 1);
      const known = values.get(name);
      if (known) known.push(value);
      else values.set(name, [value]);
    }
    return new GitConfig(values);
  }

  /** The value that counts: the last. */
  get(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  /** Names of all variables that are set. */
  names(): string[] {
    return [...this.#values.keys()];
  }

  getAll(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** True in a partial clone. */
  hasPromisor(): boolean {
    return [...this.#values].some(([name, values]) =>
      /^remote\..*\.promisor$/s.test(name) ? values.at(-1) !== 'false' : name === 'extensions.partialclone',
    );
  }

  /** Remotes that have a URL, in the order of the configuration. */
  remotes(): RemoteConfig[] {
    const out: RemoteConfig[] = [];
    for (const [key, [url]] of this.#values) {
      const name = /^remote\.(.+)\.url$/s.exec(key)?.[1];
      if (name === undefined || !url) continue;
      const pushUrls = this.getAll(`remote.${name}.pushurl`);
      out.push({ name, url, pushUrls: pushUrls.length > 0 ? [...pushUrls] : [...this.getAll(key)] });
    }
    return out;
  }
}
