import * as z from 'zod/mini';
import { idOf, mark } from '../../kernel/fields.ts';
import { pathProblem, plainPath } from './paths.ts';

export const decisionId = () => idOf('decision');

/** A path or pattern inside a repository. */
export const scopePath = () =>
  mark(
    z.pipe(
      z.string(),
      z.transform((value: string, ctx) => {
        const path = plainPath(value);
        const problem = pathProblem(path);
        if (problem !== undefined) ctx.issues.push({ code: 'custom', message: problem, input: value });
        return path;
      }),
    ),
    { word: true },
  );
