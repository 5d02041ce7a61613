import t from 'tap';
import { REDACTION_RULES, redactText } from '../../src/kernel/redact.ts';
import { homePaths } from './home-paths.ts';
import { secretShapes } from './secret-shapes.ts';

/** Ways a text stands in other text; what surrounds it must stay byte for byte. */
const FRAMES: [string, string][] = [
  ['', ''],
  ['Fails in CI since Monday: ', ' is what it prints.'],
  ['see `', '` in the job log'],
  ['```sh\n', '\n```\n'],
  ['{"note": "', '", "n": 1}'],
  ['first line\n', '\nlast line\n'],
  ['{"text": "line\\n', '\\nnext"}'],
  ['**', '** and more'],
  ['(', ').'],
  ["export X='", "'"],
  ['<code>', '</code>'],
];
const MARK = /\[(?:redacted:[a-z0-9-]+|home|repo)\]/;

t.test('300 secret shapes: none survives, and what surrounds them stays', async t => {
  const shapes = secretShapes();
  t.ok(shapes.length >= 300, `${shapes.length} shapes`);
  for (const { kind, text, secret } of shapes) {
    for (const [before, after] of FRAMES) {
      const { text: out, count } = redactText(before + text + after);
      const whole = out.startsWith(before) && out.endsWith(after) && MARK.test(out) && count >= 1;
      if (out.includes(secret) || !whole) t.fail(`${kind} in ${JSON.stringify(before)}`, { out });
      if (redactText(out).text !== out) t.fail(`${kind}: the second time changes it`, { out });
    }
  }
  t.ok(new Set(REDACTION_RULES.map(rule => rule.name)).size >= 60);
});

t.test('no part of a secret longer than a quarter of it survives', async t => {
  for (const { kind, text, secret } of secretShapes(1)) {
    const { text: out } = redactText(`a ${text} b`);
    const size = Math.max(6, Math.ceil(secret.length / 4));
    for (let at = 0; at + size <= secret.length; at += size) {
      const piece = secret.slice(at, at + size);
      // The names of a URL's user or of a key block are no secret.
      if (!/^[a-z:]*$|PRIVATE KEY|^-+/.test(piece) && out.includes(piece)) t.fail(`${kind}: ${piece} in ${out}`);
    }
  }
  t.pass('looked at');
});

t.test('a secret is found in URLs', async t => {
  for (const { kind, text, secret } of secretShapes(1)) {
    if (/[\s:"'<>?#/\\]/.test(text)) continue;
    const url = `https://api.example.com/v1/things?page=2&x=${text}&y=1`;
    const { text: out } = redactText(url);
    t.notOk(out.includes(secret), kind);
    t.ok(out.startsWith('https://api.example.com/v1/things?page=2&x='), kind);
  }
});

t.test('100 home paths: none survives, the rest of the path does', async t => {
  const paths = homePaths();
  t.ok(paths.length >= 100, `${paths.length} paths`);
  for (const { text, who } of paths) {
    for (const [before, after] of FRAMES) {
      const { text: out, count } = redactText(before + text + after);
      const good =
        count === 1 && out.startsWith(before) && out.endsWith(after) && out.includes('[home]') && !out.includes(who);
      if (!good) t.fail(`${JSON.stringify(before + text + after)} → ${JSON.stringify(out)}`);
      if (redactText(out).text !== out) t.fail('the second time changes it', { out });
    }
  }
  t.equal(redactText('open /home/al/app/src/index.ts:12').text, 'open [home]/app/src/index.ts:12');
});

t.test('two secrets in one text are two; neighbours of one are found', async t => {
  const [a, b] = secretShapes(1);
  const { text, count } = redactText(`${a!.text} ${b!.text},${a!.text}`);
  t.equal(count, 3);
  t.equal(text.replaceAll(/\[redacted:[a-z-]+\]/g, '*'), '* *,*');
});
