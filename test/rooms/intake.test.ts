import t from 'tap';
import type { Channel } from '../../src/rooms/tasks/intake/channels.ts';
import { readIntake, type Wish } from '../../src/rooms/tasks/intake/read.ts';

const read = (from: Channel, text: unknown, wish: Wish = {}) =>
  readIntake(from, typeof text === 'string' ? text : JSON.stringify(text), wish);
const one = (from: Channel, text: unknown, wish: Wish = {}) => read(from, text, wish)[0];
const SECRET = `ghp_${'a1B2'.repeat(9)}`;

t.test('issues of GitHub as gh, the API and events have them', async t => {
  const url = 'https://github.com/Acme/App/issues/42';
  const asked = { at: '', origin_ask_ref: 'github:acme/app#42', title: 'Crash on save' };
  t.same(
    one('github', { number: 42, title: 'Crash on save', url, body: 'not kept', labels: [{ name: 'bug' }] }),
    asked,
  );
  const issue = {
    number: 42,
    title: 'Crash on save',
    html_url: url,
    url: 'https://api.github.com/x',
    body: 'not kept',
  };
  t.same(one('github', issue), asked);
  t.same(one('github', { action: 'opened', issue, sender: { login: 'x' } }), asked);
  t.same(
    one('github', `\uFEFF${JSON.stringify({ ...issue, title: ' Crash\n on \u202esave' })}`),
    asked,
    'one line, no tricks',
  );
  const list = read('github', [issue, { number: 1, title: 'x', url }, { title: 'x' }, null, { ...issue, title: '  ' }]);
  t.match(list, [
    { at: 'item 1', title: 'Crash on save' },
    { at: 'item 2', problem: /not that of its number/ },
    { at: 'item 3', problem: /is no issue/ },
    { at: 'item 4', problem: /is no issue/ },
    { at: 'item 5', problem: /has no title/ },
  ]);
  t.match(one('github', { number: 42, title: 'x', url: 'file:///etc/passwd' }), { problem: /address/ });
  for (const text of ['', '{', 'null x', '['.repeat(100_000)])
    t.throws(() => read('github', text), { code: 'BAD_INPUT' });
});

t.test('issues of GitLab as glab, the API and events have them', async t => {
  const asked = { at: '', origin_ask_ref: 'gitlab:group/sub/app#7', title: 'Slow' };
  const web_url = 'https://gitlab.com/group/sub/app/-/issues/7';
  t.same(one('gitlab', { id: 900, iid: 7, title: 'Slow', web_url, description: 'not kept' }), asked);
  const object_attributes = { iid: 7, title: 'Slow', url: web_url, description: 'not kept' };
  t.same(one('gitlab', { object_kind: 'issue', object_attributes, user: {} }), asked);
  t.match(one('gitlab', { object_kind: 'push' }), { problem: /is no issue/ });
});

const mail = (...lines: string[]) => lines.join('\r\n');

