import t from 'tap';
import * as z from 'zod/mini';
import { idOf, key, time } from '../../src/kernel/fields.ts';
import { inputFields } from '../../src/surfaces/inputs.ts';
import { inputSchema } from '../../src/surfaces/mcp/schema.ts';
import { SAMPLE } from './sample.ts';

const withInput = (shape: Record<string, z.ZodMiniType>) => ({
  ...SAMPLE[0]!,
  input: () => z.strictObject(shape) as never,
});
const field = (schema: z.ZodMiniType) => inputFields(withInput({ a_b: schema }))[0]!;

t.test('what a field takes is read from its schema, through every wrapper', async t => {
  t.match(field(z.string()), { name: 'a_b', flag: 'a-b', kind: 'string', required: true, many: false, free: true });
  t.match(field(z.optional(z.int())), { kind: 'integer', required: false });
  t.match(field(z._default(z.number(), 2)), { kind: 'number', required: false });
  t.match(field(z.nullable(z.boolean())), { kind: 'boolean', required: true, nullable: true });
  t.match(field(z.union([z.string(), z.null()])), { kind: 'string', nullable: true });
  t.match(field(z.union([z.string(), z.number()])), { kind: 'json' });
  t.match(field(z.enum(['x', 'y'])), { kind: 'string', choices: ['x', 'y'], free: false });
  t.match(field(z.literal('x')), { choices: ['x'] });
  t.match(field(z.optional(z.array(idOf('task')))), { kind: 'string', many: true, commas: true, id: 'task' });
  t.match(field(z.array(z.string())), { many: true, commas: false });
  t.match(field(key()), { kind: 'string' });
  t.match(field(z.record(z.string(), z.string())), { kind: 'json' });
  t.match(field(z.array(z.strictObject({ text: z.string(), n: z.optional(z.int()) }))), {
    many: true,
    textProperty: 'text',
  });
  t.match(field(z.array(z.strictObject({ a: z.string(), b: z.string() }))), { many: true, kind: 'json' });
  t.notOk(field(z.array(z.strictObject({ a: z.string(), b: z.string() }))).textProperty);
});

t.test('the schema of a tool is the input and nothing else', async t => {
  t.same(
    inputSchema(
      withInput({
        id: idOf('task'),
        at: z.optional(time()),
        n: z.optional(z.int()),
        kind: z.optional(z.enum(['a', 'b'])),
        none: z.optional(z.nullable(z.string())),
        default: z.optional(z.string()),
        items: z.optional(z.array(z.strictObject({ text: z.string() }))),
        map: z.optional(z.record(z.string(), z.number())),
      }),
    ),
    {
      type: 'object',
      properties: {
        id: { type: 'string' },
        at: { type: 'string' },
        n: { type: 'integer' },
        kind: { enum: ['a', 'b'] },
        none: { type: ['string', 'null'] },
        default: { type: 'string' },
        items: {
          type: 'array',
          items: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
        },
        map: { type: 'object', propertyNames: { type: 'string' }, additionalProperties: { type: 'number' } },
      },
      required: ['id'],
    },
  );
});
