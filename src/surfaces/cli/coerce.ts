import { LedgerError } from '../../kernel/errors.ts';
import type { InputField } from '../inputs.ts';

/**
 * What was typed for a field → the value its schema takes. Only the JSON type is seen to here; the schema judges.
 * @throws LedgerError USAGE when a single value is given twice; BAD_INPUT naming the field and what is wrong.
 */
export function coerce(field: InputField, raw: unknown, help: string): unknown {
  if (field.many) {
    const items = (Array.isArray(raw) ? raw : [raw]).flatMap(item => splitItems(field, item));
    return items.flatMap(item => {
      const value = one(field, item, help);
      return field.kind === 'json' && Array.isArray(value) ? value.map(each => worded(field, each)) : [value];
    });
  }
  if (Array.isArray(raw)) throw new LedgerError('USAGE', `--${field.flag} is given twice`, { hint: help });
  return one(field, raw, help);
}

/** Within JSON too a text stands for the object that has it. */
const worded = ({ textProperty }: InputField, item: unknown): unknown =>
  textProperty !== undefined && typeof item === 'string' ? { [textProperty]: item } : item;

function splitItems(field: InputField, item: unknown): unknown[] {
  if (!field.commas || typeof item !== 'string') return [item];
  return item
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
}

function one(field: InputField, raw: unknown, help: string): unknown {
  if (field.kind === 'boolean') {
    if (typeof raw === 'boolean') return raw;
    if (raw === 'true' || raw === 'yes') return true;
    if (raw === 'false' || raw === 'no') return false;
    throw wrong(field, 'is neither true nor false', help);
  }
  // yargs-parser sets any flag to false after --no-
  if (typeof raw !== 'string') throw new LedgerError('USAGE', `--${field.flag} needs a value`, { hint: help });
  if (raw === '' && field.nullable) return null;
  if (field.kind === 'integer' || field.kind === 'number') return numberOf(field, raw, help);
  if (field.kind === 'json') return jsonOf(field, raw, help);
  if (field.choices && !field.choices.includes(raw))
    throw wrong(field, `is not one of ${field.choices.join(', ')}`, help);
  return raw;
}

function numberOf(field: InputField, raw: string, help: string): number {
  const value = Number(raw);
  const good = /^[-+]?[0-9.]+([eE][-+]?\d+)?$/.test(raw.trim()) && Number.isFinite(value);
  if (!good) throw wrong(field, `is no number: ${JSON.stringify(raw.slice(0, 40))}`, help);
  if (field.kind === 'integer' && !Number.isSafeInteger(value)) throw wrong(field, `is no whole number: ${raw}`, help);
  return value;
}

function jsonOf(field: InputField, raw: string, help: string): unknown {
  const looksLikeJson = /^\s*[[{]/.test(raw);
  if (!looksLikeJson && field.textProperty) return { [field.textProperty]: raw };
  try {
    return JSON.parse(raw);
  } catch {
    if (looksLikeJson || field.many) throw wrong(field, 'is no JSON', help);
    return raw;
  }
}

function wrong(field: InputField, what: string, help: string): LedgerError {
  return new LedgerError('BAD_INPUT', `${field.name} (--${field.flag}) ${what}`, { hint: help });
}
