import { join } from 'node:path';
import t from 'tap';
import { inTree, readIntended } from '../../src/surfaces/guarding/payload.ts';

const read = (payload: unknown) => readIntended(JSON.stringify(payload));

t.test('what hosts tell before a tool runs: whether it edits, and which files', t => {
  const edits: [unknown, string[]][] = [
    [{ tool_name: 'Write', tool_input: { file_path: '/w/a.ts', content: 'x' }, cwd: '/w' }, ['/w/a.ts']],
    [{ tool_name: 'NotebookEdit', tool_input: { notebook_path: 'n.ipynb' } }, ['n.ipynb']],
    [{ tool_name: 'replace', tool_input: { file_path: 'a' } }, ['a']],
    [{ tool_name: 'editFiles', tool_input: { files: ['a', 'b', 7] } }, ['a', 'b']],
    [{ tool_name: 'create_file', tool_input: { filePath: 'a' } }, ['a']],
    [{ toolName: 'edit', toolArgs: '{"path":"a"}' }, ['a']],
    [
      {
        tool_name: 'apply_patch',
        tool_input: {
          command: '*** Begin Patch\n*** Update File: a.ts\n+x\n*** Move to: b.ts\n*** Add File: c d.ts\n',
        },
      },
      ['a.ts', 'b.ts', 'c d.ts'],
    ],
    [{ tool_name: 'Edit' }, []],
    [{ tool_name: 'Edit', tool_input: { file_path: 'x'.repeat(5000) } }, []],
  ];
  for (const [payload, files] of edits)
    t.match(read(payload), { edits: true, files }, JSON.stringify(payload).slice(0, 60));
  for (const tool_name of ['Bash', 'Read', 'mcp__x__write', 'constructor'])
    t.match(read({ tool_name, tool_input: { file_path: 'a' } }), { edits: false }, tool_name);
  t.equal(read({ tool_name: 'Write', workspace_roots: ['/w'] })?.cwd, '/w');
  const many = read({ tool_name: 'Edit', tool_input: { files: Array.from({ length: 999 }, (_, at) => `f${at}`) } });
  t.equal(many?.files.length, 50, 'bounded');
  for (const text of ['', 'no json', '[]', '{}', 'null', '{"tool_name":7}'])
    t.equal(readIntended(text), undefined, text);
  t.end();
});

t.test('files count from the top of the work tree; what lies elsewhere does not', t => {
  const dir = t.testdir({ checkout: { src: {} }, other: {}, link: t.fixture('symlink', 'checkout') });
  const top = join(dir, 'checkout');
  const there = (...files: string[]) => inTree(files, join(top, 'src'), top);
  t.same(there('a.ts', join(top, 'b.ts'), '../c/new/d.ts'), ['src/a.ts', 'b.ts', 'c/new/d.ts']);
  t.same(there('../../other/x', join(dir, 'x'), top), []);
  t.same(there(join(dir, 'link', 'src', 'x.ts')), ['src/x.ts'], 'by way of a link');
  t.end();
});
