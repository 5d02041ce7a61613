/** Canonical base64 (RFC 4648 §4, padded) → bytes; undefined for anything else. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    const binary = atob(text);
    if (btoa(binary) !== text) return undefined;
    return Uint8Array.from(binary, char => char.charCodeAt(0));
  } catch {
    return undefined; // not base64
  }
}

/** Bytes → canonical base64, padded. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
