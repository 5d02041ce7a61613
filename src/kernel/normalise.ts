/** Unicode NFC and line feeds alone: what looks the same is the same, whatever keyboard or system it came from. */
export function normaliseText(text: string): string {
  return text.normalize('NFC').replace(/\r\n?/g, '\n');
}

/** As {@link normaliseText}, without white space at the end: titles and other short texts. */
export function normaliseTitle(text: string): string {
  return normaliseText(text).trimEnd();
}
