import { spawn } from 'node:child_process';
import type { Ledger } from './ledgers.ts';
import { cpuOf } from './measure.ts';

const HELLO = [
  {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
  },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
  { jsonrpc: '2.0', id: 2, method: 'tools/list' },
]
  .map(message => `${JSON.stringify(message)}\n`)
  .join('');

/** Wall time from start to the list of tools, against the wall time of an empty Node. */
export async function mcpReady(ledger: Ledger, runs: number): Promise<number> {
  let ready = 0;
  for (let run = 0; run < runs; run++) ready += await once(ledger);
  const started = performance.now();
  cpuOf(ledger.node, runs - 1);
  return ready / (performance.now() - started);
}

function once(ledger: Ledger): Promise<number> {
  const { program, args, cwd, env } = ledger.command('mcp');
  const started = performance.now();
  const child = spawn(program, args, { cwd, env, stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.write(HELLO);
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('error', reject);
    child.stdout.on('data', chunk => {
      text += String(chunk);
      if (!/"id":2/.test(text)) return;
      const took = performance.now() - started;
      child.stdin.end();
      child.once('close', () => resolve(took));
    });
  });
}
