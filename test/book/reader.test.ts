import fc from 'fast-check';
import t from 'tap';
import { ListedReader } from '../../src/book/reader.ts';
import { Overlay } from '../../src/kernel/view.ts';

const nothing = { read: async () => undefined, list: async () => [] };
const path = fc
  .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
  .map(parts => `${parts.join('/')}.json`);

t.test('listing first answers as reading does, and asks for nothing that is not there', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(path), fc.array(path), async (there, asked) => {
      const base = new Overlay(
        nothing,
        there.map(name => ({ path: name, text: name })),
      );
      let missed = 0;
      const counted = {
        list: (folder: string) => base.list(folder),
        async read(name: string) {
          const text = await base.read(name);
          if (text === undefined) missed++;
          return text;
        },
      };
      const listed = new ListedReader(counted);
      for (const name of [...asked, ...there]) if ((await listed.read(name)) !== (await base.read(name))) return false;
      return missed === 0;
    }),
  );
});
