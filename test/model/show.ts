// One seed, step by step: `node --import=tsx test/model/show.ts 4711`
import { runSeed } from './run.ts';

const { failures, stats } = await runSeed({ seed: Number(process.argv[2]), log: line => console.log(line) });
console.log(JSON.stringify(stats));
for (const { invariant, message } of failures) console.log(`${invariant} breaks: ${message}`);
