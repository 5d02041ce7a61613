import type { InputField } from './inputs.ts';

/** What to give a field, in a few words: its own description, else what its type says. */
export function describeField(field: InputField): string {
  const parts = [field.description ?? typeWords(field)];
  if (field.many) parts.push(field.commas ? 'several with commas' : 'repeat it for several');
  if (field.nullable) parts.push('empty to clear');
  return parts.filter(part => part !== '').join('; ');
}

function typeWords(field: InputField): string {
  if (field.id) return `id of a ${field.id.replace(/_/g, ' ')}, or its first characters`;
  if (field.actor) return 'an actor, or me';
  if (field.kind === 'json') return field.textProperty ? `a ${field.textProperty}, or JSON` : 'JSON';
  if (field.form) return field.form;
  if (field.long) return 'a text, or - for stdin';
  if (field.choices || field.kind === 'boolean') return '';
  return field.kind === 'string' ? field.name.replace(/_/g, ' ') : 'a number';
}

/** The word that stands for the value: `--task-id <id>`. */
export function valueWord(field: InputField): string {
  if (field.id) return 'id';
  if (field.actor) return 'actor';
  if (field.choices) return field.choices.join('|');
  if (field.kind === 'boolean') return 'yes or no';
  return field.kind === 'string' ? 'text' : field.kind;
}
