import fc from 'fast-check';
import t from 'tap';
import { applyBlock, withdrawBlock } from '../../../src/surfaces/setup/block.ts';
import { diffOf } from '../../../src/surfaces/setup/diff.ts';
import { applyJson, type JsonPut, withdrawJson } from '../../../src/surfaces/setup/json.ts';
import { applyToml, type TomlTable, withdrawToml } from '../../../src/surfaces/setup/toml.ts';

const PUTS: JsonPut[] = [
  { kind: 'entry', path: ['mcpServers', 'ledgenter'], value: { command: '/n', args: ['l', 'mcp'] } },
  { kind: 'default', path: ['version'], value: 1 },
  {
    kind: 'item',
    path: ['hooks', 'SessionStart'],
    value: { hooks: [{ command: 'ours' }] },
    mine: item => JSON.stringify(item).includes('"ours"'),
  },
];

/** A value as somebody may write it: any white space, remarks and trailing commas. */
const gap = fc.constantFrom(
  '',
  ' ',
  '\n',
  '\n  ',
  '\n\t',
  '\r\n    ',
  ' // a remark\n',
  ' /* , } ] */ ',
  '\n  // "x": 1,\n  ',
);
const key = fc.constantFrom('a', 'b', 'mcpServers', 'hooks', 'SessionStart', 'version', 'other', 'ü"\\');
const { value } = fc.letrec<{ value: string; object: string; list: string }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('1', 'null', '"x"', '"}, // no"', '[]', '{}'),
    tie('object'),
    tie('list'),
  ),
  object: fc
    .tuple(
      fc.uniqueArray(fc.tuple(key, gap, tie('value'), gap), { selector: ([name]) => name, maxLength: 4 }),
      gap,
      fc.boolean(),
    )
    .map(([rows, end, comma]) => {
      const inner = rows
        .map(([name, before, one, after]) => `${before}${JSON.stringify(name)}:${one}${after}`)
        .join(',');
      return `{${inner}${comma && rows.length > 0 ? ',' : ''}${end}}`;
    }),
  list: fc
    .tuple(fc.array(fc.tuple(gap, tie('value'), gap), { maxLength: 3 }), gap)
    .map(([rows, end]) => `[${rows.map(parts => parts.join('')).join(',')}${end}]`),
}));
const file = value.filter(text => text.startsWith('{'));

t.test('ours goes into any JSON file and out again; every remark and value of the person stays', async t => {
  let written = 0;
  await fc.assert(
    fc.asyncProperty(file, fc.constantFrom('', '\uFEFF'), fc.constantFrom('', '\n'), async (text, bom, end) => {
      const before = Buffer.from(`${bom}${text}${end}`);
      const after = await applyJson('f', before, PUTS).catch(error => error as Error);
      if (after instanceof Error) return t.match(after, { code: 'BAD_INPUT' });
      written++;
      if (!(await applyJson('f', after, PUTS)).equals(after)) throw new Error('written twice');
      const back = await withdrawJson('f', after, before, PUTS);
      const marks = (bytes: Buffer) => bytes.toString('utf8').replace(/\s/g, '');
      if (marks(back) !== marks(before))
        throw new Error(`${JSON.stringify(text)} came back as ${JSON.stringify(back.toString())}`);
      return true;
    }),
    { numRuns: 600 },
  );
  t.ok(written > 100, `${written} files were written`);
});

const TABLE: TomlTable = {
  path: ['mcp_servers', 'ledgenter'],
  values: { command: '/n', args: ['l"\\', 'mcp'] },
  remark: 'ours',
};

t.test('ours goes into any TOML file and out again', async t => {
  const line = fc.constantFrom(
    '',
    '# a remark',
    '[a]',
    '[mcp_servers.other]',
    '[[b]]',
    'text = """\n[mcp_servers.ledgenter]\n"""',
    'list = [\n  [1],\n]',
    "when = 2026-11-21T10:00:00Z # 'x'",
  );
  let written = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 8 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      async (lines, eol, ended) => {
        const text = lines.join('\n').replace(/\n/g, eol) + (ended && lines.length > 0 ? eol : '');
        const after = await applyToml('f', Buffer.from(text), TABLE).catch(error => error as Error);
        if (after instanceof Error) return t.match(after, { code: 'BAD_INPUT' }); // a name twice
        written++;
        if (!(await applyToml('f', after, TABLE)).equals(after)) throw new Error('written twice');
        const back = (await withdrawToml('f', after, Buffer.from(text), TABLE)).toString();
        if (back.trimEnd() !== text.trimEnd())
          throw new Error(`${JSON.stringify(text)} came back as ${JSON.stringify(back)}`);
        return true;
      },
    ),
    { numRuns: 300 },
  );
  t.ok(written > 50, `${written} files were written`);
});

t.test('a block goes into any text and out again', t => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('', '# Title', 'text'), { maxLength: 6 }),
      fc.constantFrom('\n', '\r\n'),
      (lines, eol) => {
        const before = Buffer.from(lines.join(eol));
        const after = applyBlock('f', before, ['ours']);
        const again = applyBlock('f', after, ['ours']);
        return again.equals(after) && withdrawBlock('f', after).toString().trimEnd() === before.toString().trimEnd();
      },
    ),
  );
  t.throws(() => applyBlock('f', Buffer.from('x\n<!-- ledgenter:end -->\n'), ['ours']), { message: /line 2/ });
  t.end();
});

t.test('a difference names lines, and leaves far lines out', t => {
  const old = Array.from({ length: 40 }, (_, at) => `line ${at}`);
  const now = [...old.slice(0, 5), 'new', ...old.slice(5, 30), ...old.slice(31)];
  t.same(diffOf(old.join('\n'), now.join('\n')), [
    '@@ line 4 @@',
    ' line 3',
    ' line 4',
    '+new',
    ' line 5',
    ' line 6',
    '@@ line 29 @@',
    ' line 28',
    ' line 29',
    '-line 30',
    ' line 31',
    ' line 32',
  ]);
  t.same(diffOf('same\n', 'same\n'), []);
  t.same(diffOf(undefined, 'a\nb\n'), ['@@ line 1 @@', '+a', '+b']);
  t.end();
});
