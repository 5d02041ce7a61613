import { LedgerError } from '../../kernel/errors.ts';
import type { Operation, ReadOperation, Resource } from '../../kernel/operation.ts';
import type { Registry } from '../registry.ts';
import { fitJson, fitText } from './fit.ts';

/** Resources of one kind on the first page, and in all on a later one. */
const FIRST = 10;
const PAGE = 50;
/** Characters of a resource's name in a list. */
const NAME = 80;
/** Longest address that is looked at: no id or key comes near it. */
const MAX_URI = 512;

/** Carries out an operation; the server's office behind it. */
export type Ask = (operation: Operation, input: { [key: string]: unknown }) => Promise<{ [key: string]: unknown }>;

type Source = ReadOperation<never> & { resource: Resource };
type Row = { [key: string]: unknown };

/** One line of resources/list. */
export interface Listed {
  uri: string;
  name: string;
  mimeType: string;
  description?: string;
}

/** The operations that are served as resources, in the order of the registry. */
export function sources({ operations }: Registry): Source[] {
  return operations.filter((one): one is Source => one.kind === 'read' && one.resource !== undefined);
}

/** The fields that the address of a resource names. */
export function variables({ resource }: Pick<Source, 'resource'>): string[] {
  return [...resource.uri.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
}

const mimeType = ({ resource }: Source) => (resource.text ? 'text/markdown' : 'application/json');
const expand = ({ resource }: Source, name: string) => resource.uri.replace(/\{\w+\}/, encodeURIComponent(name));

/** The answer to resources/templates/list. */
export function resourceTemplates(registry: Registry) {
  return sources(registry)
    .filter(source => variables(source).length > 0)
    .map(source => ({
      uriTemplate: source.resource.uri,
      name: source.resource.title.toLowerCase().replace(/\W+/g, '_'),
      title: source.resource.title,
      description: source.summary,
      mimeType: mimeType(source),
    }));
}

/**
 * The answer to resources/list: the first page holds some of every kind, so that a host which reads no further has what
 * is most useful; the pages after it hold the rest, kind by kind.
 * @throws LedgerError BAD_INPUT for a cursor that this never gave
 */
export async function listResources(
  registry: Registry,
  ask: Ask,
  cursor?: string,
): Promise<{ resources: Listed[]; nextCursor?: string }> {
  const all = sources(registry);
  if (cursor !== undefined) {
    const [, number, rest] = /^(\d{1,3}):(.*)$/s.exec(cursor) ?? [];
    const source = all[Number(number)];
    if (!source || rest === undefined)
      throw new LedgerError('BAD_INPUT', 'that is no cursor of this list', { hint: 'resources/list without a cursor' });
    const page = await rows(registry, source, ask, PAGE, rest);
    return paged(page.resources, await next(registry, all, ask, Number(number), page.cursor));
  }
  const firsts = [];
  for (const source of all) firsts.push(await rows(registry, source, ask, FIRST));
  const resources = firsts.flatMap(page => page.resources);
  const more = firsts.findIndex(page => page.cursor !== undefined);
  return paged(resources, more < 0 ? undefined : `${more}:${firsts[more]!.cursor}`);
}

const paged = (resources: Listed[], nextCursor: string | undefined) => ({
  resources,
  ...(nextCursor === undefined ? {} : { nextCursor }),
});

/** The cursor after a page of kind `at`: of the same kind, else of the first after it with more than its first page. */
async function next(registry: Registry, all: Source[], ask: Ask, at: number, cursor: string | undefined) {
  if (cursor !== undefined) return `${at}:${cursor}`;
  for (let later = at + 1; later < all.length; later++) {
    const first = await rows(registry, all[later]!, ask, FIRST);
    if (first.cursor !== undefined) return `${later}:${first.cursor}`;
  }
  return undefined;
}

async function rows(registry: Registry, source: Source, ask: Ask, limit: number, cursor?: string) {
  const { resource, summary } = source;
  if (variables(source).length === 0)
    return {
      resources: [{ uri: resource.uri, name: resource.title, description: summary, mimeType: mimeType(source) }],
      cursor: undefined,
    };
  const page = await offered(registry, source, ask, limit, cursor);
  const resources = page.rows.map((row, index) => {
    const id = page.ids[index]!;
    const title = [...String(row.title ?? row.description ?? '')].slice(0, NAME).join('');
    const name = title === '' ? id : `${resource.title} ${id}: ${title}`;
    return { uri: expand(source, id), name, mimeType: mimeType(source) };
  });
  return { resources, cursor: page.cursor };
}

/** One page of the list that a resource names, with what its address takes of each row. */
export async function offered(registry: Registry, { resource }: Source, ask: Ask, limit: number, cursor?: string) {
  const operation = resource.list && registry.find(resource.list.operation);
  if (!operation?.table) return { rows: [], ids: [], cursor: undefined };
  const { rows: key, columns } = operation.table;
  const answer = await ask(operation, { ...resource.list!.input, limit, ...(cursor === undefined ? {} : { cursor }) });
  const found = answer[key] as Row[];
  return { rows: found, ids: found.map(row => String(row[columns[0]!])), cursor: answer.cursor as string | undefined };
}

/** The operation and input behind an address. @throws LedgerError NOT_FOUND, naming the addresses there are */
export function readAddress(registry: Registry, uri: string): { source: Source; input: { [key: string]: unknown } } {
  for (const source of sources(registry)) {
    const found = uri.length <= MAX_URI ? pattern(source.resource.uri).exec(uri) : null;
    const values = found?.slice(1).map(decoded);
    if (!values || values.includes(undefined)) continue;
    const named = Object.fromEntries(variables(source).map((name, index) => [name, values[index]]));
    return { source, input: { ...source.resource.input, ...named } };
  }
  const known = sources(registry).map(({ resource }) => resource.uri);
  throw new LedgerError('NOT_FOUND', `no resource ${JSON.stringify(uri.slice(0, 100))}; there is ${known.join(', ')}`, {
    hint: 'resources/templates/list',
  });
}

/** The answer to resources/read. @throws LedgerError NOT_FOUND, AMBIGUOUS */
export async function readResource(registry: Registry, ask: Ask, uri: string) {
  const { source, input } = readAddress(registry, uri);
  const answer = await ask(source, input);
  const text = source.resource.text ? fitText(source.resource.text(answer)) : fitJson(answer);
  return { contents: [{ uri, mimeType: mimeType(source), text }] };
}

function pattern(template: string): RegExp {
  const parts = template.split(/\{\w+\}/).map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('([^/?#]+)')}$`);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
