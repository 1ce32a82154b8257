import { describe, expect, it } from 'vitest';
import { buildClbEvent } from './function-backend';

const payload = (type: string, body: string | Buffer) =>
  buildClbEvent(['Content-Type', type], Buffer.from(body), false).payload;

describe('the event of the CLB trigger', () => {
  it('has headers as sent and the payload, and nothing else', () => {
    const headers = [
      ...['Host', 'sale.example'],
      ...['User-Agent', 'curl'],
      ...['Accept', 'a'],
      ...['accept', 'b'],
      ...['Cookie', 'a=1'],
      ...['Cookie', 'b=2'],
    ];
    expect(buildClbEvent(headers, Buffer.alloc(0), false)).toEqual({
      headers: { Host: 'sale.example', 'User-Agent': 'curl', Accept: 'a, b', Cookie: 'a=1; b=2' },
      payload: '',
    });
  });

  it('parses JSON, keeps text, encodes the rest', () => {
    expect(payload('application/json; charset=utf-8', '{"key":"value"}')).toEqual({ key: 'value' });
    expect(payload('application/json', 'null')).toBeNull();
    expect(payload('application/json', '{broken')).toBe('{broken');
    // Deeper than a runtime's own parser accepts.
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(payload('application/json', deep)).toBe(deep);
    expect(payload('text/plain', 'hé')).toBe('hé');
    expect(payload('application/xml', '<a/>')).toBe('<a/>');
    expect(payload('image/png', Buffer.from([0, 255]))).toBe('AP8=');
    expect(payload('', 'a')).toBe('YQ==');
  });

  it('reports whether the payload is encoded, as text, if that setting is on', () => {
    const says = (type: string, body: string) =>
      buildClbEvent(['Content-Type', type], Buffer.from(body), true).isBase64Encoded;
    expect(says('text/plain', 'a')).toBe('false');
    expect(says('image/png', '')).toBe('false');
    expect(says('image/png', 'a')).toBe('true');
  });
});
