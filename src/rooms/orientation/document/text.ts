import { cut } from '../../lists.ts';

/** Writes texts of others into a document: quoted, and cut to a size. */
export class Quoter {
  readonly #max: number;
  /** Something was cut. */
  short = false;

  /** @param max characters of one text */
  constructor(max: number) {
    this.#max = max;
  }

  /** A text as a block quote: no line of it can pass for a line of the document. */
  block(text: string): string[] {
    return this.#fitted(text)
      .split(/\r\n|[\n\r\u2028\u2029]/)
      .map(line => `> ${line}`.trimEnd());
  }

  /** A text on the line that it stands in. */
  line(text: string): string {
    return this.#fitted(text.replace(/\s+/g, ' ').trim());
  }

  #fitted(text: string): string {
    const less = cut(text, this.#max);
    if (less !== undefined) this.short = true;
    return less ?? text;
  }
}
