/** Every free text of a JSONL file of issues: titles, bodies, notes, comments, labels, references. */
export function* textsOf(jsonl: string): Generator<{ where: string; text: string }> {
  for (const line of jsonl.split('\n')) {
    if (line.trim() === '') continue;
    const issue = JSON.parse(line) as { id: string; [key: string]: unknown };
    yield* strings(issue, issue.id);
  }
}

/** What people wrote, as against names, states and ids. */
const FREE =
  /\.(?:title|description|design|acceptance_criteria|notes|close_reason|delete_reason|external_ref|text|labels\.\d+)$/;

function* strings(value: unknown, where: string): Generator<{ where: string; text: string }> {
  if (typeof value === 'string') {
    if (value !== '' && FREE.test(where)) yield { where, text: value };
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) yield* strings(item, `${where}.${key}`);
  }
}
