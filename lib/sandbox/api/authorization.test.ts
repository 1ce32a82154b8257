import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import Sign from 'tencentcloud-sdk-nodejs/tencentcloud/common/sign.js';
import { expect, test } from 'vitest';
import { authorize } from './authorization';
import type { ApiRequest } from './request';

const caller = { secretId: 'AKIDTEST', secretKey: 'key-of-the-test' };
const findCaller = (id: string) => (id === caller.secretId ? caller : undefined);

const host = '127.0.0.1:9000';

function requestWith(body: string, timestampS: number, authorization: string): ApiRequest {
  return {
    method: 'POST',
    path: '/',
    query: '',
    from: '127.0.0.1',
    body: Buffer.from(body),
    headers: {
      authorization,
      host,
      'content-type': 'application/json',
      'x-tc-timestamp': String(timestampS),
    },
  };
}

/** Builds a request as the Node SDK signs it: with the host without its port. */
function signed(body: string, timestampS: number): ApiRequest {
  const authorization = Sign.sign3({
    method: 'POST',
    url: `http://${host}/`,
    payload: Buffer.from(body),
    timestamp: timestampS,
    service: '127',
    ...caller,
    multipart: false,
    boundary: '',
    headers: { 'Content-Type': 'application/json' },
  });
  return requestWith(body, timestampS, authorization);
}

/**
 * Builds a request as Python signs it: with the host as it is sent. Implemented from the public description of the
 * method.
 */
function signedWithPort(body: string, timestampS: number): ApiRequest {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const date = new Date(timestampS * 1000).toISOString().slice(0, 10);
  const canonical = `POST\n/\n\ncontent-type:application/json\nhost:${host}\n\ncontent-type;host\n${hash(body)}`;
  const toSign = `TC3-HMAC-SHA256\n${timestampS}\n${date}/127/tc3_request\n${hash(canonical)}`;
  const key = hmac(hmac(hmac(`TC3${caller.secretKey}`, date), '127'), 'tc3_request');
  const credential = `${caller.secretId}/${date}/127/tc3_request`;
  const signature = hmac(key, toSign).toString('hex');
  const authorization = `TC3-HMAC-SHA256 Credential=${credential}, SignedHeaders=content-type;host, Signature=${signature}`;
  return requestWith(body, timestampS, authorization);
}

const bodies = fc.oneof(fc.json(), fc.string({ unit: 'binary', minLength: 1 }));
const times = fc.integer({ min: 1_600_000_000, max: 4_000_000_000 });

test('accepts every request that the SDK signs', () => {
  fc.assert(
    fc.property(bodies, times, (body, timestampS) => {
      expect(authorize(signed(body, timestampS), findCaller, timestampS * 1000).caller).toBe(caller);
    }),
  );
});

test('refuses a body or signature with one bit changed', () => {
  fc.assert(
    fc.property(bodies, times, fc.nat(), fc.integer({ min: 0, max: 7 }), (body, timestampS, at, bit) => {
      const request = signed(body, timestampS);
      const flipped = Buffer.from(request.body);
      const index = at % flipped.length;
      flipped.writeUInt8(flipped.readUInt8(index) ^ (1 << bit), index);
      const changed = { ...request, body: flipped };
      expect(() => authorize(changed, findCaller, timestampS * 1000)).toThrow(/could not be validated/);

      const text = Buffer.from(request.headers.authorization ?? '');
      const inSignature = text.length - 64 + (at % 64);
      text.writeUInt8(text.readUInt8(inSignature) ^ (1 << bit), inSignature);
      const headers = { ...request.headers, authorization: text.toString('latin1') };
      expect(() => authorize({ ...request, headers }, findCaller, timestampS * 1000)).toThrow();
    }),
  );
});

test('refuses a time, service or date other than the signed one', () => {
  const now = 1_800_000_000;
  const request = signed('{}', now);
  const with_ = (headers: Record<string, string>) => ({
    ...request,
    headers: { ...request.headers, ...headers },
  });
  const authorization = request.headers.authorization ?? '';
  for (const headers of [
    { 'x-tc-timestamp': String(now + 1) },
    { authorization: authorization.replace('/127/', '/clb/') },
    { authorization: authorization.replace(/\/\d{4}-/, '/2001-') },
    { host: '127.0.0.2:9000' },
  ]) {
    expect(() => authorize(with_(headers), findCaller, now * 1000)).toThrow(/could not be validated/);
  }
});

test('accepts a host signed with or without its port', () => {
  const now = 1_800_000_000;
  for (const request of [signed('{}', now), signedWithPort('{}', now)]) {
    expect(authorize(request, findCaller, now * 1000).claim.service).toBe('127');
  }
});

test('allows a clock difference of five minutes either way', () => {
  const now = 1_800_000_000;
  for (const offBy of [-300, 300]) authorize(signed('{}', now + offBy), findCaller, now * 1000);
  for (const offBy of [-301, 301]) {
    expect(() => authorize(signed('{}', now + offBy), findCaller, now * 1000)).toThrow(/Signature expired/);
  }
});
