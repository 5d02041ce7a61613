import * as z from 'zod/mini';
import { hasLoneSurrogate } from '../../kernel/canonical.ts';
import { commandProblem } from '../../kernel/command.ts';
import { idOf, mark } from '../../kernel/fields.ts';
import { pathProblem, plainPath } from '../decisions/paths.ts';
import { MAX_COMMAND } from '../tasks/fields.ts';
import { MAX_LOG_PATHS } from './record.ts';

export const todoId = () =>
  mark(z.string().check(z.regex(/^todo-[1-9][0-9]{0,3}$/, { error: 'is no todo (todo-1)' })), {
    machine: true,
    word: true,
  });

/** SHA-256 of the words of the todo that is meant; found out where it is not given. */
export const askedSha = () =>
  mark(z.string().check(z.regex(/^[0-9a-f]{64}$/, { error: 'is no SHA-256' })), {
    machine: true,
    form: 'found out by itself',
  });

export const logId = () => idOf('work_log');

/** A command that runs without a shell. */
export const command = () =>
  z.string().check(
    z.maxLength(MAX_COMMAND),
    z.refine<string>(value => commandProblem(value) === undefined, {
      error: issue => commandProblem(String(issue.input)) ?? '',
    }),
  );

/** Paths of files that somebody names, from the top of the repository. */
export const namedPaths = () =>
  z
    .array(
      mark(
        z.pipe(
          z.string(),
          z.transform((value: string, ctx) => {
            const path = plainPath(value);
            const problem = hasLoneSurrogate(path) ? 'has half a surrogate pair' : pathProblem(path);
            if (problem !== undefined) ctx.issues.push({ code: 'custom', message: problem, input: value });
            return path;
          }),
        ),
        { inRepo: true, word: true },
      ),
    )
    .check(z.minLength(1), z.maxLength(MAX_LOG_PATHS));
