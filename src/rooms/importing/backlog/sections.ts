/** What the text of a task is made of. */
export interface Sections {
  description: string;
  criteria: string;
  /** Its definition of done. */
  done: string;
  plan: string;
  notes: string;
  summary: string;
  comments: string;
  /** Text outside of all of them, with its headings. */
  rest: string;
}

type Name = keyof Sections;

/** By the name of a block's markers. */
const BLOCKS: Readonly<Record<string, Name>> = {
  'SECTION:DESCRIPTION': 'description',
  'SECTION:PLAN': 'plan',
  'SECTION:NOTES': 'notes',
  'SECTION:FINAL_SUMMARY': 'summary',
  AC: 'criteria',
  DOD: 'done',
  COMMENTS: 'comments',
};

/** By heading: older files have no markers. */
const HEADINGS: Readonly<Record<string, Name>> = {
  description: 'description',
  'acceptance criteria': 'criteria',
  'definition of done': 'done',
  'implementation plan': 'plan',
  'implementation notes': 'notes',
  'final summary': 'summary',
  comments: 'comments',
};

const BEGIN = /^<!-- ([A-Z:_]+):BEGIN -->$/;

/**
 * Takes the text of a task apart. Inside a pair of markers everything belongs to its block, headings too; outside, one of
 * the known headings begins a section. Each line is in exactly one part, but for markers and known headings.
 */
export function sectionsOf(body: string): Sections {
  const parts: Record<Name, string[]> = {
    description: [],
    criteria: [],
    done: [],
    plan: [],
    notes: [],
    summary: [],
    comments: [],
    rest: [],
  };
  const lines = body.split('\n');
  let at: Name = 'rest';
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!;
    const [, marker = ''] = BEGIN.exec(line.trim()) ?? [];
    const block = Object.hasOwn(BLOCKS, marker) ? BLOCKS[marker] : undefined;
    if (block !== undefined) {
      const end = lines.findIndex((other, later) => later > index && other.trim() === `<!-- ${marker}:END -->`);
      const until = end === -1 ? lines.length : end;
      parts[block].push(...lines.slice(index + 1, until), '');
      index = until;
      at = 'rest';
      continue;
    }
    const [, heading = ''] = /^##\s+(.*?)\s*#*$/.exec(line) ?? [];
    const named = heading.toLowerCase();
    if (Object.hasOwn(HEADINGS, named)) {
      at = HEADINGS[named]!;
      continue;
    }
    // A heading that is not known ends a section of criteria or comments, which are lists; text keeps it.
    if (heading !== '' && (at === 'criteria' || at === 'done' || at === 'comments')) at = 'rest';
    parts[at].push(line);
  }
  return Object.fromEntries(
    Object.entries(parts).map(([name, text]) => [name, text.join('\n').trim()]),
  ) as unknown as Sections;
}

export interface Comment {
  author?: string;
  created?: string;
  text: string;
}

/** The comments of a task: `name: value` lines, a rule, the text, a rule. What has no such head is one with its text alone. */
export function commentsOf(text: string): Comment[] {
  const out: Comment[] = [];
  const lines = text.split('\n');
  let head: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    if (lines[index]!.trim() !== '---') {
      head.push(lines[index]!);
      continue;
    }
    const said = Object.fromEntries(
      head
        .map(line => /^(author|created):\s*(.*)$/.exec(line.trim()))
        .map(match => [match?.[1] ?? '', match?.[2] ?? '']),
    );
    const known = head.every(line => line.trim() === '' || /^(author|created):/.test(line.trim()));
    const end = lines.findIndex((line, later) => later > index && line.trim() === '---');
    const until = end === -1 ? lines.length : end;
    const words = lines
      .slice(index + 1, until)
      .join('\n')
      .trim();
    out.push({
      ...(known && said.author ? { author: said.author } : {}),
      ...(known && said.created ? { created: said.created } : {}),
      text: known ? words : [...head, words].join('\n').trim(),
    });
    head = [];
    index = until;
  }
  const left = head.join('\n').trim();
  if (left !== '') out.push({ text: left });
  return out.filter(comment => comment.text !== '');
}
