import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usesFunction } from './called-version';
import { describeFailure, judgeAnswer, type TestInvocationVerdict } from './test-invocation';

const error = (statusCode: number) =>
  JSON.stringify({ errorCode: 1, errorMessage: 'no such thing', statusCode });
const broken = (...faults: Extract<TestInvocationVerdict, { kind: 'broken' }>['faults']) => ({
  kind: 'broken',
  faults,
});

describe('judgeAnswer', () => {
  it.each<[returned: string, verdict: object]>([
    ['{"statusCode":200,"body":"Hello"}', { kind: 'kept', statusCode: 200 }],
    ['{"statusCode":"503"}', { kind: 'kept', statusCode: 503 }],
    ['"Hello"', broken('notObject')],
    ['', broken('notObject')],
    ['Hello', broken('notJson')],
    ['{"body":"Hello"}', broken('noStatus')],
    [JSON.stringify({ statusCode: 200, body: 'x'.repeat(6 * 1024 * 1024) }), broken('tooLarge')],
  ])('classifies the response %.40s', (returned, verdict) => {
    expect(judgeAnswer({ returned, error: '' })).toEqual(verdict);
  });

  it.each<[error: string, verdict: object]>([
    [error(430), { kind: 'failed', failure: 'exception' }],
    [error(433), { kind: 'failed', failure: 'timeout' }],
    [error(434), { kind: 'failed', failure: 'memory' }],
    [error(439), { kind: 'failed', failure: 'exited' }],
    [error(450), { kind: 'failed', failure: 'initTimeout' }],
    [error(432), { kind: 'failed', failure: 'throttled' }],
    [error(407), broken('tooLarge')],
    ['{"errorMessage":1}', { kind: 'failed', failure: 'other' }],
    ['Traceback: no such thing', { kind: 'failed', failure: 'other' }],
  ])('reports the outcome of a call without a response: %s', (text, verdict) => {
    expect(judgeAnswer({ returned: '', error: text })).toEqual(verdict);
  });

  it('classifies every response that a cloud can return', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (returned, text) => {
        const { kind } = judgeAnswer({ returned, error: text });
        expect(kind === 'failed').toBe(text !== '');
      }),
    );
  });
});

it('extracts the message from the JSON of a failed call, or returns its whole text', () => {
  expect(describeFailure(error(430))).toEqual({ code: 430, message: 'no such thing' });
  expect(describeFailure('no such thing')).toEqual({ code: null, message: 'no such thing' });
});

describe('version of a qualifier', () => {
  const aliases = [
    { name: 'live', version: '2', additional: null },
    { name: 'canary', version: '2', additional: { version: '3', weight: 0.1 } },
  ];
  it.each([
    ['$LATEST', '$LATEST'],
    ['7', '7'],
    ['live', '2'],
    ['canary', '2+3'],
    ['gone', null],
  ])('%s', (qualifier, version) => {
    expect(usesFunction({ aliases }, qualifier)).toBe(version);
  });

  it('is unknown for an alias if no aliases were read', () => {
    expect(usesFunction({ aliases: null }, 'live')).toBeNull();
  });
});
