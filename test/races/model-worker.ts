import { runMany } from '../model/many.ts';

/** One range of seeds in a process of its own: `[from, seeds]` in, a tally out. */
process.on('message', ([from, seeds]: [number, number]) => {
  runMany({ from, seeds }).then(
    tally => process.send?.(tally),
    error => {
      process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
      process.exit(70);
    },
  );
});
