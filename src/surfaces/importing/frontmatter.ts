import type { Scalar } from 'yaml';

/** Largest front matter or YAML file that is parsed, in UTF-16 units. */
const MAX_YAML = 262_144;
/** Times that aliases may repeat what they name: a short text could stand for gigabytes otherwise. */
const MAX_ALIASES = 100;

export interface Parsed {
  fields?: Record<string, unknown>;
  /** Lines on which the fields stand, from 1. */
  lines?: Record<string, number>;
  body: string;
  /** Line on which `body` starts, from 1. */
  line: number;
  /** Why there are no fields, and where. */
  problem?: { code: 'bad_front_matter' | 'no_front_matter'; line?: number; detail?: string };
}

/** Takes the YAML at the top of a Markdown text off it. Nothing in it is ever run; a date stays the text it is. */
export async function frontMatter(text: string): Promise<Parsed> {
  const whole = { body: text, line: 1 };
  const [opening] = /^---[ \t]*\r?\n/.exec(text) ?? [];
  if (opening === undefined) return { ...whole, problem: { code: 'no_front_matter' } };
  const closing = /^---[ \t]*(?:\r?\n|$)/m;
  const rest = text.slice(opening.length);
  const end = closing.exec(rest);
  if (!end) return { ...whole, problem: { code: 'bad_front_matter', line: 1, detail: 'it does not end' } };
  const yaml = rest.slice(0, end.index);
  const read = await yamlMap(yaml, 1);
  if ('problem' in read) return { ...whole, problem: read.problem };
  const line = yaml.split('\n').length + 2;
  return { ...read, body: rest.slice(end.index + end[0].length), line };
}

/** A YAML text that is a map. `above`: lines of the file before it. */
export async function yamlMap(
  text: string,
  above = 0,
): Promise<
  { fields: Record<string, unknown>; lines: Record<string, number> } | { problem: NonNullable<Parsed['problem']> }
> {
  const bad = (detail: string, line?: number) => ({
    problem: { code: 'bad_front_matter' as const, detail, ...(line === undefined ? {} : { line: line + above }) },
  });
  if (text.length > MAX_YAML) return bad(`longer than ${MAX_YAML} characters`);
  const { isMap, isScalar, LineCounter, parseDocument, visit } = await import('yaml');
  const counter = new LineCounter();
  try {
    // Without a schema every scalar stays as it was written: `1e3` and `2026-05-04` are texts, whoever wrote them.
    const document = parseDocument(text, {
      schema: 'failsafe',
      logLevel: 'silent',
      prettyErrors: true,
      lineCounter: counter,
    });
    const [error] = document.errors;
    if (error) return bad(error.message.split('\n')[0]!.slice(0, 200), error.linePos?.[0].line);
    visit(document, { Scalar: (_key, node) => readPlain(node) });
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    if (value === null || value === undefined || value === '') return { fields: {}, lines: {} };
    if (typeof value !== 'object' || Array.isArray(value)) return bad('it is no map');
    const pairs = isMap(document.contents) ? document.contents.items : [];
    const lines = pairs.map(({ key }) =>
      isScalar(key) ? [String(key.value), counter.linePos(key.range?.[0] ?? 0).line + above] : [],
    );
    return {
      fields: JSON.parse(JSON.stringify(value)),
      lines: Object.fromEntries(lines.filter(pair => pair.length > 0)),
    };
  } catch (error) {
    // Nested too deep for the stack, or aliases that explode.
    return bad(
      String((error as Error).message)
        .split('\n')[0]!
        .slice(0, 200),
    );
  }
}

/** What YAML says without quotes may be nothing or a truth; all else is text. */
function readPlain(node: Scalar): void {
  if (node.type !== 'PLAIN' || typeof node.value !== 'string') return;
  if (/^(?:null|~|)$/i.test(node.value)) node.value = null;
  else if (/^(?:true|false)$/i.test(node.value)) node.value = node.value.toLowerCase() === 'true';
}
