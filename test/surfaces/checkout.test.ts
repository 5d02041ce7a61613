import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { plainUrl } from '../../src/kernel/fingerprint.ts';
import { runGit } from '../../src/store/git/index.ts';
import { checkoutOf, slugOf } from '../../src/surfaces/checkout.ts';
import { readPlace } from '../../src/surfaces/place.ts';

const env = { ...process.env, GIT_CONFIG_NOSYSTEM: '1' };

async function repository(dir: string, name: string, remotes: Record<string, string>): Promise<string> {
  const cwd = join(dir, name);
  mkdirSync(cwd, { recursive: true });
  await runGit(['init', '-q', cwd], { cwd: dir });
  for (const [remote, url] of Object.entries(remotes)) await runGit(['remote', 'add', remote, url], { cwd });
  return cwd;
}

t.test('a checkout is known by the fingerprint of its remote, whatever the form of the address', async t => {
  const dir = t.testdir();
  const forms = [
    'git@github.com:Acme/Parser.git',
    'https://me:s3cret@github.com/acme/parser',
    'ssh://git@github.com:22/acme/parser.git/',
  ];
  for (const [index, url] of forms.entries()) {
    const place = await readPlace(
      await repository(dir, `form-${index}`, { fork: 'https://x.example/a/b', origin: url }),
      env,
    );
    const checkout = checkoutOf(place, undefined);
    t.equal(checkout?.fingerprint, 'github/acme/parser', url);
    t.notMatch(JSON.stringify(checkout), /s3cret/);
  }
});

t.test('without origin the mapped remote counts; without remotes the folder names it; no path is told', async t => {
  const dir = t.testdir();
  const two = await readPlace(
    await repository(dir, 'two', { a: 'https://x.example/a/a', b: 'https://x.example/a/b' }),
    env,
  );
  t.equal(checkoutOf(two, 'b')?.fingerprint, 'x.example/a/b');
  t.equal(checkoutOf(two, undefined)?.fingerprint, 'x.example/a/a');
  const none = await readPlace(await repository(dir, 'Scratch Tools', {}), env);
  t.same(checkoutOf(none, undefined), { fingerprint: 'local/scratch-tools' });
  const path = await readPlace(await repository(dir, 'on-disk', { origin: join(dir, 'bare.git') }), env);
  const checkout = checkoutOf(path, undefined);
  t.match(checkout?.fingerprint, /^local\/[0-9a-z]{10}$/);
  t.equal(checkout?.remote_url, undefined);
});

t.test('addresses lose their credentials, and names become slugs', async t => {
  t.equal(plainUrl('https://user:token@git.example.com/a/b.git?x=1'), 'https://git.example.com/a/b.git');
  t.equal(plainUrl('git@git.example.com:a/b.git'), 'git@git.example.com:a/b.git');
  t.equal(plainUrl('ghp_token@git.example.com:a/b.git'), 'git.example.com:a/b.git');
  t.equal(plainUrl('user:token@git.example.com:a/b'), undefined);
  t.equal(slugOf('..'), undefined);
  t.equal(slugOf('My Repo.git'), 'my-repo');
});
