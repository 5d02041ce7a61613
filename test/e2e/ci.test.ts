import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import t, { type Test } from 'tap';
import { parse } from 'yaml';
import { Forger } from './forger.ts';
import { type Answer, BOOK, LAUNCHER, type Ran, Stage } from './stage.ts';

const example = (name: string): Answer =>
  parse(readFileSync(fileURLToPath(new URL(`../../docs/examples/${name}`, import.meta.url)), 'utf8'));

/** What a host knows of one run of its jobs. */
interface Job {
  /** The commit that is checked out, and of a pull request its target branch. */
  sha: string;
  target?: string;
}

/** A host that runs the shell steps of its example in a shallow clone, as it says it does: bash, ending at the first fault. */
interface Host {
  name: string;
  variables(job: Job): Record<string, string>;
  steps(job: Job): { script: string; env: Record<string, string> }[];
}

const github: Host = {
  name: 'github-actions',
  variables: ({ sha }) => ({ CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_RUN_ID: '1', GITHUB_SHA: sha }),
  steps({ sha, target }) {
    const file = example('github-actions.yml');
    t.same(file.permissions, { contents: 'read' });
    const known: Record<string, string> = {
      'github.base_ref': target ?? '',
      'github.event.pull_request.head.sha': sha,
    };
    const filled = (env: Record<string, string> = {}) =>
      Object.fromEntries(
        Object.entries(env).map(([name, value]) => [
          name,
          value.replace(/\$\{\{ (\S+) \}\}/g, (_, key) => known[key]!),
        ]),
      );
    return file.jobs.ledger.steps
      .filter((step: Answer) => step.run && (!step.if || target !== undefined))
      .map((step: Answer) => ({ script: step.run, env: { ...file.env, ...filled(step.env) } }));
  },
};

const gitlab: Host = {
  name: 'gitlab-ci',
  variables: ({ sha, target }) => ({
    CI: 'true',
    GITLAB_CI: 'true',
    CI_JOB_ID: '1',
    CI_COMMIT_SHA: sha,
    ...(target === undefined ? {} : { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: target }),
  }),
  steps({ target }) {
    const file = example('gitlab-ci.yml');
    const jobs = ['ledger:verify', ...(target === undefined ? [] : ['ledger:commits'])].map(name => file[name]);
    const lines = jobs.flatMap(job => [...file[job.extends].before_script, ...job.script]);
    return lines.map(script => ({ script, env: file.variables }));
  },
};

async function run(stage: Stage, host: Host, cwd: string, job: Job): Promise<Ran> {
  let last: Ran | undefined;
  for (const { script, env } of host.steps(job)) {
    const path = `${stage.path('bin')}:${process.env.PATH}`;
    last = await stage.start('bash', ['-eo', 'pipefail', '-c', script], cwd, {
      env: { ...host.variables(job), ...env, PATH: path, LEDGENTER_ACTOR: '' },
    }).ended;
    if (last.code !== 0) return last;
  }
  return last!;
}

