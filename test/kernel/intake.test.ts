import fc from 'fast-check';
import t from 'tap';
import { canonicalReference, MAX_REFERENCE } from '../../src/kernel/intake.ts';
import { EXAMPLES, REFUSED_EXAMPLES } from '../../src/kernel/intake-examples.ts';

t.test('every way to write one reference gives one canonical form', async t => {
  for (const { ref, written } of EXAMPLES) {
    for (const text of [...written, ref, ` ${ref}\n`.replace('\n', ' ')])
      t.same(canonicalReference(text), { ref }, text);
  }
  t.equal(new Set(EXAMPLES.map(({ ref }) => ref)).size, EXAMPLES.length, 'each example is another reference');
});

t.test('what names no one thing is refused with a reason', async t => {
  for (const text of REFUSED_EXAMPLES) t.match(canonicalReference(text), { problem: /^\S.+/ }, JSON.stringify(text));
  t.match(canonicalReference('GH-42'), { problem: /names no repository/ });
  t.match(canonicalReference(`cli:${'x'.repeat(MAX_REFERENCE)}`), { problem: /longer/ });
  t.match(canonicalReference('cli:a\u0000b'), { problem: /control/ });
  t.match(canonicalReference('cli:\ud800'), { problem: /control/ });
  t.match(canonicalReference('C:\\work\\list.csv'), { problem: /no channel/ });
});

t.test('an issue and a merge request of one number are two things; so are two messages of one channel', async t => {
  const refs = [
    'gitlab:g/r#1',
    'gitlab:g/r!1',
    'github:g/r#1',
    'slack:a/C01/1700000000.000001',
    'slack:a/C01/1700000000.000002',
  ];
  t.equal(new Set(refs.map(ref => JSON.stringify(canonicalReference(ref)))).size, refs.length);
});

t.test('a host is the same with a dot at its end; dots alone are no host', async t => {
  t.same(canonicalReference('https://example.com.:8080/a'), { ref: 'url:https://example.com:8080/a' });
  t.same(canonicalReference('https://github.com./org/repo/issues/42'), { ref: 'github:org/repo#42' });
  t.same(canonicalReference(`https://example.com/a${'/'.repeat(99)}`), { ref: 'url:https://example.com/a' });
  t.match(canonicalReference('https://..'), { problem: /no http or https URL/ });
});

t.test('credentials of a URL never reach a reference', async t => {
  t.same(canonicalReference('https://someone:word@example.com/a'), { ref: 'url:https://example.com/a' });
  t.same(canonicalReference('https://[redacted:url-credentials]@example.com/a'), { ref: 'url:https://example.com/a' });
});

const pieces = fc.constantFrom(
  ...[
    'github:',
    'gitlab:',
    'email:',
    'slack:',
    'jira:',
    'url:',
    'cli:',
    'x-y:',
    'https://',
    'http://',
    'github.com/',
    'gitlab.com/',
  ],
  ...[
    'acme.slack.com/archives/',
    'C01/',
    'p1700000000123456',
    'org/',
    'Repo',
    '/-/issues/',
    '/pull/',
    '#',
    '!',
    '42',
    '0',
    '?a=b',
  ],
  ...[
    '&utm_source=x',
    '#frag',
    '/',
    '..',
    '%2F',
    '%',
    '<',
    '>',
    '@',
    'Ä',
    'é',
    ' ',
    '\t',
    ':',
    'KEY-1',
    'browse/',
    '[',
    ']',
    '\\',
  ],
);
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc.array(pieces, { maxLength: 10 }).map(parts => parts.join('')),
);

t.test('a canonical reference is canonical: the second time changes nothing', async () => {
  fc.assert(
    fc.property(texts, text => {
      const once = canonicalReference(text);
      if ('problem' in once) return once.problem !== '';
      const twice = canonicalReference(once.ref);
      return 'ref' in twice && twice.ref === once.ref;
    }),
    { numRuns: 3000 },
  );
});
