import * as z from 'zod/mini';
import { commandProblem } from '../../kernel/command.ts';
import { idOf, mark, text, word } from '../../kernel/fields.ts';
import { pathProblem, plainPath } from '../decisions/paths.ts';
import { CHANGE_KIND, MAX_LIST, type RecordedChange } from './record.ts';

export const taskId = () => idOf('task');
/** SHA-256 of what was looked at; found out where it is not given. */
export const lookedSha = () =>
  mark(z.string().check(z.regex(/^[0-9a-f]{64}$/, { error: 'is no SHA-256' })), {
    machine: true,
    form: 'found out by itself',
  });
export const priority = () => z.int().check(z.minimum(0), z.maximum(4));
export const labels = () => z.array(word()).check(z.maxLength(MAX_LIST));
export const criteria = () =>
  z.array(z.strictObject({ text: text(), check: z.optional(command()) })).check(z.maxLength(MAX_LIST));

/** Longest change of recorded work, in UTF-16 units. */
const MAX_CHANGE = 4_000;

/** Longest command of a check, in UTF-16 units. */
export const MAX_COMMAND = 2_000;

/** A command that runs without a shell. */
const command = () => z.string().check(z.maxLength(MAX_COMMAND), sound(commandProblem));

/** `c1=npm test` gives a criterion a check, `c1=` takes it away. */
export const checks = () => z.array(mark(written(), { form: 'c1=<command>' })).check(z.maxLength(MAX_LIST));

const written = () =>
  z.string().check(
    z.maxLength(MAX_COMMAND + 6),
    z.regex(/^c[1-9][0-9]{0,3}=/, { error: 'is not of the form c1=<command>' }),
    sound(value => {
      const { check } = readCheck(value);
      return check === undefined ? undefined : commandProblem(check);
    }),
  );

/** A check as {@link checks} writes it; `criterion` undefined when it has not that form. */
export function readCheck(value: string): { criterion?: string; check?: string } {
  const [, criterion, command] = /^(c[1-9][0-9]{0,3})=(.*)$/s.exec(value) ?? [];
  if (criterion === undefined) return {};
  const check = command?.trim();
  return { criterion, ...(check ? { check } : {}) };
}

/** `src/zone.ts:edit:what was changed`: a path in the repository, a word for what was done to it, and what. */
export const changes = () =>
  z.array(mark(changeText(), { form: 'path:kind:what' })).check(z.minLength(1), z.maxLength(MAX_LIST));

const changeText = () =>
  z.string().check(
    z.maxLength(MAX_CHANGE),
    z.refine(value => readChange(value) !== undefined, { error: "is not of the form 'path:kind:what was done'" }),
  );

/** A change as {@link changes} writes it; undefined when it has not that form. */
export function readChange(value: string): RecordedChange | undefined {
  const [, written = '', kind = '', what = ''] = /^([^:]+):([^:]+):(.*)$/s.exec(value.trim()) ?? [];
  const path = plainPath(written);
  const good = pathProblem(path) === undefined && CHANGE_KIND.test(kind.trim()) && what.trim() !== '';
  return good ? { path, kind: kind.trim(), what: what.trim() } : undefined;
}

const sound = (problem: (value: string) => string | undefined) =>
  z.refine<string>(value => problem(value) === undefined, { error: issue => problem(String(issue.input)) ?? '' });

export const criterionId = () =>
  mark(z.string().check(z.regex(/^c[1-9][0-9]{0,3}$/, { error: 'is no criterion (c1)' })), {
    machine: true,
    word: true,
  });

/** Web address; credentials in it are the redactor's business. */
export const webUrl = () =>
  z.string().check(z.regex(/^https?:\/\/\S+$/, { error: 'is no http address' }), z.maxLength(2_048));

/** Each once, sorted. */
export function once(names: readonly string[]): string[] {
  return [...new Set(names.map(name => name.trim()))].sort((a, b) => (a < b ? -1 : 1));
}
