import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ParamValue, WriteCall } from '@/lib/estate/call';
import { paramRows } from './call-parameters';

const call = (params: WriteCall['params'], region: string | null = 'ap-singapore'): WriteCall => ({
  service: 'clb',
  action: 'CreateRule',
  region,
  params,
});

it('prints short values on one line and marks unknown ids', () => {
  const rows = paramRows(
    call({ LocationId: { $id: 'LocationId' }, Targets: [{ InstanceId: 'ins-1', Port: 80 }] }),
  );
  expect(rows).toEqual([
    { name: 'Region', tokens: [{ kind: 'text', text: '"ap-singapore"' }] },
    { name: 'LocationId', tokens: [{ kind: 'id', name: 'LocationId' }] },
    { name: 'Targets', tokens: [{ kind: 'text', text: '[ { "InstanceId": "ins-1", "Port": 80 } ]' }] },
  ]);
});

it('has no region if the service takes none', () => {
  expect(paramRows(call({ Domain: 'example.co.id' }, null)).map((row) => row.name)).toEqual(['Domain']);
});

it('prints every value so that it parses back from JSON unchanged', () => {
  const { value } = fc.letrec<{ value: ParamValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.string({ minLength: 1 }).filter((key) => key !== '$id' && key !== '__proto__'),
        tie('value'),
        { maxKeys: 4, noNullPrototype: true },
      ),
    ),
  }));
  fc.assert(
    fc.property(value, (given) => {
      const [row] = paramRows(call({ Value: given }, null));
      const text = row?.tokens.map((token) => (token.kind === 'text' ? token.text : '')).join('');
      expect(JSON.parse(text ?? '')).toEqual(given);
    }),
  );
});
