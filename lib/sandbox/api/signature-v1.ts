import { createHmac, timingSafeEqual } from 'node:crypto';
import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ApiRequest } from './request';

/** A request of the older kind: everything is in its parameters, including the signature. */
export type V1Request = {
  readonly secretId: string;
  readonly timestampS: number;
  readonly action: string;
  readonly version: string;
  readonly region: string;
  readonly language: string;
  /** The action's own parameters. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** Returns whether this key produced the signature. */
  isSignedWith(secretKey: string): boolean;
};

/** Parameters common to all requests: https://cloud.tencent.com/document/api/598/33158 */
const common = new Set([
  'Action',
  'Language',
  'Nonce',
  'Region',
  'RequestClient',
  'SecretId',
  'Signature',
  'SignatureMethod',
  'Timestamp',
  'Token',
  'Version',
]);

const algorithms: Readonly<Record<string, string>> = { HmacSHA1: 'sha1', HmacSHA256: 'sha256' };

/**
 * Reads a request signed by version 1 of the method, which official command line tools still use: HmacSHA1 or
 * HmacSHA256 over the sorted parameters, sent by GET or as a form
 * (https://www.tencentcloud.com/document/product/598/32227).
 * @returns null when the request is of another kind
 * @throws ApiError AuthFailure.InvalidAuthorization, AuthFailure.TokenFailure
 */
export function readV1(request: ApiRequest, form: 'form' | 'query'): V1Request | null {
  if (request.headers.authorization !== undefined) return null;
  const all = new URLSearchParams(form === 'query' ? request.query : new TextDecoder().decode(request.body));
  const signature = all.get('Signature');
  if (signature === null) return null;
  const algorithm = algorithms[all.get('SignatureMethod') ?? 'HmacSHA1'];
  const timestampS = Number(all.get('Timestamp'));
  if (algorithm === undefined || !Number.isSafeInteger(timestampS)) {
    throw new ApiError(
      'AuthFailure.InvalidAuthorization',
      'The request needs `SignatureMethod` HmacSHA1 or HmacSHA256 and `Timestamp` in seconds.',
    );
  }
  if (all.get('Token')) {
    throw new ApiError(
      'AuthFailure.TokenFailure',
      'The sandbox issues no temporary credentials: send no token.',
    );
  }
  const signed = [...all].filter(([name]) => name !== 'Signature');
  return {
    secretId: all.get('SecretId') ?? '',
    timestampS,
    action: all.get('Action') ?? '',
    version: all.get('Version') ?? '',
    region: all.get('Region') ?? '',
    language: all.get('Language') ?? '',
    parameters: signed.filter(([name]) => !common.has(name)),
    isSignedWith: (secretKey) =>
      expected(request, signed, algorithm, secretKey).some((each) => sameText(each, signature)),
  };
}

function expected(
  request: ApiRequest,
  signed: readonly (readonly [string, string])[],
  algorithm: string,
  secretKey: string,
): string[] {
  const sorted = [...signed].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const query = sorted.map(([name, value]) => `${name}=${value}`).join('&');
  const host = request.headers.host ?? '';
  return [host, host.replace(/:\d+$/, '')].map((name) =>
    createHmac(algorithm, secretKey)
      .update(`${request.method}${name}${request.path}?${query}`)
      .digest('base64'),
  );
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
