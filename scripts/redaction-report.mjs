// Prints what the redactor touches in a JSONL file of issues: rule and excerpt, one line each, and the share of texts.
// Usage: node --import=tsx scripts/redaction-report.mjs <issues.jsonl>
import { readFileSync } from 'node:fs';
import { redactText } from '../src/kernel/redact.ts';
import { textsOf } from '../test/kernel/issue-texts.ts';

const [file] = process.argv.slice(2);
if (!file) {
  console.error('usage: node --import=tsx scripts/redaction-report.mjs <issues.jsonl>');
  process.exit(64);
}
let all = 0;
let touched = 0;
for (const { where, text } of textsOf(readFileSync(file, 'utf8'))) {
  all++;
  const { text: out, count } = redactText(text);
  if (count === 0) continue;
  touched++;
  for (const match of out.matchAll(/\[(?:home|repo|redacted:[a-z0-9-]+)\]/g)) {
    const near = out.slice(Math.max(0, match.index - 50), match.index + match[0].length + 40);
    console.log(`${where}\t${match[0]}\t${near.replace(/\s+/g, ' ')}`);
  }
}
console.log(`${touched} of ${all} texts touched (${((100 * touched) / Math.max(1, all)).toFixed(2)} %)`);
