import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { WriteCall } from '@/lib/estate/call';
import { formatCallLine } from './call-line';

const call = (params: WriteCall['params'], region: string | null = 'ap-jakarta'): WriteCall => ({
  service: 'clb',
  action: 'ModifyRule',
  region,
  params,
});
/** Runs a line in a shell in which tccli prints its words and its input. */
const run = (line: string) =>
  execFileSync('sh', ['-c', `tccli() { printf '%s\\n' "$*"; cat; }\n${line}`], { encoding: 'utf8' });

it('passes each value to tccli unchanged, with any characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const line = formatCallLine(call({ Url: text, Weights: [1, 2] })) ?? '';
      const [words, ...input] = run(line).split('\n');
      expect(words).toBe('clb ModifyRule --region ap-jakarta --cli-input-json file:///dev/stdin');
      expect(JSON.parse(input.join('\n'))).toEqual({ Url: text, Weights: [1, 2] });
    }),
    { numRuns: 30 },
  );
});

it('has no region if the product has none, and no line for an unknown id', () => {
  expect(formatCallLine(call({}, null))).not.toContain('--region');
  expect(formatCallLine(call({ Rules: [{ LocationId: { $id: 'rule-1' } }] }))).toBeNull();
});
