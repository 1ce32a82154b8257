import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { functionResponse } from './function-backend';

const good = {
  isBase64Encoded: false,
  statusCode: 200,
  headers: { 'Content-Type': 'text/html' },
  body: 'hé',
};

describe("a function's response", () => {
  it('is accepted in the integrated format', () => {
    expect(functionResponse(good)).toEqual({
      status: 200,
      headers: ['Content-Type', 'text/html'],
      body: Buffer.from('hé'),
    });
    expect(functionResponse({ ...good, statusCode: '404' })?.status).toBe(404);
    expect(functionResponse({ ...good, isBase64Encoded: true, body: 'AP8=' })?.body).toEqual(
      Buffer.from([0, 255]),
    );
    expect(functionResponse({ statusCode: 204 })).toEqual({
      status: 204,
      headers: [],
      body: Buffer.alloc(0),
    });
    expect(functionResponse({ ...good, headers: { 'Set-Cookie': ['a=1', 'b=2'] } })?.headers).toEqual([
      ...['Set-Cookie', 'a=1'],
      ...['Set-Cookie', 'b=2'],
    ]);
  });

  it('cannot set length and connection headers', () => {
    const headers = { 'content-length': '9', Connection: 'x', 'Transfer-Encoding': 'chunked', 'X-A': '1' };
    expect(functionResponse({ ...good, headers })?.headers).toEqual(['X-A', '1']);
  });

  it.each([
    ['no object', 'Hello'],
    ['null', null],
    ['no status', { body: 'x' }],
    ['a status that HTTP has not', { ...good, statusCode: 99 }],
    ['an informational status', { ...good, statusCode: 101 }],
    ['a body that is no text', { ...good, body: { a: 1 } }],
    ['a broken Base64', { ...good, isBase64Encoded: true, body: '%%%' }],
    ['a header with a line break', { ...good, headers: { 'X-A': 'a\r\nX-B: b' } }],
    ['a header name that is none', { ...good, headers: { 'X A': 'a' } }],
  ])('is refused with %s', (_what, value) => {
    expect(functionResponse(value)).toBeNull();
  });

  it('never makes the conversion throw', () => {
    fc.assert(fc.property(fc.anything(), (value) => void functionResponse(value)));
  });
});
