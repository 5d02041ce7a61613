import type { View } from '../../../kernel/view.ts';
import type { Task } from '../../tasks/record.ts';

/** One thing that a changelog tells of each finished task. A part is added by its file and one line in `index.ts`. */
export interface Part<D = unknown> {
  /** Its field in the JSON. */
  key: string;
  /** What is told, cut to size; undefined: nothing. The state is the one that was released. */
  read(view: View, id: string, task: Task): Promise<D | undefined> | D | undefined;
  /** The same as lines of a Markdown list, each without its dash. */
  lines(data: D): string[];
}

export function definePart<D>(part: Part<D>): Part {
  return part as unknown as Part;
}

/** Items of one part, and characters of one text, that a changelog tells. */
export const MAX_ITEMS = 20;
export const MAX_TEXT = 600;
