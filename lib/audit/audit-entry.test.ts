import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  AuditContent,
  auditOperations,
  exportNames,
  listFieldNames,
  listResultObjects,
  writeAuditContent,
} from './audit-entry';

const content: AuditContent = {
  format: 1,
  actor: 'sari@example.com',
  account: null,
  role: 'operator',
  via: 'session',
  credential: 's1',
  address: '127.0.0.1',
  request: 'r1',
  operation: 'plan.apply',
  outcome: 'done',
  begun: 7,
  objects: [{ kind: 'plan', id: 'P-0001' }],
  plans: [{ id: 'P-0001', hash: 'ab' }],
  fields: ['planId'],
  facts: { role: 'viewer' },
  refusal: null,
  code: null,
  durationMs: 3,
};

it('writes an entry that reads as it was, on one line, in one order of its fields', () => {
  const text = writeAuditContent(content);
  expect(AuditContent.parse(JSON.parse(text))).toEqual(content);
  expect(text).not.toContain('\n');
  const reversed = Object.fromEntries(Object.entries(content).reverse());
  expect(writeAuditContent(AuditContent.parse(reversed))).toBe(text);
});

it('limits what input can add, and stores any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.nat({ max: 2000 }), (text, count) => {
      const many = Array.from({ length: count }, () => text.repeat(10));
      const written = writeAuditContent({
        ...content,
        actor: text,
        objects: many.map((id) => ({ kind: 'plan', id })),
        fields: many,
        refusal: many,
        facts: { [text]: text, nul: '\0', half: '\ud800' },
      });
      expect(written.length).toBeLessThan(100_000);
      expect(written).not.toMatch(/\\u0000|\\ud[89a-f]/);
      AuditContent.parse(JSON.parse(written));
    }),
    { numRuns: 30 },
  );
});

it('takes ids from a result, and nothing else', () => {
  expect(listResultObjects({ planId: 'P-0001', runId: null, token: 'secret', cookies: ['secret'] })).toEqual([
    { kind: 'plan', id: 'P-0001' },
  ]);
  for (const value of [null, undefined, 'P-0001', 7, ['P-0001']])
    expect(listResultObjects(value)).toEqual([]);
});

it('takes the names of fields, not their values', () => {
  expect(listFieldNames({ email: 'a@b.c', password: 'secret' })).toEqual(['email', 'password']);
  for (const value of [null, 'secret', 7, ['secret']]) expect(listFieldNames(value)).toEqual([]);
});

it('names each operation once, and exports that exist', () => {
  expect(new Set(auditOperations).size).toBe(auditOperations.length);
  for (const name of exportNames) expect(auditOperations).toContain(name);
});