t.test('mail: Message-ID and subject, folded, in encoded words, of any character set', async t => {
  const asked = (title: string) => ({ at: '', origin_ask_ref: 'email:CA.1@mail.example.com', title });
  const id = 'Message-ID:\r\n <CA.1@Mail.Example.com>';
  t.same(
    one('eml', mail('From: a@b', id, 'Subject: Crash', ' on', '\tsave', '', 'Subject: body')),
    asked('Crash on save'),
  );
  const subjects: [string, string][] = [
    ['=?UTF-8?Q?Caf=C3=A9_closed?=', 'Café closed'],
    ['=?utf-8?B?Q2Fmw6k=?= =?utf-8?b?IGNsb3NlZA==?=', 'Café closed'],
    ['=?ISO-8859-1?Q?Caf=E9?= closed', 'Café closed'],
    ['=?UTF-8?B?Q2Fmww==?=\r\n =?UTF-8?B?qSBjbG9zZWQ=?=', 'Café closed'],
    ['=?x-none?Q?plain?=', 'plain'],
    ['=?utf-8?B?!!!?= rest', 'rest'],
    ['=?utf-8*en?Q?a?= =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=', 'a日本'],
    ['=?broken', '=?broken'],
  ];
  for (const [subject, title] of subjects)
    t.same(one('eml', mail(`Subject: ${subject}`, id, '', '')), asked(title), subject);
  t.match(one('eml', mail('Subject: x', '', '')), { problem: /no reference/ });
  t.match(one('eml', mail(id, '', '')), { problem: /no title/ });
  t.match(one('eml', 'just words'), { problem: /no message/ });
  t.same(one('eml', mail('Subject: x', '', ''), { origin_ask_ref: 'cli:x' }), {
    at: '',
    origin_ask_ref: 'cli:x',
    title: 'x',
  });
  const box = `From a Mon\n${mail('Subject: one', 'Message-ID: <1@x.y>', '', 'text')}\n\nFrom b Tue\nSubject: two\nMessage-ID: <2@x.y>\n\n`;
  t.match(read('eml', box), [
    { at: 'message 1', title: 'one' },
    { at: 'message 2', origin_ask_ref: 'email:2@x.y' },
  ]);
});

t.test('an excerpt is off unless asked for, plain text, redacted before it is cut at 280 characters', async t => {
  const head = ['Message-ID: <1@x.y>', 'Subject: s'];
  const excerpt = (...lines: string[]) =>
    (one('eml', mail(...head, ...lines), { excerpt: true }) as { description?: string }).description;
  t.notOk('description' in one('eml', mail(...head, '', 'words'))!);
  t.equal(excerpt('', 'one', 'two'), 'one two');
  t.equal(excerpt('Content-Type: text/html', '', '<script>alert(1)</script>'), undefined, 'HTML is nothing');
  t.equal(excerpt('Content-Transfer-Encoding: quoted-printable', '', 'caf=C3=A9 =', 'closed'), 'café closed');
  t.equal(excerpt('Content-Transfer-Encoding: base64', '', 'Y2Fmw6k='), 'café');
  const parts = [
    '--b',
    'Content-Type: text/html',
    '',
    '<b>x</b>',
    '--b',
    'Content-Type: text/plain',
    '',
    'plain',
    '--b--',
  ];
  t.equal(excerpt('Content-Type: multipart/alternative; boundary="b"', '', ...parts), 'plain');
  const long = excerpt('', `${'word '.repeat(50)}${'x'.repeat(20)} ${SECRET} tail`)!;
  t.ok([...long].length <= 280 && long.endsWith('…'));
  t.notMatch(long, 'ghp_', 'no half of a secret');
  const title = (
    one('github', { number: 1, title: `${'y'.repeat(185)} ${SECRET}`, url: 'https://github.com/a/b/issues/1' }) as {
      title: string;
    }
  ).title;
  t.ok([...title].length <= 200);
  t.notMatch(title, 'ghp_');
});

t.test('messages of Slack by their permalink, or by the workspace that a shortcut names', async t => {
  const permalink = 'https://acme.slack.com/archives/C01ABC/p1700000000123456?thread_ts=1.2';
  const text = 'Save &amp; load crash, see <https://x.y|the log> <@U1>\nsecond line';
  const asked = {
    at: '',
    origin_ask_ref: 'slack:acme/C01ABC/1700000000.123456',
    title: 'Save & load crash, see the log @U1',
  };
  t.same(one('slack', { type: 'message', text, permalink }), asked);
  t.same(one('slack', { ok: true, message: { text }, permalink }), asked);
  const shortcut = {
    team: { id: 'T1', domain: 'acme' },
    channel: { id: 'C01ABC' },
    message: { ts: '1700000000.123456', text },
  };
  t.same(one('slack', shortcut), asked);
  t.match(read('slack', { messages: { matches: [{ text, permalink }, { text }] } }), [
    { at: 'match 1', title: asked.title },
    { at: 'match 2', problem: /no permalink/ },
  ]);
  t.match(one('slack', { team_id: 'T1', event: { channel: 'C01ABC', ts: '1700000000.123456', text } }), {
    problem: /no workspace/,
  });
  t.same(one('slack', { text }, { origin_ask_ref: permalink }), asked);
  t.match(one('slack', permalink), { problem: /no title/ });
  t.match(one('slack', `${permalink}\n`, { title: 'Crash' }), { origin_ask_ref: asked.origin_ask_ref, title: 'Crash' });
});

