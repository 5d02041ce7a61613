import type * as Jsonc from 'jsonc-parser';

type Path = readonly (string | number)[];

/** Loaded when a file is to be edited. */
export async function loadJsonc(): Promise<typeof Jsonc> {
  const all = (await import('jsonc-parser')) as typeof Jsonc & { default?: typeof Jsonc };
  return all.default ?? all;
}

/** Where and how something is written: what surrounds it stays byte for byte. */
export class JsonEditor {
  readonly #api: typeof Jsonc;
  readonly #eol: string;
  readonly #unit: string;
  text: string;

  constructor(api: typeof Jsonc, text: string, eol: string) {
    this.#api = api;
    this.#eol = eol;
    // As the file indents already; two blanks in a new one.
    this.#unit = /^([ \t]+)["[{}\]]/m.exec(text)?.[1] ?? '  ';
    this.text = text;
  }

  /** Sets the value at `path`, whose parents are objects or missing; -1 as the last part appends to a list. */
  set(path: Path, value: unknown): void {
    for (let depth = path.length - 1; ; depth--) {
      const parent = this.#node(path.slice(0, depth));
      if (!parent) continue;
      const name = path[depth]!;
      const found = name === -1 ? undefined : this.#api.findNodeAtLocation(parent, [name]);
      const whole = path
        .slice(depth + 1)
        .reduceRight<unknown>((inner, key) => (key === -1 ? [inner] : { [key]: inner }), value);
      if (found)
        this.#splice(found.offset, found.length, this.#show(whole, this.#indentAt(found.offset), this.#isLong(found)));
      else this.#insert(parent, typeof name === 'string' ? name : undefined, whole);
      return;
    }
  }

  /** Takes a property or an item out, with its comma and the line it had to itself. */
  remove(path: Path): void {
    const value = this.#node(path);
    if (!value) return;
    const node = value.parent?.type === 'property' ? value.parent : value;
    const siblings = node.parent?.children ?? [];
    const before = siblings[siblings.indexOf(node) - 1];
    let end = node.offset + node.length;
    let start = node.offset;
    const comma = this.#comma(end);
    const blank = /[ \t]*$/.exec(this.text.slice(0, start))![0].length;
    if (comma !== undefined) {
      end = comma + 1;
      const line = /^[ \t]*\r?\n/.exec(this.text.slice(end));
      const alone = /(^|\n)$/.test(this.text.slice(0, start - blank));
      if (line && alone) {
        start -= blank;
        end += line[0].length;
      } else end += /^ ?/.exec(this.text.slice(end))![0].length;
    } else start -= /\r?\n?[ \t]*$/.exec(this.text.slice(0, start))![0].length;
    this.#splice(start, end - start, '');
    const lone = comma === undefined && before ? this.#comma(before.offset + before.length) : undefined;
    if (lone !== undefined) this.#splice(lone, 1, '');
    else if (comma === undefined && siblings.length === 1) this.#close(path.slice(0, -1));
  }

  #node(path: Path): Jsonc.Node | undefined {
    const root = this.#api.parseTree(this.text, [], { allowTrailingComma: true });
    return root && (path.length === 0 ? root : this.#api.findNodeAtLocation(root, [...path]));
  }

  #insert(parent: Jsonc.Node, name: string | undefined, value: unknown): void {
    const last = parent.children?.at(-1);
    const long = this.#isLong(parent) || (parent.parent === undefined && !last);
    const outer = this.#indentAt(parent.offset);
    const indent = last && long ? this.#indentAt(last.offset) : outer + this.#unit;
    const key = name === undefined ? '' : `${JSON.stringify(name)}: `;
    const shown = key + this.#show(value, indent, long);
    if (!last) {
      const inside = this.text.slice(parent.offset + 1, parent.offset + parent.length - 1);
      const end = long && !inside.includes('\n') ? this.#eol + outer : '';
      this.#splice(parent.offset + 1, 0, long ? this.#eol + indent + shown + end : shown);
      return;
    }
    const end = last.offset + last.length;
    const comma = this.#comma(end);
    if (!long) {
      this.#splice(comma === undefined ? end : comma + 1, 0, comma === undefined ? `, ${shown}` : ` ${shown},`);
      return;
    }
    const place = this.#endOfLine((comma ?? end - 1) + 1);
    this.#splice(place, 0, `${this.#eol}${indent}${shown}${comma === undefined ? '' : ','}`);
    if (comma === undefined) this.#splice(end, 0, ',');
  }

  /** Behind the remark that a person put on the line, or where we are. */
  #endOfLine(from: number): number {
    const remark = /^[ \t]*(?:\/\/[^\r\n]*|(?:\/\*(?:(?!\*\/)[^\r\n])*\*\/[ \t]*)+)?(?=\r?\n)/.exec(
      this.text.slice(from),
    );
    return from + (remark?.[0].length ?? 0);
  }

  /** `{` and `}` of an object that is empty again stand side by side, as long as nothing else is between them. */
  #close(path: Path): void {
    const node = this.#node(path);
    if (!node || (node.children?.length ?? 0) > 0) return;
    const inside = this.text.slice(node.offset + 1, node.offset + node.length - 1);
    if (/^\s*$/.test(inside)) this.#splice(node.offset + 1, inside.length, '');
  }

  /** Where the comma behind a value is; undefined when there is none. */
  #comma(from: number): number | undefined {
    const scanner = this.#api.createScanner(this.text, true);
    scanner.setPosition(from);
    return scanner.scan() === 5 /* SyntaxKind.CommaToken, a const enum */ ? scanner.getTokenOffset() : undefined;
  }

  #indentAt(offset: number): string {
    const line = this.text.lastIndexOf('\n', offset - 1) + 1;
    return /^[ \t]*/.exec(this.text.slice(line))![0];
  }

  #isLong(node: Jsonc.Node): boolean {
    return this.text.slice(node.offset, node.offset + node.length).includes('\n');
  }

  #show(value: unknown, indent: string, long: boolean): string {
    if (!long) return JSON.stringify(value);
    return JSON.stringify(value, null, this.#unit).replace(/\n/g, this.#eol + indent);
  }

  #splice(at: number, length: number, text: string): void {
    this.text = this.text.slice(0, at) + text + this.text.slice(at + length);
  }
}
