/** What a title may cost here, in ASCII characters: a handful of them is to stay below 400 tokens with all around it. */
const BUDGET = 42;
/** What digits and characters beyond ASCII cost: tokenizers join few of them. */
const DIGIT = 2;
const BEYOND = 4;

/** A title cut to what every answer can afford, between characters. */
export function short(title: string): string {
  let spent = 0;
  let kept = '';
  for (const char of title) {
    spent += /[0-9]/.test(char) ? DIGIT : char.codePointAt(0)! < 128 ? 1 : BEYOND;
    if (spent > BUDGET) return `${kept.trimEnd()}…`;
    kept += char;
  }
  return title;
}
