import t, { type Test } from 'tap';
import type * as z from 'zod/mini';
import { toolName, type WriteOperation } from '../../src/kernel/operation.ts';
import { OPERATIONS } from '../../src/surfaces/operations.ts';
import { homePaths } from '../kernel/home-paths.ts';
import { secretShapes } from '../kernel/secret-shapes.ts';
import { type Answer, type Input, SAMPLES } from '../surfaces/good-and-bad.ts';
import { type Place, places, withAt } from '../surfaces/places.ts';
import { OfficeStage } from './office-stage.ts';
import { BOOK } from './stage.ts';

/** Texts of one long field in one call; short fields hold one. */
const TOGETHER = 170;
/** Texts that a field which takes no free text is tried with. */
const CLOSED = 16;

/** A text to hide, and the part of it that must be nowhere afterwards. */
interface Leak {
  text: string;
  secret: string;
}

const WRITES = OPERATIONS.filter(
  (one): one is WriteOperation<never> => one.kind === 'write' && !one.humanOnly && !one.cliOnly,
);

const closed = ({ info }: Place): boolean =>
  Boolean(info.id ?? info.key ?? info.actor ?? info.verbatim ?? info.machine);

/** Every other operation from `first` on: two files share them, so that both cores are busy. */
export const fuzzHalf = (first: 0 | 1) =>
  t.test('no field of any operation lets a path or a secret into an object, here or at the remote', async t => {
    const office = await OfficeStage.open(t);
    const { here, remote, stage } = office;
    const secrets: Leak[] = secretShapes().map(({ text, secret }) => ({ text, secret }));
    const paths: Leak[] = homePaths().map(({ text }) => ({ text, secret: text }));
    const own = ['', '/src/index.ts'].map(rest => ({ text: `${here}${rest}`, secret: here }));
    const leaks = spread(secrets, [...paths, ...own]);
    t.ok(leaks.length >= 500, `${leaks.length} texts`);
    let last = await stage.git(here, 'rev-parse', BOOK);
    for (const operation of WRITES.filter((_, index) => index % 2 === first))
      await t.test(operation.name, async t => {
        await fuzz(t, office, operation, leaks);
        const since = await stage.tryGit(here, ['rev-list', '--objects', '--no-object-names', `${last}..${BOOK}`]);
        const written = await stage.tryGit(here, ['cat-file', '--batch', '--buffer'], { input: since.out });
        t.same(found(written.out, leaks), [], 'nothing of it was written');
        last = await stage.git(here, 'rev-parse', BOOK);
      });
    await office.anna('sync', {});
    for (const [where, cwd] of [
      ['here', here],
      ['at the remote', remote],
    ] as const) {
      const objects = await stage.git(cwd, 'cat-file', '--batch-all-objects', '--batch', '--buffer');
      t.ok(objects.length > 1_000_000, `${objects.length} characters of objects ${where}`);
      t.same(found(objects, leaks), [], `nothing ${where}`);
      t.notOk(objects.includes(stage.dir), `no folder of this machine ${where}`);
    }
  });

/** Alternately of one and the other, so that every stretch has both. */
const spread = (one: Leak[], other: Leak[]): Leak[] =>
  one.flatMap((leak, index) => (index < other.length ? [leak, other[index]!] : [leak]));

const forms = (text: string): string[] => [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)];

/** Where each leak stands, with what stands around it. */
const found = (objects: string, leaks: Leak[]): string[] =>
  leaks.flatMap(({ secret }) => {
    const at = Math.max(...forms(secret).map(form => objects.indexOf(form)));
    return at < 0 ? [] : [objects.slice(Math.max(0, at - 120), at + 80)];
  });

/** Fills every field of one operation, all open ones at once, the closed ones each alone. */
async function fuzz(t: Test, office: OfficeStage, operation: WriteOperation<never>, leaks: Leak[]): Promise<void> {
  const { good, variant } = SAMPLES[operation.name]!;
  const tool = toolName(operation);
  const schema = operation.input() as z.ZodMiniType;
  const takes = (input: unknown): boolean => schema.safeParse(input).success;
  const call = (input: unknown): Promise<Answer> => office.host.call('call', { tool, input: input as Input });
  const all = places(schema);
  const open = all.filter(place => !closed(place));
  const met = new Map(open.map(place => [place, 0]));
  for (let from = 0, round = 0; open.length > 0 && from < leaks.length; from += TOGETHER, round++) {
    const base = await good(office);
    const filled: [Place, unknown][] = [];
    let input: unknown = base;
    for (const [index, place] of open.entries()) {
      const some = leaks.slice(from, from + TOGETHER);
      const value = valuesFor(place, some, round + index * 7).find(one => takes(withAt(input, place.path, one)));
      if (value === undefined) continue;
      input = withAt(input, place.path, value);
      filled.push([place, value]);
    }
    const answer = await call(input);
    if (answer.ok) for (const [place] of filled) met.set(place, met.get(place)! + 1);
    // What cannot stand together is tried alone.
    else
      for (const [place, value] of filled) {
        const ways = variant ? [good, variant] : [good];
        for (const way of ways)
          if ((await call(withAt(await way(office), place.path, value))).ok) met.set(place, met.get(place)! + 1);
      }
  }
  for (const [place, times] of met) t.ok(times > 0, `${place.path.join('.')}: written ${times} times`);

  for (const place of all.filter(closed)) {
    const base = await good(office);
    const name = place.path.at(-1);
    if (name === 'content_base64') continue; // bytes; a text in it is refused (rooms/task-flow.test.ts)
    const inputs = leaks
      .flatMap(({ text }) =>
        [text, `text/${text}`].map(one => withAt(base, place.path, one)).slice(0, name === 'media_type' ? 2 : 1),
      )
      .filter(takes);
    const step = Math.max(1, Math.floor(inputs.length / CLOSED));
    for (const input of inputs.filter((_, index) => index % step === 0)) await call(input);
    t.pass(`${place.path.join('.')}: ${inputs.length} passed the schema`);
  }
}

/** What a field may be given of these texts: many lines, else one of them, else one inside an address. */
function valuesFor({ path }: Place, leaks: Leak[], turn: number): string[] {
  const turned = leaks.map((_, index) => leaks[(index + turn) % leaks.length]!.text);
  const lines = turned.map(text => `Seen: ${text}`).join('\n\n');
  const plain = turned.filter(text => !/\s/.test(text));
  const references = plain.flatMap(text => [`cli:${text}`, `https://example.com/${text}`]);
  if (path.some(step => /ask(ed)?(_|$)/.test(String(step)))) return references;
  if (path[0] === 'changes') return turned.map(text => `src/a.ts:edit:see ${text}`);
  if (path[0] === 'answers') return turned.map(text => `q1: see ${text}`);
  if (path[0] === 'check') return turned.map(text => `c1=see ${text}`);
  return [
    lines,
    ...turned.map(text => `see ${text}`),
    ...turned,
    ...plain.flatMap(text => [`https://example.com/?q=${text}`, `https://anna:${text}@example.com/x`]),
  ];
}
