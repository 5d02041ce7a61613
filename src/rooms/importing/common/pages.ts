import { canonicalJson } from '../../../kernel/canonical.ts';
import { sha256Hex } from '../../../kernel/ids.ts';
import { MAX_TAGS } from '../../knowledge/record.ts';
import { once } from '../../tasks/fields.ts';
import type { ImportEntry, ImportedPage, ImportedRuling } from '../entry.ts';
import { MAX_ENTRY } from './entries.ts';
import type { DirectoryReport, Tally } from './report.ts';
import { bytes, parts, titleOf } from './texts.ts';

/** Most pages and rulings of one entry. */
const MAX_PAGES = 100;

interface Page {
  ref: string;
  file: string;
  title: string;
  body: string;
  kind: ImportedPage['kind'];
  tags: string[];
  /** Said below the body: where it comes from. */
  origin: string;
}

/** Pages and rulings that an import makes, in entries that fit. */
export class Shelf {
  readonly #tally: Tally<DirectoryReport>;
  readonly #project: string;
  readonly #entries: ImportEntry[] = [];
  #room = 0;

  constructor(project: string, tally: Tally<DirectoryReport>) {
    this.#project = project;
    this.#tally = tally;
  }

  get entries(): ImportEntry[] {
    return this.#entries;
  }

  /** A text as a page of knowledge; one that is too long becomes several, numbered. */
  page({ ref, file, title: given, body, kind, tags, origin }: Page): void {
    const { title, whole } = titleOf(given, this.#tally, { file });
    const text = [whole && `# ${whole}`, body.trimEnd(), origin].filter(part => part?.trim()).join('\n\n');
    const all = parts(text);
    if (all.length > 1) this.#tally.tell('split', { file, detail: `${all.length} pages` });
    for (const [index, part] of all.entries()) {
      const said = {
        title: all.length === 1 ? title : `${[...title].slice(0, 180).join('')} (${index + 1} of ${all.length})`,
        body: part,
        kind,
        tags: tagsOf(tags),
      };
      const page = { ref: index === 0 ? ref : `${ref}#${index + 1}`, sha256: sha256Hex(canonicalJson(said)), ...said };
      const entry = this.#entryFor(page);
      entry.pages = [...(entry.pages ?? []), page];
      this.#tally.report.mapped.pages++;
    }
  }

  ruling(given: Omit<ImportedRuling, 'sha256'>): void {
    const ruling = { ...given, sha256: sha256Hex(canonicalJson(given)) };
    const entry = this.#entryFor(ruling);
    entry.decisions = [...(entry.decisions ?? []), ruling];
    this.#tally.report.mapped.decisions++;
  }

  /** The last entry, or a new one where that has no room. */
  #entryFor(item: object): ImportEntry {
    const size = bytes(JSON.stringify(item));
    const last = this.#entries.at(-1);
    const many = last !== undefined && (last.pages?.length ?? 0) + (last.decisions?.length ?? 0) >= MAX_PAGES;
    if (!last || many || size > this.#room) {
      this.#entries.push({ project: this.#project, tasks: [] });
      this.#room = MAX_ENTRY;
    }
    this.#room -= size;
    return this.#entries.at(-1)!;
  }
}

function tagsOf(given: readonly string[]): string[] {
  const plain = given.map(tag =>
    [
      ...tag
        .trim()
        .toLowerCase()
        .replace(/[\s,]+/g, '-'),
    ]
      .slice(0, 60)
      .join(''),
  );
  return once(plain.filter(Boolean)).slice(0, MAX_TAGS);
}
