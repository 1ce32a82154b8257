import { validateHeaderName, validateHeaderValue } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnswerFault, readFunctionAnswer } from './function-answer';

const good = {
  isBase64Encoded: false,
  statusCode: 200,
  headers: { 'Content-Type': 'text/html', 'Set-Cookie': ['a=1', 'b=2'] },
  body: 'hé',
};
const listFaults = (value: unknown) => {
  const read = readFunctionAnswer(value);
  return read.ok ? [] : read.error;
};
const canBeSent = (name: string, value: string) => {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
};

describe('the response of a function to a load balancer', () => {
  it('is parsed in the integrated response format', () => {
    expect(readFunctionAnswer(good)).toEqual({
      ok: true,
      value: {
        statusCode: 200,
        headers: [
          ['Content-Type', 'text/html'],
          ['Set-Cookie', 'a=1'],
          ['Set-Cookie', 'b=2'],
        ],
        body: 'hé',
        isBase64Encoded: false,
      },
    });
    expect(listFaults({ statusCode: 204 })).toEqual([]);
    expect(listFaults({ ...good, statusCode: '404' })).toEqual([]);
    expect(listFaults({ ...good, isBase64Encoded: true, body: 'AP8=' })).toEqual([]);
  });

  it.each<[what: string, value: unknown, ...faults: AnswerFault[]]>([
    ['a bare text', 'Hello', 'notObject'],
    ['a list', [good], 'notObject'],
    ['nothing', null, 'notObject'],
    ['no status', { body: 'x' }, 'noStatus'],
    ['a status that is no whole number', { ...good, statusCode: 200.5 }, 'status'],
    ['a status that HTTP has not', { ...good, statusCode: 600 }, 'status'],
    ['an informational status', { ...good, statusCode: 101 }, 'status'],
    ['a status in words', { ...good, statusCode: 'OK' }, 'status'],
    ['a body that is no text', { ...good, body: { a: 1 } }, 'body'],
    ['a header that is a number', { ...good, headers: { 'X-A': 1 } }, 'headers'],
    ['headers in a list', { ...good, headers: ['X-A: 1'] }, 'headers'],
    ['a header with a line break', { ...good, headers: { 'X-A': 'a\r\nX-B: b' } }, 'header'],
    ['a header name that is none', { ...good, headers: { 'X A': 'a' } }, 'header'],
    ['a flag that is text', { ...good, isBase64Encoded: 'false' }, 'base64Flag'],
    ['a flag that is null', { ...good, isBase64Encoded: null }, 'base64Flag'],
    ['a body that is not the Base64 it is said to be', { ...good, isBase64Encoded: true }, 'base64Body'],
    ['several at once', { body: 1, headers: 'x' }, 'noStatus', 'headers', 'body'],
  ])('violates the format with %s', (_what, value, ...faults) => {
    expect(listFaults(value)).toEqual(faults);
  });

  it('accepts exactly the headers that can be sent over HTTP', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, value) => {
        const faults = listFaults({ ...good, headers: Object.fromEntries([[name, value]]) });
        expect(faults).toEqual(canBeSent(name, value) ? [] : ['header']);
      }),
      {
        examples: [
          ['X-A', 'é'],
          ['X-A', '€'],
          ['X-A', 'a\tb'],
          ['X-A', 'a\x7f'],
          ['', 'a'],
          ['__proto__', 'a'],
          ['__proto__', '\0'],
        ],
      },
    );
  });

  it('reports an error for every invalid response, and never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => listFaults(value).length > 0 || readFunctionAnswer(value).ok),
    );
  });
});
