// The generated parts of docs/SPEC.md: tables of what the code enforces.

const cell = text => String(text).replace(/\|/g, '\\|').replace(/\n/g, ' ');
const table = (head, rows) =>
  [
    `| ${head.join(' | ')} |`,
    `|${head.map(() => '---').join('|')}|`,
    ...rows.map(row => `| ${row.map(cell).join(' | ')} |`),
  ].join('\n');

/** The same of docs/DOCTOR.md. */
export async function doctorParts(from) {
  const { FINDINGS } = await from('exchange/doctor/findings.ts');
  return {
    findings: table(
      ['code', 'level', 'what it says', '`repair` mends it'],
      Object.entries(FINDINGS).map(([code, { level, says, repair }]) => [
        `\`${code}\``,
        level,
        says,
        repair ? 'yes' : '',
      ]),
    ),
  };
}

/** Name of each mark in docs/SPEC.md → its Markdown. `from` imports a module of src/. */
export async function specParts(from) {
  const { LAWS, RECORDS } = await from('rooms/index.ts');
  const { TABLE } = await from('rooms/tasks/table.ts');
  const { REF_LAWS } = await from('exchange/gate/laws.ts');
  const { RULES } = await from('kernel/redact/table.ts');
  const { EXAMPLES } = await from('kernel/intake-examples.ts');
  const { REFERENCE_NAMES } = await from('rooms/references.ts');
  const { ERRORS } = await from('kernel/errors.ts');
  return {
    records: table(
      ['record', 'id', 'file', 'changes'],
      RECORDS.map(def => [
        def.kind,
        def.letter ? `\`${def.letter}-…\`` : 'key',
        `\`${placeOf(def)}\``,
        def.appendOnly ? 'never' : def.holdable ? 'while held, by its holder' : 'by its laws',
      ]),
    ),
    status: table(
      ['from \\ to', ...Object.keys(TABLE)],
      Object.entries(TABLE).map(([status, row]) => [`**${status}**`, ...Object.values(row).map(ruleText)]),
    ),
    laws: table(
      ['law', 'says', 'enforced by'],
      LAWS.map(({ id, says, enforcedBy }) => [`\`${id}\``, says, `\`${enforcedBy}\``]),
    ),
    'ref-laws': table(
      ['law', 'says'],
      Object.entries(REF_LAWS).map(([id, says]) => [`\`${id}\``, says]),
    ),
    redaction: table(
      ['rule', 'what', 'source'],
      RULES.map(rule => [`\`${rule.name}\``, rule.what, rule.source]),
    ),
    intake: table(
      ['written', 'canonical'],
      EXAMPLES.map(({ written, ref }) => [written.map(text => `\`${text}\``).join(' · '), `\`${ref}\``]),
    ),
    references: table(
      ['field', 'names'],
      Object.entries(REFERENCE_NAMES).map(([field, names]) => [`\`${field}\``, names]),
    ),
    errors: table(
      ['code', 'exit', 'retry', 'next'],
      Object.entries(ERRORS).map(([code, { exit, retryable, hint }]) => [
        `\`${code}\``,
        exit,
        retryable ? 'yes' : '',
        `\`${hint}\``,
      ]),
    ),
  };
}

function ruleText(rule) {
  if (rule === 'never') return '–';
  return rule.length === 0 ? 'free' : rule.map(need => need.replace(/_/g, ' ')).join(', ');
}

function placeOf(def) {
  if (def.room === '') return 'ledger.json';
  const file = def.file ? `<id>/${def.file}` : '<id>.json';
  if (def.owner) return `${placeOf(def.owner).replace(/[^/]*$/, '')}${def.room}/${file}`;
  return def.letter ? `${def.room}/<a>/<b>/${file}` : `${def.room}/${file.replace('<id>', '<key>')}`;
}
