import { sha1 } from '@noble/hashes/legacy.js';
import { fromBase64 } from './base64.ts';
import { keyPacketProblem } from './openpgpkey.ts';

/** Longest armored public key, in characters: RSA 4096 with a subkey and one user id, exported minimally, has 3,200. */
export const MAX_ARMORED = 10_000;

const PUBLIC_KEY = 6;
const SUBKEY = 14;
const SECRET_KEYS = new Set([5, 7]);
/** Signature, public key and subkey, user id, user attribute: what a public key is made of (RFC 9580 §10.1). */
const PARTS = new Set([2, PUBLIC_KEY, 13, SUBKEY, 17]);

/** An armored OpenPGP block of the named type → its bytes (RFC 9580 §6.2; the checksum is left to gpg); undefined for anything else. */
export function dearmor(type: string, text: string): Uint8Array | undefined {
  const lines = text.trim().split(/\r?\n/);
  if (lines[0] !== `-----BEGIN PGP ${type}-----` || lines.at(-1) !== `-----END PGP ${type}-----`) return undefined;
  const blank = lines.indexOf('');
  if (blank < 0) return undefined;
  const body = lines.slice(blank + 1, -1).filter(line => !/^=[A-Za-z0-9+/]{4}$/.test(line));
  return fromBase64(body.map(line => line.trim()).join(''));
}

interface Packet {
  tag: number;
  body: Uint8Array;
}

/** Packets (RFC 9580 §4.2) of whole length; undefined when the bytes are none. */
export function packetsOf(bytes: Uint8Array): Packet[] | undefined {
  const out: Packet[] = [];
  let at = 0;
  const number = (size: number): number => {
    let value = 0;
    for (let end = at + size; at < end; at++) value = value * 256 + (bytes[at] ?? Number.NaN);
    return value;
  };
  while (at < bytes.length) {
    const head = bytes[at++]!;
    if ((head & 0x80) === 0) return undefined;
    let length: number;
    if (head & 0x40) {
      const first = number(1);
      if (first >= 224 && first < 255) return undefined; // partial lengths are not for keys
      length = first < 192 ? first : first < 224 ? (first - 192) * 256 + number(1) + 192 : number(4);
    } else {
      if ((head & 3) === 3) return undefined;
      length = number([1, 2, 4][head & 3]!);
    }
    if (!(at + length <= bytes.length)) return undefined;
    out.push({ tag: head & 0x40 ? head & 0x3f : (head >> 2) & 0x0f, body: bytes.subarray(at, at + length) });
    at += length;
  }
  return out;
}

/**
 * An armored public key with its fingerprint (version 4: SHA-1 over the primary key, RFC 9580 §5.5.4, as git and gpg name
 * it); what is wrong with it where it is none, or one that proves nothing.
 */
export function parseGpgKey(text: string): { key: string; fingerprint: string } | string {
  if (text.length > MAX_ARMORED)
    return `is longer than ${MAX_ARMORED} characters: gpg --armor --export-options export-minimal --export <key>`;
  const bytes = dearmor('PUBLIC KEY BLOCK', text);
  const packets = bytes && packetsOf(bytes);
  if (!packets) return 'is no armored OpenPGP public key';
  if (packets.some(({ tag }) => SECRET_KEYS.has(tag))) return 'holds a private key: export the public one';
  const [primary, ...rest] = packets;
  if (primary?.tag !== PUBLIC_KEY || rest.some(({ tag }) => tag === PUBLIC_KEY)) return 'is not one OpenPGP public key';
  if (packets.some(({ tag }) => !PARTS.has(tag))) return 'holds what is no part of a public key';
  const { body } = primary;
  for (const { tag, body } of packets) {
    const problem = tag === PUBLIC_KEY || tag === SUBKEY ? keyPacketProblem(body, tag === PUBLIC_KEY) : undefined;
    if (problem !== undefined) return tag === SUBKEY ? `has a subkey that ${problem}` : problem;
  }
  const head = Uint8Array.of(0x99, body.length >> 8, body.length & 0xff);
  const digest = sha1(Uint8Array.from([...head, ...body]));
  const fingerprint = Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('');
  return { key: `${text.trim().replace(/\r\n/g, '\n')}\n`, fingerprint: fingerprint.toUpperCase() };
}
