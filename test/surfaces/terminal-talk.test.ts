import { PassThrough } from 'node:stream';
import t from 'tap';
import { askOnTerminal } from '../../src/surfaces/cli/ask.ts';
import { editorCommand, splitCommand } from '../../src/surfaces/cli/editor.ts';
import { progressOn } from '../../src/surfaces/cli/progress.ts';

/** Asks with these lines typed. Answers what was chosen and shown. */
async function ask(lines: string[], choices = ['origin', 'upstream']) {
  const input = new PassThrough();
  const output = new PassThrough();
  input.end(lines.map(line => `${line}\n`).join(''));
  const chosen = await askOnTerminal('Which?', choices, { input, output });
  return { chosen, shown: String(output.read()) };
}

t.test('a question is answered by number or word, and asked again', async t => {
  t.match(await ask(['2']), { chosen: 'upstream', shown: /1 {2}origin\n {2}2 {2}upstream/ });
  t.match(await ask(['', 'nope', 'origin']), { chosen: 'origin' });
  await t.rejects(ask(['3', 'x', '', 'origin']), { code: 'USAGE' }, 'three tries');
  await t.rejects(ask([]), { code: 'USAGE' }, 'the end of input');
});

t.test('what is asked about cannot act on the terminal', async t => {
  const esc = String.fromCharCode(27);
  t.notMatch((await ask(['1'], [`${esc}[2Jevil`])).shown, esc);
});

t.test('progress is silent for a second, then a line that changes, or one every few seconds', async t => {
  const show = (isTTY: boolean, quiet = false) => {
    let now = 0;
    const written: string[] = [];
    const { report, clear } = progressOn({ isTTY, write: (text: string) => written.push(text) }, quiet, () => now);
    for (now = 0; now < 11_000; now += 100) report(now, 20_000, 'entries');
    clear();
    return written;
  };
  const lines = show(false);
  t.same(lines, ['entries 1000/20000\n', 'entries 6000/20000\n']);
  const drawn = show(true);
  t.ok(drawn.length > 20 && drawn.slice(0, -1).every(part => part.startsWith('\r') && !part.includes('\n')));
  t.notMatch(drawn.at(-1), /entries/, 'the line is taken away');
  t.same(show(true, true), []);
});

t.test('the editor is the one git would start, without a shell', async t => {
  t.same(splitCommand(`"/opt/My Editor/ed" --wait 'a b' c"d e"`), ['/opt/My Editor/ed', '--wait', 'a b', 'cd e']);
  t.same(editorCommand({ EDITOR: 'nano', VISUAL: 'code -w' }, undefined), ['code', '-w']);
  t.same(editorCommand({ GIT_EDITOR: 'x', EDITOR: 'nano' }, 'emacs'), ['x']);
  t.same(editorCommand({ EDITOR: 'nano', GIT_EDITOR: '' }, 'emacs'), ['emacs']);
});
