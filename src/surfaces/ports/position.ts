import { isEntry } from '../../book/entry.ts';
import { seenTip } from '../../exchange/fetch.ts';
import { positionPort } from '../../rooms/runs/ports.ts';
import { providePort } from './port.ts';

export const positionSource = providePort(positionPort, ({ seat, tip }) => ({
  async settled() {
    const clone = await seat.clone();
    const oid = clone.self ? tip() : await seenTip(clone);
    if (oid === null) return undefined;
    const { entry } = await clone.book.entryAt(oid);
    return isEntry(entry) ? entry.id : undefined;
  },
}));
