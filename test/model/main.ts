import { runSeed } from './run.ts';

const [from, n, show] = process.argv.slice(2);
const by = new Map<string, [number, number]>();
const total: Record<string, number> = {};
let failed = 0;
const t0 = process.cpuUsage().user / 1000;
for (let seed = +from!; seed < +from! + +(n ?? 1); seed++) {
  try {
    const { failures, stats } = await runSeed({ seed, ...(show ? { log: (line: string) => console.log(line) } : {}) });
    for (const [k, v] of Object.entries(stats)) total[k] = (total[k] ?? 0) + v;
    if (failures.length) failed++;
    for (const f of failures) {
      const k = `${f.invariant}: ${f.message}`;
      const e = by.get(k) ?? [0, seed];
      e[0]++;
      by.set(k, e);
    }
  } catch (error) {
    failed++;
    const k = 'CRASH ' + ((error as Error).stack ?? '').split('\n').slice(0, 6).join(' | ');
    const e = by.get(k) ?? [0, seed];
    e[0]++;
    by.set(k, e);
  }
}
console.log(
  `${failed}/${n} fail, ${(process.cpuUsage().user / 1000 - t0) / +(n ?? 1)} ms a seed`,
  JSON.stringify(total),
);
for (const [k, [c, s]] of [...by].sort((a, b) => b[1][0] - a[1][0])) console.log(`  ${k} x${c} seed ${s}`);
