import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParamValue } from '@/lib/estate/call';
import type { Step } from '@/lib/plan/model/model';
import { anyText } from '@/testing/plan/export/test-plans';
import { Made, shellWord } from './made';
import { requestBody } from './step-program';
import { writeProgram } from './write-program';

const nothing = new Made([]);
const maker = {
  kind: 'write',
  yields: { LoadBalancerId: '@sale', Address: '@sale.address' },
} as never as Step;

const name = fc.stringMatching(/^[A-Z][A-Za-z]{0,8}$/);
const { value: anyParam } = fc.letrec<{ value: ParamValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    anyText,
    fc.integer(),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const anyParams = fc.dictionary(name, anyParam, { minKeys: 2, maxKeys: 20, noNullPrototype: true });

/** Returns a here-document body as bash produces it, with the ids filled in. */
function filled(body: ReturnType<typeof requestBody>, ids: Readonly<Record<string, string>>): unknown {
  const rows = Object.entries(ids).map(([key, id]) => `${key}\t${id}`);
  const program = `${writeProgram}
    refuse() { echo "$*" >&2; exit 2; }
    ids=$IDS request=$(cat <<'JSON'\n${body.text}\nJSON\n)
    fill "$@"
    printf %s "$filled"`;
  const text = execFileSync(
    'bash',
    ['-euo', 'pipefail', '-c', program, 'test', ...body.lacks.map((word) => word.join(''))],
    {
      encoding: 'utf8',
      env: { ...process.env, IDS: rows.join('\n') },
    },
  );
  return JSON.parse(text);
}

describe('requestBody', () => {
  it('property: tccli receives exactly the values of the plan, with any content', () => {
    fc.assert(
      fc.property(anyParams, (params) => {
        const body = requestBody({ service: 'clb', params }, nothing);
        expect(body.lacks).toEqual([]);
        expect(filled(body, {})).toEqual(params);
      }),
      { numRuns: 25 },
    );
  });

  it('property: inserts ids only at their places', () => {
    fc.assert(
      fc.property(anyParams, (params) => {
        const place = { $id: 'LocationId' };
        const body = requestBody(
          { service: 'clb', params: { ...params, LocationId: place, Ids: [place] } },
          nothing,
        );
        expect(body.lacks).toEqual([['LocationId']]);
        expect(filled(body, { LocationId: 'loc-1', Other: 'x' })).toEqual({
          ...params,
          LocationId: 'loc-1',
          Ids: ['loc-1'],
        });
      }),
      { numRuns: 25 },
    );
  });

  it('reads ids of created objects from a variable of the script', () => {
    const made = new Made([maker]);
    const params = { LoadBalancerId: '@sale', Value: 'to @sale', Ids: [{ $id: 'CNAME @sale.address' }] };
    const body = requestBody({ service: 'clb', params }, made);
    expect(body.lacks.map(shellWord)).toEqual([`'='"$made_1"`, `'CNAME '"$made_2"`]);
    expect(JSON.parse(body.text)).toEqual({ LoadBalancerId: '{{1}}', Value: 'to @sale', Ids: ['{{2}}'] });
  });

  it('writes record ids as numbers', () => {
    const body = requestBody({ service: 'dnspod', params: { RecordId: { $id: 'A 203.0.113.1' } } }, nothing);
    expect(filled(body, { 'A 203.0.113.10': '7', 'A 203.0.113.1': '12' })).toEqual({ RecordId: 12 });
  });

  it.each(['', 'loc 1', '"; rm'])('rejects an id such as %j', (id) => {
    const body = requestBody({ service: 'clb', params: { LocationId: { $id: 'LocationId' } } }, nothing);
    expect(() => filled(body, { LocationId: id })).toThrow('the id of LocationId is not known');
  });
});
