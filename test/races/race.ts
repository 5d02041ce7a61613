/** What a race showed: figures for people, faults that must not be. */
export interface Outcome {
  figures: Record<string, number>;
  faults: string[];
}

/** A race at full size; `dir` is an empty folder of its own. */
export interface Race {
  name: string;
  run(dir: string): Promise<Outcome>;
}

/** `count` results of work started at the same moment. */
export function together<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => work(index)));
}

/** Runs `work` for each item, at most `width` at a time: setting a stage up is no race. */
export async function inTurn<T>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) await work(items[index]!, index);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** The sum, the mean and the greatest of some counts. */
export function spread(counts: readonly number[]): { total: number; mean: number; most: number } {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return { total, mean: counts.length === 0 ? 0 : total / counts.length, most: Math.max(0, ...counts) };
}

export function names(count: number, prefix: string): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}