t.test('a table: a header, a row an ask, quoted as RFC 4180 says; bad rows by their line', async t => {
  const rows = read(
    'csv',
    '\uFEFFOwner,Ref,Title\r\nx,acme/app#1,"One, ""two""\nthree"\r\n\r\ny,#2,Two\ny,,Three\nz,acme/app#3\nz,jira:KEY-1,\nz,jira:KEY-2,Last',
  );
  t.match(rows, [
    { at: 'row at line 2', origin_ask_ref: 'github:acme/app#1', title: 'One, "two" three' },
    { at: 'row at line 5', problem: /names no repository/ },
    { at: 'row at line 6', problem: /no reference/ },
    { at: 'row at line 7', problem: /2 fields, and the header names 3/ },
    { at: 'row at line 8', problem: /no title/ },
    { at: 'row at line 9', origin_ask_ref: 'jira:KEY-2' },
  ]);
  for (const [text, says] of [
    ['ref;title\na;b', /columns ref and title/],
    ['', /columns ref and title/],
    ['ref,title', /nothing in it/],
    ['ref,title\ncli:a,"open\n', /line 2: a quoted field does not end/],
    ['ref,title\ncli:a,"x"y\n', /line 2: something stands behind/],
    ['ref,title\ncli:a,x"y\n', /line 2: a quote/],
  ] as const)
    t.throws(() => read('csv', text), { code: 'BAD_INPUT', message: says }, text);
  t.throws(() => read('csv', `ref,title\n${'cli:a,b\n'.repeat(1001)}`), { code: 'TOO_LARGE' });
});

t.test('words: the first line is the title, the one reference in them is where they come from', async t => {
  const asked = { at: '', origin_ask_ref: 'github:acme/app#42', title: 'Crash on save' };
  t.same(one('text', 'Crash on save\n\nsee https://github.com/acme/app/issues/42, and https://x.y/z.\n'), asked);
  t.same(one('text', 'https://github.com/acme/app/issues/42\nCrash on save (acme/app#42)'), {
    ...asked,
    title: 'Crash on save (acme/app#42)',
  });
  t.same(one('text', 'Crash', { origin_ask_ref: 'jira:key-1' }), {
    at: '',
    origin_ask_ref: 'jira:KEY-1',
    title: 'Crash',
  });
  t.match(one('text', 'a acme/app#1 b acme/app#2'), { problem: /names 2 references/ });
  t.match(one('text', 'note: at 10:30 nothing:here'), { problem: /no reference/ });
  t.match(one('text', 'see <m.1@x.example>'), { origin_ask_ref: 'email:m.1@x.example' });
});

t.test('bounds: a megabyte, a thousand items, one reference for one item', async t => {
  t.throws(() => read('text', 'x'.repeat((1 << 20) + 1)), { code: 'TOO_LARGE' });
  t.throws(() => read('github', JSON.stringify(Array(1001).fill({}))), { code: 'TOO_LARGE' });
  t.throws(() => read('github', [{}, {}], { title: 'x' }), { code: 'BAD_INPUT' });
  for (const from of ['eml', 'text', 'csv', 'slack'] as const)
    for (const text of ['=?a?q?'.repeat(40_000), '\n\nFrom '.repeat(40_000), '<'.repeat(200_000), '"'.repeat(200_001)])
      try {
        t.ok(read(from, `Subject: ${text}`));
      } catch (error) {
        t.match((error as { code: string }).code, /BAD_INPUT|TOO_LARGE/);
      }
});
