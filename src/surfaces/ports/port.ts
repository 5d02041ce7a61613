import { CommitReader } from '../../book/reader.ts';
import { LedgerError } from '../../kernel/errors.ts';
import type { Context, Port } from '../../kernel/operation.ts';
import type { OfficeOptions } from '../compose.ts';
import type { Seat } from '../seat.ts';

/** What a port is made from. */
export interface Maker {
  seat: Seat;
  context: Context;
  options: OfficeOptions;
  /** The commit of the book that the context's view reads. @throws LedgerError NO_LEDGER */
  tip(): string;
}

/** One thing that queries ask for by name, made when first asked for. */
export interface PortSource {
  name: string;
  make(maker: Maker): unknown | Promise<unknown>;
}

export function providePort<T>(port: Port<T>, make: (maker: Maker) => T | Promise<T>): PortSource {
  return { name: port.name, make };
}

/** @param seat throws where there is no repository; only ports that need it ask */
export function makerOf(seat: () => Seat, context: Context, options: OfficeOptions): Maker {
  return {
    get seat() {
      return seat();
    },
    context,
    options,
    tip: () => tipOf(context),
  };
}

function tipOf({ view: { reader } }: Context): string {
  if (reader instanceof CommitReader) return reader.commit;
  throw new LedgerError('NO_LEDGER', 'there is no ledger here yet');
}

/** A value of its own for every seat: views live as long as the process looks at one ledger. */
export function perSeat<T>(make: (seat: Seat) => T): (seat: Seat) => T {
  const made = new WeakMap<Seat, { value: T }>();
  return seat => {
    const known = made.get(seat) ?? { value: make(seat) };
    made.set(seat, known);
    return known.value;
  };
}
