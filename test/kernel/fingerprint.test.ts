import t from 'tap';
import { urlFingerprint } from '../../src/kernel/fingerprint.ts';

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
