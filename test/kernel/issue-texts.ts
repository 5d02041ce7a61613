/** Every free text of a JSONL file of issues: titles, bodies, notes, comments, labels, references. */
export function* textsOf(jsonl: string): Generator<{ where: string; text: string }> {
  for (const line of jsonl.split('\n')) {
    if (line.trim() === '') continue;
    const issue = JSON.parse(line) as { id: string; [key: string]: unknown };
    yield* strings(issue, issue.id);
  }
}

const NOT_FREE = /(?:^|\.)(?:id|issue_id|depends_on_id|[a-z]+_at|status|issue_type|type)$/;

function* strings(value: unknown, where: string): Generator<{ where: string; text: string }> {
  if (typeof value === 'string') {
    if (value !== '' && !NOT_FREE.test(where)) yield { where, text: value };
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) yield* strings(item, `${where}.${key}`);
  }
}
