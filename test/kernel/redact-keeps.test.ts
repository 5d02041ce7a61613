import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { redactText } from '../../src/kernel/redact.ts';
import { textsOf } from './issue-texts.ts';

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: templates are what these texts show
t.test('what is no secret stays byte for byte', async t => {
  const oid = '13191c3f0a9d8e7c6b5a49382716054f3e2d1c0b';
  for (const text of [
    `fixed in ${oid} (was 13191c3)`,
    `sha256:${oid}${oid.slice(0, 24)} is the digest`,
    `"commit": "${oid}"`,
    `integrity sha512-${Buffer.from(oid + oid).toString('base64')}`,
    'run 123e4567-e89b-12d3-a456-426614174000 failed',
    'bd-1dez.2, bd-mol-7yu, t-7k3qz0m4xv, gt-1py3y and hq-2fg99 depend on bd-fc2d',
    `data:image/png;base64,${Buffer.from('an ordinary picture, quite harmless').toString('base64')}`,
    'put your key (sk-..., ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, sk-xxxxxxxxxxxxxxxxxxxxxxxx) into .env',
    'OPENAI_API_KEY=sk-your-key-here',
    'API_KEY=<your-api-key> PASSWORD=${DB_PASSWORD} TOKEN=$GITHUB_TOKEN SECRET={{ secrets.DEPLOY }}',
    'password: string; token: AccessToken; const secret = getSecretFromVault(name);',
    'the token count is 4096, max_tokens=200000, token_limit: 128000',
    'password is required, secret: optional, token: none, api_key: null',
    'token = process.env.GITHUB_TOKEN; password = config.database.password',
    'tokenizer=cl100k_base, secret_name: prod-db-credentials-v2',
    'Bearer token: in .env file; basic functionality; Authorization: Bearer <token>',
    'author: bob@example.com, git@github.com:org/repo.git, ssh://git@github.com/org/repo.git',
    'https://github.com/@scope/pkg https://medium.com/@writer/post-1 http://localhost:3000/@vite/client',
    'https://registry.example.com:4873/@scope%2fpkg mailto:bob@example.com hop://bob@example.com/town',
    'postgres://app@db.example/app and postgres://app:${PGPASSWORD}@db.example/app',
    '/etc/passwd /usr/bin/env /api/v1/users/home /tmp/x /var/log/syslog /opt/homebrew/bin /dev/null',
    'GET /users/42 and src/home/index.ts, ./home/x, app/Users/Profile.tsx, https://example.com/home/page#/home/tab',
    '/home and /Users alone, /home/.*/bin, /home/<user>/x, /home/$USER/x, /Users/{name}',
    'HEAD~/x, git log HEAD~2, about ~5 minutes, ~50/50, a ~ b',
    'C:\\Windows\\System32, C:\\Program Files\\Git, D:\\work\\users.txt',
    '-----BEGIN CERTIFICATE-----\nMIIDazCCAlOgAwIBAgIU\n-----END CERTIFICATE-----',
    'the line -----BEGIN PRIVATE KEY----- starts a key',
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2b6k0kVg8m9s3Hn1oXqk1v7cZb2pQe4rT5yU6iO7pA bob@host',
    'task-1234567890 risk-abcdefghijklmnopqrstuvwxyz disk-0123456789012345678901234567890123456789',
    'xoxo, npm_config_registry, hf_hub_download_with_progress, SK, AC, glpat- prefix, AKIA prefix',
    'eyJ is how a JSON Web Token begins; a.b.c is its form',
    '2026-01-31T09:00:00.000Z; token_expires_at: 2026-01-31T09:00:00Z',
    'const re = /^[A-Za-z0-9+/=]{40}$/; // key: a base64 of 30 bytes',
    'ledgenter task claim --as alice --key "bd-1dez.2" --token-file ./token.txt',
  ]) {
    t.same(redactText(text, { root: '/srv/checkout' }), { text, count: 0 });
  }
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: see above

t.test("this checkout's root becomes [repo], a sibling does not", async t => {
  const unix = { root: '/srv/work/app' };
  t.equal(redactText('see /srv/work/app/src/a.ts:3, /srv/work/app.', unix).text, 'see [repo]/src/a.ts:3, [repo].');
  t.equal(
    redactText('file:///srv/work/app/x "-I/srv/work/app/include"', unix).text,
    'file://[repo]/x "-I/srv/work/app/include"',
  );
  for (const text of [
    '/srv/work/app2/x',
    '/srv/work/app-old',
    '/srv/work/app.bak',
    '/other/srv/work/app',
    '/srv/work',
  ]) {
    t.same(redactText(text, unix), { text, count: 0 });
  }
  t.equal(redactText('cd /home/al/app && ls /home/al/b', { root: '/home/al/app' }).text, 'cd [repo] && ls [home]/b');
  for (const root of ['C:\\Users\\al\\app', 'C:/Users/al/app', 'c:\\Users\\al\\app\\']) {
    for (const text of [
      'C:\\Users\\al\\app\\x',
      'c:/Users/al/app/x',
      'C:\\\\Users\\\\al\\\\app\\\\x',
      '/c/Users/al/app/x',
      'file:///C:/Users/al/app/x',
    ]) {
      t.match(redactText(text, { root }).text, /^(?:file:\/\/)?\[repo\][\\/]{1,2}x$/, `${text} under ${root}`);
    }
  }
  for (const root of ['/', 'C:\\', '', 'relative/root']) t.equal(redactText('/etc and C:\\x', { root }).count, 0, root);
  t.equal(redactText('/srv/a+b (1)/x', { root: '/srv/a+b (1)' }).text, '[repo]/x', 'a root is no pattern');
});

const issues = fileURLToPath(new URL('../../../shared/data/beads-issues.jsonl', import.meta.url));

const skip = existsSync(issues) ? false : '../shared/data/beads-issues.jsonl is not here';

t.test('on real issues at most 1 % of texts are touched, and each for a home path', { skip }, async t => {
  let all = 0;
  let touched = 0;
  const without: string[] = [];
  for (const { where, text } of textsOf(readFileSync(issues, 'utf8'))) {
    all++;
    const { text: out, count } = redactText(text);
    if (count === 0) continue;
    touched++;
    // The cause that is asked for: a home directory, as `~/` or with a user's name.
    const causes = text.match(/~[\\/]|[\\/](?:home|Users)[\\/]/g)?.length ?? 0;
    if (count > causes || /\[redacted:/.test(out)) without.push(`${where}: ${out.slice(0, 200)}`);
  }
  t.ok(all > 15_000, `${all} texts`);
  t.ok(touched > 50, 'home paths are there, and found');
  t.ok(touched / all <= 0.01, `${touched} of ${all} touched`);
  t.same(without, []);
});
