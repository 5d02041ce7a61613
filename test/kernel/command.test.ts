import t from 'tap';
import { commandProblem, splitCommand } from '../../src/kernel/command.ts';

t.test('a command is split as a shell would, without one', async t => {
  const split: Record<string, string[]> = {
    'npm test': ['npm', 'test'],
    '  make   -j2  docs ': ['make', '-j2', 'docs'],
    "sh -c 'a && b | c > d; echo $HOME `id`'": ['sh', '-c', 'a && b | c > d; echo $HOME `id`'],
    'node -e "process.exit(1)"': ['node', '-e', 'process.exit(1)'],
    'say "a \\"b\\" \\\\ \\n" c': ['say', 'a "b" \\ \\n', 'c'],
    'grep -c "^foo$" x': ['grep', '-c', '^foo$', 'x'],
    'say \'\' "" a\'b\'"c"': ['say', '', '', 'abc'],
    'eslint src/**/*.ts ~/x': ['eslint', 'src/**/*.ts', '~/x'],
    'say a#b "#c" {a,b} [a-z] !x a\\b': ['say', 'a#b', '#c', '{a,b}', '[a-z]', '!x', 'a\\b'],
    'env CI=1 npm test': ['env', 'CI=1', 'npm', 'test'],
    'C:\\tools\\run.exe /all': ['C:\\tools\\run.exe', '/all'],
  };
  for (const [text, words] of Object.entries(split)) t.same(splitCommand(text), { words }, text);
});

t.test('what a shell would read otherwise is refused, and says what to write instead', async t => {
  const refused: Record<string, RegExp> = {
    'npm run build && npm test': /has &&, which needs a shell: put it in a script, or write sh -c '…'/,
    'npm test | tee log': /has \|,/,
    'npm test || true': /has \|\|,/,
    'npm test; true': /has ;,/,
    'npm test &': /has &,/,
    'npm test > log': /has >,/,
    'npm test < in': /has <,/,
    '(npm test)': /has \(,/,
    'echo $(id)': /has \$\(,/,
    'echo "$(id)"': /has \$\(,/,
    'echo "${HOME}"': /has \$\{,/,
    'echo $HOME': /has \$H,/,
    'echo `id`': /has `,/,
    'CI=1 npm test': /begins with a variable: write env CI=1 …/,
    'a\\ b c': /backslash before a space/,
    "echo 'open": /a ' that is not closed/,
    'echo "open': /a " that is not closed/,
    '   ': /names no program/,
    "'' x": /names no program/,
    'npm test # all': /comment/,
    'npm\u00a0test': /blank that is no space/,
    'npm\u3000test': /blank that is no space/,
    'npm test\nrm x': /does not show/,
    'npm test\u202e': /does not show/,
    'npm\u200btest': /does not show/,
    'npm test \u001b[2K': /does not show/,
  };
  for (const [text, why] of Object.entries(refused)) t.match(commandProblem(text), why, JSON.stringify(text));
});
