export const LOWER = 'abcdefghijklmnopqrstuvwxyz';
export const UPPER = LOWER.toUpperCase();
export const DIGITS = '0123456789';
export const HEX = '0123456789abcdef';
export const ALNUM = LOWER + UPPER + DIGITS;
export const BASE64 = `${ALNUM}+/`;
export const URLSAFE = `${ALNUM}-_`;

/** A linear congruential generator (constants of Numerical Recipes): enough to look random, the same everywhere. */
export class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }
  text(alphabet: string, length: number): string {
    let out = '';
    while (out.length < length) out += alphabet[this.below(alphabet.length)];
    return out;
  }
  uuid(): string {
    return [8, 4, 4, 4, 12].map(length => this.text(HEX, length)).join('-');
  }
}
