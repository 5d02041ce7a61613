import fc from 'fast-check';
import t from 'tap';
import { placeholder } from '../../src/kernel/redact/rule.ts';
import { RULES } from '../../src/kernel/redact/table.ts';
import { REDACTION_RULES, redactText } from '../../src/kernel/redact.ts';
import { secretShapes } from './secret-shapes.ts';

t.test('every rule has a name of its own, says what it finds and where that is documented', async t => {
  t.equal(new Set(RULES.map(rule => rule.name)).size, RULES.length);
  t.same(
    REDACTION_RULES.map(rule => Object.keys(rule)),
    RULES.map(() => ['name', 'what', 'source']),
  );
  for (const { name, what, source, keys, run, pattern } of RULES) {
    t.match(name, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    t.ok(what.length > 8, name);
    t.match(source, /^https:\/\/[a-z0-9.-]+\/\S*$/, name);
    t.ok(pattern.global, name);
    t.ok(keys.length > 0 !== (run !== undefined), `${name}: keys or a run`);
    t.ok(
      keys.every(key => /^[!-~ ]{2,}$/.test(key) && key === key.toLowerCase()),
      `${name}: keys`,
    );
  }
});

/** The bounds of the quantifiers around each point of a pattern; throws for one without a bound. */
function repetitions(source: string): number {
  let worst = 1;
  const open: { start: number; inner: number }[] = [];
  let inner = 1;
  let last = 1;
  for (let at = 0; at < source.length; at++) {
    const char = source[at]!;
    if (char === '\\') {
      at++;
      last = 1;
    } else if (char === '[') {
      while (source[++at] !== ']') if (source[at] === '\\') at++;
      last = 1;
    } else if (char === '(') {
      open.push({ start: at, inner });
      inner = 1;
    } else if (char === ')') {
      last = inner;
      inner = Math.max(open.pop()!.inner, last);
    } else if (char === '{' || (char === '?' && source[at - 1] !== '(')) {
      const bound = char === '?' ? 1 : Number(/^\{(?:\d+,)?(\d+)\}/.exec(source.slice(at))?.[1]);
      if (Number.isNaN(bound)) throw new Error(`no bound at ${source.slice(at, at + 12)}`);
      if (char === '{') at = source.indexOf('}', at);
      inner = Math.max(inner, last * bound);
      worst = Math.max(worst, inner);
      last = 1;
    } else if (char === '*' || char === '+') {
      throw new Error(`no bound at ${source.slice(Math.max(0, at - 12), at + 1)}`);
    } else last = 1;
  }
  return worst;
}

t.test('no rule can be made to run for ever: every repetition is bounded, nested ones too', async t => {
  t.throws(() => repetitions('a+'));
  t.throws(() => repetitions('(?:a{1,3}){2,}'));
  t.equal(repetitions('(?:a{1,30}b){2,50}(?:c)?'), 1500);
  for (const { name, pattern } of RULES) {
    t.ok(repetitions(pattern.source) <= 300_000, `${name}: ${pattern.source}`);
  }
});

t.test('a text that is made of beginnings of secrets comes through whole', async t => {
  const starts = [
    ...new Set(RULES.flatMap(rule => rule.keys)),
    '-----BEGIN PRIVATE KEY-----',
    'password=',
    '://a:',
    'eyJ',
    '/home/',
    '\\Users\\',
    'curl -u a:0x',
  ];
  for (const start of starts) {
    const hostile = start.repeat(Math.ceil(65_536 / start.length));
    const { text } = redactText(hostile);
    t.equal(redactText(text).text, text, start);
  }
});

const RULE_TEXTS = secretShapes(1).map(shape => shape.text);
const piece = fc.oneof(
  fc.constantFrom(...RULE_TEXTS),
  fc.constantFrom(...RULES.flatMap(rule => rule.keys)),
  fc.constantFrom(...RULES.map(rule => rule.instead ?? placeholder(rule.name)), '[home]', '[repo]'),
  fc.constantFrom(
    '/home/',
    '/Users/',
    'C:\\Users\\',
    '~/',
    'al',
    '://',
    '@',
    ':',
    '=',
    '"',
    "'",
    ' ',
    '\n',
    '\\n',
    '/',
    '.',
    '[',
    ']',
    '%2F',
    '_',
    '-',
    '\u0301',
  ),
  fc.string({ maxLength: 12 }),
);

t.test('what is redacted is redacted: the second time changes nothing', async () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }),
      fc.constantFrom(undefined, '/home/al/app', 'C:\\Users\\al'),
      (parts, root) => {
        const options = root === undefined ? {} : { root };
        const once = redactText(parts.join(''), options);
        const twice = redactText(once.text, options);
        return twice.text === once.text && twice.count === 0;
      },
    ),
    { numRuns: 1500 },
  );
});
