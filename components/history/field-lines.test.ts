import { expect, it } from 'vitest';
import { z } from 'zod';
import { estateLists } from '@/lib/estate/estate-lists';
import { Estate } from '@/lib/estate/model';
import history from '@/lib/messages/en/history.json';

type JsonSchema = {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
};

it('every field of every object of the estate has a label', () => {
  const { properties = {} } = z.toJSONSchema(Estate, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const fields = estateLists.flatMap((list) => Object.keys(properties[list]?.items?.properties ?? {}));
  expect(fields.length).toBeGreaterThan(estateLists.length);
  const missing = [...new Set(fields)].filter((field) => !(field in history.field));
  expect(missing).toEqual([]);
});
