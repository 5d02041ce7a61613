import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { cliWords } from '../../src/kernel/operation.ts';
import { OWN_COMMANDS } from '../../src/surfaces/cli/resolve.ts';
import { OPERATIONS } from '../../src/surfaces/operations.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(ROOT, 'docs')).map(name => `docs/${name}`)].filter(
  name => name.endsWith('.md'),
);
const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

t.test('every test that a page names exists', async t => {
  for (const page of pages) {
    for (const [name] of read(page).matchAll(/[\w/-]+\.test\.ts/g)) {
      t.ok(existsSync(join(ROOT, name.startsWith('test/') ? name : `test/${name}`)), `${page}: ${name}`);
    }
  }
});

t.test('every claim of the security page that is kept names a test', async t => {
  const rows = read('docs/SECURITY.md')
    .split('\n')
    .filter(line => /^\| (?!a hostile|what \||---)/.test(line) && !line.startsWith('|--'));
  t.ok(rows.length > 10);
  for (const row of rows) {
    const last = row.split('|').at(-2)!;
    t.match(last, /\.test\.ts|conformance\.ts|none: not prevented/, row.slice(0, 80));
  }
});

t.test('every link leads to a file of the project', async t => {
  for (const page of pages) {
    for (const [, target] of read(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
      t.ok(existsSync(join(ROOT, dirname(page), target!)), `${page}: ${target}`);
    }
  }
});

t.test('every command that README shows is one', async t => {
  const commands = new Set(OPERATIONS.map(operation => cliWords(operation).join(' ')));
  const own = new Set<string>(OWN_COMMANDS);
  const aliases = new Set(OPERATIONS.flatMap(operation => (operation.aliases ?? []).map(({ name }) => name)));
  const shown = [
    ...read('README.md').matchAll(/(?:^|[`&] ?)ledgenter ([a-z]+(?:-[a-z]+)*)(?: ([a-z]+(?:-[a-z]+)*))?/gm),
  ];
  t.ok(shown.length > 8);
  for (const [text, first, second] of shown) {
    const known = own.has(first!) || aliases.has(first!) || commands.has(first!) || commands.has(`${first} ${second}`);
    t.ok(known, text.trim());
  }
});
