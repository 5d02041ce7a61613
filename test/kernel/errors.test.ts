import t from 'tap';
import { ERRORS, type ErrorCode, EXIT, LedgerError } from '../../src/kernel/errors.ts';

const codes = Object.keys(ERRORS) as ErrorCode[];
const exits = new Set<number>(Object.values(EXIT));

t.test('every code has an exit code of the table, a hint, and says whether a retry can help', async t => {
  for (const code of codes) {
    const { exit, hint, retryable } = ERRORS[code];
    t.match(code, /^[A-Z]+(?:_[A-Z]+)*$/);
    t.ok(exits.has(exit) && exit > EXIT.no, code);
    t.ok(hint.length > 0 && hint.length <= 80 && !/[\r\n]/.test(hint), `${code}: ${hint}`);
    t.type(retryable, 'boolean');
  }
  t.equal(new Set(Object.values(EXIT)).size, Object.keys(EXIT).length, 'no two names for one exit code');
});

t.test('a lost race may be tried again, a refusal may not', async t => {
  for (const code of codes) {
    const { exit, retryable } = ERRORS[code];
    if (exit === EXIT.lost || exit === EXIT.unreachable) t.equal(retryable, true, code);
    if (([EXIT.usage, EXIT.data, EXIT.refused, EXIT.notFound] as number[]).includes(exit))
      t.equal(retryable, false, code);
  }
});

t.test('no hint destroys anything', async t => {
  const destructive =
    /--force|--hard|--mirror|--prune|\breset\b|\brm\b|\bdelete\b|\bdrop\b|\bclean\b|\bgc\b|-D\b|-f\b|\boverwrite\b|\bpurge\b/i;
  t.match('git push --force', destructive);
  for (const code of codes) t.notMatch(ERRORS[code].hint, destructive, code);
});

t.test('an error becomes the envelope that every surface prints', async t => {
  const plain = new LedgerError('CLAIM_LOST', 'al holds it');
  t.equal(plain.exit, 75);
  t.same(plain.toFailure(), {
    ok: false,
    error: { code: 'CLAIM_LOST', message: 'al holds it', hint: ERRORS.CLAIM_LOST.hint, retryable: true },
  });
  const told = new LedgerError('GATE', 'c1 is not met', {
    hint: 'ledgenter task check t-7k3q c1',
    details: { criterion: 'c1' },
  });
  t.same(told.toFailure().error, {
    code: 'GATE',
    message: 'c1 is not met',
    hint: 'ledgenter task check t-7k3q c1',
    retryable: false,
    details: { criterion: 'c1' },
  });
  t.type(plain, Error);
});
