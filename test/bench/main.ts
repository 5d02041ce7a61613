import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitCosts } from './commits.ts';
import { Ledger, manyReady, ROOT } from './ledgers.ts';
import { mcpReady } from './mcp.ts';
import { machine, ratioOf } from './measure.ts';
import { countSpawns } from './spawns.ts';
import { wrapCost } from './wrap.ts';

/** One line of the table: what was measured, what was seen, the bound it was promised. */
interface Row {
  what: string;
  seen: string;
  bound: string;
  good: boolean;
}

const RUNS = Number(process.env.LEDGENTER_BENCH_RUNS ?? '24');
const rows: Row[] = [];
const made: Ledger[] = [];

function row(what: string, seen: number, bound: number, unit = '×', over = false): void {
  const good = over ? seen >= bound : seen <= bound;
  rows.push({
    what,
    seen: `${seen >= 100 ? Math.round(seen) : seen.toFixed(2)} ${unit}`,
    bound: `${over ? '≥' : '≤'} ${bound} ${unit}`,
    good,
  });
  console.error(`${good ? 'ok  ' : 'MISS'} ${what}: ${seen.toFixed(2)} ${unit} (${over ? '≥' : '≤'} ${bound})`);
}

/** The commands of everyday, as CPU against an empty Node. */
function everyday(ledger: Ledger, where: string): void {
  const { tasks } = ledger.run('task', 'query', '--ready') as { tasks: { id: string }[] };
  const id = tasks[0]!.id;
  const against = (what: string, bound: number, ...args: string[]): void =>
    row(`${what}, ${where}`, ratioOf(ledger.node, ledger.command(...args), RUNS).ratio, bound);
  against('`task query --ready`', 1.8, 'task', 'query', '--ready');
  against('`task get`', 1.8, 'task', 'get', id);
  against('`whoami`', 1.8, 'whoami');
  against('`task note`', 2.4, 'task', 'note', id, '--text', 'measured');
}

function ledgerOf(name: string): Ledger {
  const ledger = new Ledger(name);
  made.push(ledger);
  return ledger;
}

const data = join(ROOT, '..', 'shared', 'data', 'beads-issues.jsonl');
if (existsSync(data)) {
  const ledger = ledgerOf('real');
  const done = ledger.run('import', 'beads', data, '--project', 'beads') as {
    entries: number;
    write_ms: number;
  };
  row(
    'import of the real issues, once read and mapped',
    (done.entries * 1000) / done.write_ms,
    1000,
    'entries/s',
    true,
  );
  ledger.run('sync');
  everyday(ledger, '5,722 issues');
} else console.error(`skipped: no ${data}`);

const hundred = ledgerOf('hundred');
manyReady(hundred, 100);
const tenThousand = ledgerOf('many');
manyReady(tenThousand, 10_000);
everyday(tenThousand, '10,000 ready tasks');
// The notes above wait to be landed, and a claim would carry them: both ledgers begin with nothing waiting.
tenThousand.run('sync');
const claim = ['task', 'claim', '--lease', '1h'];
const costs = ratioOf(hundred.command(...claim), tenThousand.command(...claim), 16);
row('claim with 10,000 ready tasks against 100', costs.ratio, 1.3);
row('what `wrap` adds to a command', wrapCost(hundred, RUNS), 2);
row('MCP server ready for its first call', await mcpReady(tenThousand, 8), 4);
for (const { what, spawns, bound } of countSpawns(tenThousand))
  row(`git processes of ${what}`, spawns, bound, 'spawns');
// Nothing is claimed in it yet: of who holds a task every commit is of that task.
const idle = ledgerOf('idle');
manyReady(idle, 100);
const commits = commitCosts(idle);
row('a commit of no task, with hooks against without, median of 60 pairs', commits.untouched, 10, 'ms');
row('a commit that is linked to its task', commits.linked, 3);

for (const ledger of made) rmSync(ledger.folder, { recursive: true, force: true });
publish();
process.exit(rows.every(one => one.good) ? 0 : 1);

function publish(): void {
  const file = join(ROOT, 'docs', 'BENCHMARKS.md');
  const [begin, end] = ['<!-- bench:begin -->', '<!-- bench:end -->'];
  const text = readFileSync(file, 'utf8');
  const table = [
    begin,
    '',
    `Seen on ${machine()}, ${new Date().toISOString().slice(0, 10)}, by \`npm run bench\`. × is CPU against \`node -e 0\` in the same run.`,
    '',
    '| what | seen | promised | kept |',
    '|---|---|---|---|',
    ...rows.map(({ what, seen, bound, good }) => `| ${what} | ${seen} | ${bound} | ${good ? 'yes' : '**no**'} |`),
    '',
    end,
  ].join('\n');
  writeFileSync(file, text.slice(0, text.indexOf(begin)) + table + text.slice(text.indexOf(end) + end.length));
}
