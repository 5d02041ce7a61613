/** Ways to write one reference and its canonical form: a test runs them, docs show them. */
export const EXAMPLES: readonly { written: readonly string[]; ref: string }[] = [
  {
    ref: 'github:org/repo#42',
    written: [
      'github:org/repo#42',
      'GitHub:Org/Repo#42',
      'gh:org/repo#42',
      'Org/Repo#42',
      'org/repo#042',
      'https://github.com/Org/Repo/issues/42',
      'https://github.com/org/repo/pull/42/files',
      'https://www.github.com/org/repo/issues/42/',
      'http://github.com/org/repo/discussions/42?sort=new',
      'https://github.com/org/repo/issues/42#issuecomment-1',
      '<https://github.com/org/repo/issues/42>',
      'github.com/org/repo/issues/42',
      'https://api.github.com/repos/org/repo/issues/42',
      'github:https://github.com/org/repo/issues/42',
      'url:https://github.com/org/repo/issues/42',
    ],
  },
  {
    ref: 'github:github.example.com/org/repo#42',
    written: ['https://github.example.com/Org/Repo/pull/42', 'github:github.example.com/org/repo#42'],
  },
  {
    ref: 'gitlab:group/sub/repo#12',
    written: [
      'gitlab:group/sub/repo#12',
      'Group/Sub/Repo#12',
      'https://gitlab.com/Group/sub/repo/-/issues/12',
      'https://gitlab.com/group/sub/repo/issues/12',
      'https://gitlab.com/group/sub/repo/-/work_items/12',
      'https://gitlab.com/api/v4/projects/group%2Fsub%2Frepo/issues/12',
    ],
  },
  {
    ref: 'gitlab:group/repo!12',
    written: ['gitlab:group/repo!12', 'group/repo!12', 'https://gitlab.com/group/repo/-/merge_requests/12/diffs'],
  },
  {
    ref: 'gitlab:git.example.com/group/repo#12',
    written: ['https://git.example.com/group/repo/-/issues/12#note_7', 'gitlab:git.example.com/group/repo#12'],
  },
  {
    ref: 'email:CAF=x.Y1@mail.example.com',
    written: [
      'email:CAF=x.Y1@mail.example.com',
      'email:<CAF=x.Y1@Mail.Example.com>',
      'Message-ID: <CAF=x.Y1@mail.example.com>',
      'mid:CAF%3Dx.Y1@mail.example.com',
      'rfc822msgid:CAF=x.Y1@mail.example.com',
      '<CAF=x.Y1@mail.example.com>',
    ],
  },
  {
    ref: 'slack:acme/C01ABC/1700000000.123456',
    written: [
      'https://acme.slack.com/archives/C01ABC/p1700000000123456',
      'https://acme.slack.com/archives/C01ABC/p1700000000123456?thread_ts=1700000000.000001&cid=C01ABC',
      'slack:acme/c01abc/1700000000.123456',
      'slack:acme.slack.com/C01ABC/p1700000000123456',
    ],
  },
  {
    ref: 'jira:KEY-1',
    written: [
      'jira:KEY-1',
      'Jira:key-1',
      'https://acme.atlassian.net/browse/KEY-1',
      'https://jira.example.com/jira/browse/key-1?focusedId=7',
      'https://acme.atlassian.net/jira/software/projects/KEY/boards/3?selectedIssue=KEY-1',
    ],
  },
  { ref: 'linear:ENG-7', written: ['linear:eng-7', 'https://linear.app/acme/issue/ENG-7/some-title'] },
  { ref: 'beads:project/bd-1dez.2', written: ['beads:project/bd-1dez.2', 'Beads:Project/bd-1dez.2'] },
  { ref: 'cli:standup 2026-01-31', written: ['cli:standup 2026-01-31', 'CLI:  standup   2026-01-31 '] },
  { ref: 'csv:backlog.csv#12', written: ['csv:backlog.csv#12', ' csv:backlog.csv#12'] },
  {
    ref: 'url:https://example.com/Page?a=1&b=2',
    written: [
      'https://Example.COM/Page?b=2&a=1',
      'https://example.com:443/Page/?a=1&b=2&utm_source=mail#top',
      'https://user:pass@example.com/Page?a=1&b=2',
      'url:https://example.com/Page?a=1&b=2',
    ],
  },
];

/** Ways to write a reference that name no one thing; each is refused with what to write instead. */
export const REFUSED_EXAMPLES: readonly string[] = [
  '',
  '   ',
  'GH-42',
  '#42',
  '!42',
  'KEY-1',
  'github:repo#42',
  'github:org/repo',
  'github:org/../repo#1',
  'gitlab:repo#1',
  'email:nobody',
  'email:two words@example.com',
  'slack:acme',
  'jira:nothing',
  'beads:only-a-project',
  'cli:',
  'url:not a url',
  'file:///etc/passwd',
  'mailto:a@example.com',
  'ftp://example.com/x',
  'just some words',
];
