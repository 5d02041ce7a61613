/** Reads the binary form of SSH (RFC 4251 §5). Whatever is not as it must be throws RangeError: callers catch it. */
export class Wire {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  take(length: number): Buffer {
    const end = this.#at + length;
    if (!(end <= this.#bytes.length)) throw new RangeError('cut short');
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  uint32(): number {
    return this.take(4).readUInt32BE(0);
  }

  string(): Buffer {
    return this.take(this.uint32());
  }

  text(): string {
    return this.string().toString('latin1');
  }

  /** A positive integer, without the zero that only keeps it positive. */
  mpint(): Buffer {
    const bytes = this.string();
    if (bytes.length === 0 || (bytes[0]! & 0x80) !== 0) throw new RangeError('no positive number');
    if (bytes[0] !== 0) return bytes;
    if (bytes.length === 1 || (bytes[1]! & 0x80) === 0) throw new RangeError('a number with needless zeros');
    return bytes.subarray(1);
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw new RangeError('something follows');
  }
}

/** A string as the binary form has it. */
export function wireString(bytes: Buffer | string): Buffer {
  const body = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}
