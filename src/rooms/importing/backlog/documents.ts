import { type Fields, isEmpty, textOf, textsOf, told } from '../common/fields.ts';
import { fileId, nameOf, type SourceFile } from '../common/files.ts';
import type { Shelf } from '../common/pages.ts';
import type { DirectoryReport, Tally } from '../common/report.ts';
import { bytes, MAX_PART, titleOf } from '../common/texts.ts';

/** What every page is tagged with. */
const TAG = 'backlog.md';

interface Shared {
  project: string;
  shelf: Shelf;
  tally: Tally<DirectoryReport>;
}

/** Documents, decisions and milestones, which are no tasks. */
export class Documents {
  readonly #shared: Shared;
  readonly #refs = new Set<string>();

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  /** A document, as a page of knowledge. */
  document(file: SourceFile): void {
    const { path, fields = {}, body } = file;
    const type = textOf(fields, 'type');
    this.#page(file, {
      body,
      kind: type === 'other' || type === undefined ? 'note' : 'reference',
      tags: [...textsOf(fields, 'tags'), ...(type === undefined ? [] : [type])],
      known: ['id', 'title', 'tags'],
      title: textOf(fields, 'title') ?? nameOf(path).replace(/\.md$/, ''),
    });
  }

  /** A milestone, as a page: the tasks of it have its name in a label. */
  milestone(file: SourceFile): void {
    const title = textOf(file.fields ?? {}, 'title') ?? nameOf(file.path).replace(/\.md$/, '');
    const tags = ['milestone', ...(file.path.startsWith('archive/') ? ['archived'] : [])];
    this.#page(file, { body: file.body, kind: 'reference', tags, known: ['title'], title: `Milestone ${title}` });
  }

  /** A decision that was accepted and says what was decided is a ruling here too; any other is a page. */
  decision(file: SourceFile): void {
    const { tally, shelf } = this.#shared;
    const { path, fields = {}, body } = file;
    const status = textOf(fields, 'status')?.trim().toLowerCase() ?? 'proposed';
    const given = textOf(fields, 'title') ?? nameOf(path).replace(/\.md$/, '');
    const { choice, rest } = ruled(body);
    if (status !== 'accepted' || choice === '' || bytes(body) > MAX_PART - 4_000) {
      const tags = ['decision', status];
      this.#page(file, { body, kind: 'note', tags, known: ['title'], title: given });
      return;
    }
    tally.tell('word', { file: path, detail: 'decision: accepted' });
    const { title, whole } = titleOf(given, tally, { file: path });
    const rationale = [whole, rest, this.#origin(file, ['title'])].filter(part => part?.trim()).join('\n\n');
    shelf.ruling({ ref: this.#ref(file), title, choice, rationale });
  }

  #page(
    file: SourceFile,
    page: { title: string; body: string; kind: 'note' | 'reference'; tags: string[]; known: string[] },
  ): void {
    const { known, tags, ...said } = page;
    this.#shared.shelf.page({
      ...said,
      ref: this.#ref(file),
      file: file.path,
      tags: [TAG, ...tags],
      origin: this.#origin(file, known),
    });
  }

  #ref({ path, fields = {} }: SourceFile): string {
    const id = textOf(fields, 'id')?.trim().toLowerCase() ?? '';
    const good = /^[a-z0-9][a-z0-9._-]{0,127}$/.test(id) ? id : fileId(path);
    const ref = this.#refs.has(good) ? fileId(path) : good;
    if (ref !== good) this.#shared.tally.tell('repeated_file_id', { file: path, issue: good });
    this.#refs.add(ref);
    return `backlog:${this.#shared.project}/${ref}`;
  }

  /** Where it comes from, and what else its front matter says. */
  #origin({ path, fields = {} }: SourceFile, known: readonly string[]): string {
    const others = Object.entries(fields as Fields).filter(([name, value]) => !known.includes(name) && !isEmpty(value));
    return [
      `Imported from Backlog.md, \`${path}\`, which says:`,
      ...others.flatMap(([name, value]) => told(name, value)),
    ].join('\n');
  }
}

/** The text under `## Decision`, and all other text with its headings. */
function ruled(body: string): { choice: string; rest: string } {
  const choice: string[] = [];
  const rest: string[] = [];
  let at = rest;
  for (const line of body.split('\n')) {
    const heading = /^##\s+(.*?)\s*$/.exec(line)?.[1];
    if (heading !== undefined) at = heading.toLowerCase() === 'decision' ? choice : rest;
    if (at !== choice || heading === undefined) at.push(line);
  }
  return { choice: choice.join('\n').trim(), rest: rest.join('\n').trim() };
}
