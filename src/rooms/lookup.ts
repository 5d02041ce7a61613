import type { RecordDef } from '../kernel/record.ts';
import type { View } from '../kernel/view.ts';

/** `view.get` for an id that nobody checked: what is no id of the kind is simply not there. */
export async function find<R>(view: View, def: RecordDef<R>, id: string, parent?: string): Promise<R | undefined> {
  let path: string;
  try {
    path = def.path(id, parent);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  const text = await view.reader.read(path);
  return text === undefined ? undefined : (JSON.parse(text) as R);
}
