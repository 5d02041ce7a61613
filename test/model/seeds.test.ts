import t from 'tap';
import { runMany } from './many.ts';

/** `LEDGENTER_MODEL_SEEDS=20000 LEDGENTER_MODEL_FROM=5000 npx tap run test/model/seeds.test.ts` runs others, and more. */
const SEEDS = Number(process.env.LEDGENTER_MODEL_SEEDS ?? 2_000);
const FROM = Number(process.env.LEDGENTER_MODEL_FROM ?? 1);

t.test(`I1–I7 hold on ${SEEDS} seeds from ${FROM}`, async t => {
  const { failures, stats } = await runMany({ from: FROM, seeds: SEEDS });
  t.same(failures, {}, 'no invariant breaks');
  const rare = ['unparked', 'confirmed', 'moved'];
  for (const [what, n] of Object.entries(stats)) {
    // An idle model proves nothing: the common things happen, and with 1,000 seeds the rare ones too.
    if (SEEDS >= 1_000 || !rare.includes(what)) t.ok(n > 0, `${what}: ${n}`);
  }
  t.comment(JSON.stringify(stats));
});
