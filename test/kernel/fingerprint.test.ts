import fc from 'fast-check';
import t from 'tap';
import { isFingerprint, plainUrl, urlFingerprint } from '../../src/kernel/fingerprint.ts';

t.test('every form of one remote is one fingerprint', async t => {
  const forms = [
    'https://github.com/Acme/Web.git',
    'https://github.com/acme/web',
    'https://github.com/acme/web/',
    'http://github.com/acme/web.git',
    'git@github.com:acme/web.git',
    'github.com:acme/web',
    'ssh://git@github.com/acme/web.git',
    'ssh://git@github.com:22/acme/web.git',
    'git://github.com/acme/web.git',
    'https://anna:secret@github.com/acme/web.git',
  ];
  for (const form of forms) t.equal(urlFingerprint(form), 'github/acme/web', form);
  t.equal(urlFingerprint('git@gitlab.com:group/sub/web.git'), 'gitlab/group/sub/web');
  t.equal(urlFingerprint('https://git.example.com:8443/team/web.git'), 'git.example.com/team/web');
});

t.test('credentials of a remote never enter a fingerprint', async t => {
  for (const url of ['https://token123@git.example.com/a/b', 'https://u:pass-word@git.example.com/a/b.git']) {
    const fingerprint = urlFingerprint(url)!;
    t.equal(fingerprint, 'git.example.com/a/b');
    t.notMatch(fingerprint, /token123|pass-word/);
  }
});

t.test('a path is a hash: the same for every spelling, and it names no folder', async t => {
  const one = urlFingerprint('/srv/git/web.git')!;
  for (const same of ['/srv/git/web', '/srv/git/web/', '/srv/git/web/.git', 'file:///srv/git/web.git'])
    t.equal(urlFingerprint(same), one, same);
  t.match(one, /^local\/[0-9a-z]{10}$/);
  t.not(urlFingerprint('/srv/git/api.git'), one);
  t.equal(urlFingerprint('C:\\git\\web.git'), urlFingerprint('c:/git/web'), 'drive letters and slashes of Windows');
});

t.test('loopback keeps its port: tests and tunnels hold several hosts apart', async t => {
  t.not(urlFingerprint('http://127.0.0.1:8001/web.git'), urlFingerprint('http://127.0.0.1:8002/web.git'));
});

t.test('what is no URL has no fingerprint', async t => {
  t.equal(urlFingerprint(''), undefined);
  t.equal(urlFingerprint('https://'), undefined);
  t.equal(urlFingerprint('https://host-only'), undefined);
});

t.test('hosts are known by every name and path that they answer to', async t => {
  const table: Record<string, string[]> = {
    'github/acme/web': [
      'ssh://git@ssh.github.com:443/acme/web.git',
      'https://www.github.com/acme/web',
      'git+ssh://git@github.com/acme/web.git',
    ],
    'gitlab/group/sub/deep/web': [
      'git@gitlab.com:group/sub/deep/web.git',
      'https://oauth2:token@gitlab.com/Group/Sub/Deep/Web.git',
      'ssh://git@altssh.gitlab.com:443/group/sub/deep/web',
    ],
    'bitbucket/team/web': [
      'git@bitbucket.org:team/web.git',
      'https://anna@bitbucket.org/team/web.git',
      'ssh://git@altssh.bitbucket.org:443/team/web',
    ],
    'bitbucket.example.com/proj/web': [
      'https://bitbucket.example.com/scm/PROJ/web.git',
      'ssh://git@bitbucket.example.com:7999/proj/web.git',
    ],
    'dev.azure.com/org/proj/web': [
      'https://org@dev.azure.com/org/proj/_git/web',
      'git@ssh.dev.azure.com:v3/org/proj/web',
    ],
    'git.example.com/team/web': [
      'git@git.example.com:team/web.git',
      'git@git.example.com:/team/web.git',
      '[git@git.example.com:2222]:team/web.git',
      'ssh://git@git.example.com:2222/team/web.git',
      'https://git.example.com:8443//team//web.git/',
      'https://git.example.com/team/web.git?ref=main#top',
    ],
    'git.example.com/scm/x/web': ['https://git.example.com/scm/x/web'],
  };
  for (const [fingerprint, forms] of Object.entries(table)) {
    for (const form of forms) t.equal(urlFingerprint(form), fingerprint, form);
    t.ok(isFingerprint(fingerprint), fingerprint);
  }
  for (const other of [
    'https://github.com/acme/web2',
    'https://gitlab.com/acme/web',
    'https://github.com/acme/sub/web',
  ])
    t.not(urlFingerprint(other), 'github/acme/web', other);
});

const name = fc.stringMatching(/^[a-z0-9]([a-z0-9._-]{0,12}[a-z0-9])?$/).filter(text => !/\.git$|\.\./.test(text));

t.test('any remote: all forms of its URL are one repository, another path is another', async t => {
  const hosts = fc.constantFrom('github.com', 'gitlab.com', 'bitbucket.org', 'git.example.com', 'code.example.org');
  const secret = fc.stringMatching(/^[A-Za-z0-9]{12,20}$/).filter(text => /[A-Z]/.test(text));
  const property = fc.property(hosts, fc.array(name, { minLength: 2, maxLength: 4 }), secret, (host, parts, token) => {
    const path = parts.join('/');
    const forms = [
      `https://${host}/${path}`,
      `https://${host}/${path}.git`,
      `https://${host.toUpperCase()}/${path.toUpperCase()}.git/`,
      `http://x-access-token:${token}@${host}:8080/${path}`,
      `https://${token}@${host}/${path}.git`,
      `ssh://git@${host}/${path}`,
      `ssh://git@${host}:2222/${path}.git`,
      `git://${host}/${path}.git`,
      `git@${host}:${path}.git`,
      `${host}:${path}`,
    ];
    const found = new Set(forms.map(urlFingerprint));
    if (found.size !== 1) throw new Error([...found].join(' '));
    const [fingerprint] = found;
    if (fingerprint === undefined || fingerprint.includes(token) || !isFingerprint(fingerprint)) return false;
    const plain = forms.map(form => plainUrl(form) ?? 'none');
    const same = plain.every(
      url => !url.includes(token) && urlFingerprint(url) === fingerprint && plainUrl(url) === url,
    );
    return same && urlFingerprint(`https://${host}/${path}x`) !== fingerprint;
  });
  t.doesNotThrow(() => fc.assert(property));
});

t.test('what could hide a secret is no name and no address', async t => {
  for (const url of [
    'user:s3cret@host:a/b',
    'https://user:s3/cret@host/a/b',
    'https://user/s3cret@host/a',
    'ssh://host:s3cret/a/b',
    'ext::ssh s3cret host',
    'ext::s3cret/a',
  ]) {
    t.notMatch(`${urlFingerprint(url)}`, /s3cret/, url);
    t.equal(plainUrl(url), undefined, url);
  }
  for (const path of ['/srv/git/web', 'C:\\git\\web', 'file:///srv/git/web', '../web', './web', 'web'])
    t.equal(plainUrl(path), undefined, path);
  t.equal(urlFingerprint('https://github.com/acme/../evil'), undefined);
});
