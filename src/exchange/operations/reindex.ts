import * as z from 'zod/mini';
import { EXIT } from '../../kernel/errors.ts';
import { defineOperation } from '../../kernel/operation.ts';
import { premisesPort } from '../doctor/premises.ts';

export const reindexOperation = defineOperation({
  name: 'reindex',
  kind: 'act',
  toolset: 'ledger',
  summary: 'Make every derived file anew from the book, compare their counts with it, and say how long each took',
  input: () => z.strictObject({}),
  examples: [{ cli: 'ledgenter reindex', says: 'all indexes, from nothing' }],
  table: { rows: 'rebuilt', columns: ['view', 'count', 'book', 'ms'], none: 'nothing is derived here' },
  exit: answer => ((answer.differs as unknown[]).length > 0 ? EXIT.data : EXIT.ok),
  async act(context) {
    const premises = await context.use(premisesPort);
    const rebuilt = await premises.rebuild(context.progress);
    const differs = rebuilt.filter(({ count, book }) => book !== undefined && book !== count).map(({ view }) => view);
    return { rebuilt, differs, ms: rebuilt.reduce((sum, { ms }) => sum + ms, 0) };
  },
});
