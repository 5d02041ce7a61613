/**
 * The value that `make` gives, made at the first call and kept. Schemas are made so: a command that reads meets none of
 * the records' schemas, and making all of them costs 3 ms of CPU.
 */
export function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
