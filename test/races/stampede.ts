import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { BOOK, type Stage } from '../e2e/stage.ts';
import { inTurn, names, type Outcome, together } from './race.ts';

/** Many processes of one clone create a task each at the same moment, through the binary. */
export async function createAtOnce(stage: Stage, { processes }: { processes: number }): Promise<Outcome> {
  const faults: string[] = [];
  const cwd = await stage.repository('alone');
  await stage.ok(cwd, ['init']);
  const ran = await together(processes, index =>
    stage.run(cwd, ['task', 'create', `number ${index}`], { as: `worker${index}` }),
  );
  for (const { code, out, err } of ran) if (code !== 0) faults.push(`a create ended with ${code}: ${out}${err}`);
  const ids = new Set(ran.map(({ answer }) => answer?.task?.id));
  const listed = await stage.ok(cwd, ['task', 'query', '--limit', '200']);
  if (ids.size !== processes || listed.total !== processes)
    faults.push(`${ids.size} ids and ${listed.total} tasks from ${processes} processes`);
  faults.push(...(await stage.faults(cwd)));
  return { figures: { processes, tasks: listed.total }, faults };
}

/** Many processes of one clone write at the same moment: every entry lands once, decided three times at most on average. */
export async function stampede(
  stage: Stage,
  { processes, each }: { processes: number; each: number },
): Promise<Outcome> {
  const faults: string[] = [];
  const cwd = await stage.repository('alone');
  await stage.ok(cwd, ['init']);
  const before = Number(await stage.git(cwd, 'rev-list', '--count', BOOK));
  const script = stage.path('writer.mjs');
  // The asynchronous build does not keep the process alive while it waits.
  buildSync({
    entryPoints: [fileURLToPath(new URL('writer.ts', import.meta.url))],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
  });
  const writers = await ready(stage, script, cwd, processes, each);
  for (const { go } of writers) go();
  const reports = await Promise.all(writers.map(({ report }) => report));
  const ids = reports.flatMap(report => report.ids);
  const decides = reports.reduce((sum, report) => sum + report.decides, 0);
  const entries = Number(await stage.git(cwd, 'rev-list', '--count', BOOK)) - before;
  const wanted = processes * each;
  if (new Set(ids).size !== wanted || entries !== wanted)
    faults.push(`${new Set(ids).size} acknowledged and ${entries} entries of ${wanted}`);
  const mean = Math.round((decides / wanted) * 100) / 100;
  if (mean > 3) faults.push(`${mean} decides an entry`);
  faults.push(...(await stage.faults(cwd)));
  return { figures: { processes, entries, decidesMean: mean }, faults };
}

interface Writer {
  go(): void;
  report: Promise<{ ids: string[]; decides: number }>;
}

/** Starts the writers a few at a time, so that all are ready before the first goes. */
async function ready(stage: Stage, script: string, cwd: string, processes: number, each: number): Promise<Writer[]> {
  const writers: Writer[] = [];
  await inTurn(names(processes, 'writer'), 4, async name => {
    const child = spawn(process.execPath, [script, cwd, name, String(each)], {
      cwd,
      env: stage.env(),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    await Promise.race([
      once(lines, 'line'),
      once(child, 'close').then(() => Promise.reject(new Error(`${name} did not start`))),
    ]);
    const report = new Promise<{ ids: string[]; decides: number }>(resolve => {
      let said = { ids: [] as string[], decides: 0 };
      lines.on('line', line => {
        said = JSON.parse(line);
      });
      child.on('close', () => resolve(said));
    });
    writers.push({ go: () => child.stdin.write('go\n'), report });
  });
  return writers;
}