t.test('the examples for hosts without pre-receive hooks pass what is lawful and stop what is not', async t => {
  const stage = new Stage(t.testdir());
  const { remote, clones } = await stage.team(['dev']);
  const dev = clones[0]!;
  mkdirSync(stage.path('bin'));
  const tools = { npm: 'exit 0', ledgenter: `exec '${process.execPath}' '${LAUNCHER}' "$@"` };
  for (const [name, line] of Object.entries(tools)) {
    writeFileSync(stage.path('bin', name), `#!/bin/sh\n${line}\n`);
    chmodSync(stage.path('bin', name), 0o755);
  }
  const task = await stage.task(dev, 'named by commits', '--sync');
  const commit = async (branch: string, message: string): Promise<string> => {
    await stage.git(dev, 'commit', '-q', '--allow-empty', '-m', message);
    await stage.git(dev, 'push', '-q', 'origin', `HEAD:refs/heads/${branch}`);
    return stage.git(dev, 'rev-parse', 'HEAD');
  };
  for (let n = 0; n < 4; n++) await commit('trunk', `on trunk ${n}\n\nTask: t-0000000000`);
  const trunk = await stage.git(dev, 'rev-parse', 'HEAD');
  await commit('feature', `one\n\nTask: ${task}`);
  const good = await commit('feature', 'two, without a task');
  const bad = await commit('other', 'three\n\nCloses: t-0000000000');
  // The base came in meanwhile: what lies before that merge is of the pull request too.
  await stage.git(dev, 'checkout', '-q', '--detach', trunk);
  const later = await commit('trunk', 'later on trunk');
  await stage.git(dev, 'checkout', '-q', '--detach', bad);
  await stage.git(dev, 'merge', '-q', '--no-ff', '-m', 'the base came in', later);
  await stage.git(dev, 'push', '-q', 'origin', 'HEAD:refs/heads/other');
  const merged = await stage.git(dev, 'rev-parse', 'HEAD');
  const checkout = async (host: Host, sha: string): Promise<string> => {
    const cwd = stage.path(`${host.name}-${sha.slice(0, 8)}`);
    await stage.git(stage.dir, 'init', '-q', cwd);
    await stage.git(cwd, 'remote', 'add', 'origin', pathToFileURL(remote).href);
    await stage.git(cwd, 'fetch', '-q', '--depth=1', 'origin', sha);
    await stage.git(cwd, 'checkout', '-q', sha);
    return cwd;
  };

  const places = new Map<Host, string>();
  const walk = async (t: Test, host: Host): Promise<void> => {
    const cwd = await checkout(host, good);
    places.set(host, cwd);
    const first = await run(stage, host, cwd, { sha: good, target: 'trunk' });
    t.equal(first.code, 0, `a pull request: ${first.out}${first.err}`);
    t.match(first.out, /checked +yes/);
    t.match(first.out, /commits +2/, 'only those of the pull request');
    const env = { ...host.variables({ sha: good }), LEDGENTER_ACTOR: '' };
    t.match(await stage.ok(cwd, ['whoami'], { env }), { kind: 'service', host: host.name });

    const wrong = await checkout(host, merged);
    const second = await run(stage, host, wrong, { sha: merged, target: 'trunk' });
    t.equal(second.code, 65, `${second.out}${second.err}`);
    t.match(second.out, /no such task/);
    t.match(second.out, bad.slice(0, 7));
  };
  await Promise.all([github, gitlab].map(host => t.test(host.name, t => walk(t, host))));

  await t.test('an entry that breaks a law stops the job that has verified all before it', async t => {
    const forger = new Forger(stage, dev);
    const old = `${await stage.git(dev, 'log', '-1', '--format=%B', `${BOOK}~1`)}\n`;
    const tree = await stage.git(dev, 'rev-parse', `${BOOK}^{tree}`);
    const oid = await forger.commitTree(tree, [await forger.tip()], old, 'anna');
    await stage.git(dev, 'push', '-q', 'origin', `${oid}:${BOOK}`);
    await Promise.all(
      [...places].map(async ([host, cwd]) => {
        const ran = await run(stage, host, cwd, { sha: trunk });
        t.equal(ran.code, 65, `${host.name}: ${ran.out}${ran.err}`);
        t.match(ran.out, /book\.once/);
        t.match(ran.out, oid.slice(0, 7));
      }),
    );
  });

  await t.test('a range whose base is not here says what to fetch', async t => {
    const cwd = await checkout({ ...github, name: 'cut' }, merged);
    await stage.git(cwd, 'fetch', '-q', 'origin', `${BOOK}:${BOOK}`);
    const gone = '1'.repeat(40);
    const ran = await stage.run(cwd, ['verify', '--range', `${gone}..${BOOK}`]);
    t.match(ran, { code: 66, answer: { error: { message: /shallow/, hint: `git fetch --depth=1 <remote> ${gone}` } } });
    await stage.git(cwd, 'fetch', '-q', '--depth=2', 'origin', 'trunk');
    const cut = await stage.run(cwd, ['code', 'check', 'FETCH_HEAD..HEAD']);
    t.match(cut, { code: 66, answer: { error: { message: /cut off/, hint: /git fetch --depth/ } } });
    const required = await stage.run(dev, ['code', 'check', `${trunk}..${good}`, '--require']);
    t.match(required, { code: 65, answer: { commits: 2, tasks: [task], findings: [{ commit: good }] } });
  });
});
