import { createHmac, timingSafeEqual } from 'node:crypto';
import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ApiRoute } from '@/lib/sandbox/model/dispatch';
import { authorize, checkTimestamp, secretIdNotFound, signatureFailure } from './authorization';
import { getBodyForm } from './body-form';
import { requestOfFlat } from './flat-parameters';
import type { ApiRequest } from './request';
import { checkShape, parseBody } from './validate';

/** A request of the older kind: everything is in its parameters, including the signature. */
type V1Request = {
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
function readV1(request: ApiRequest, form: 'form' | 'query'): V1Request | null {
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

/** A request whose signature is valid. */
export type Authentic<Caller> = {
  readonly caller: Caller;
  /** The service that the signed scope names; '' if the signature has no scope. */
  readonly service: string;
  /** `x-tc-action`, `x-tc-version`, `x-tc-region`, `x-tc-language` and `host`, from the headers or the parameters. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /**
   * Returns the action's own parameters, validated against its schema.
   * @throws ApiError if their shape is wrong
   */
  readonly requestOf: (route: ApiRoute) => unknown;
};

/**
 * Identifies the sender of a request by either of the cloud's two signature methods: TC3-HMAC-SHA256, which newer
 * clients use, and version 1, which tccli uses.
 * @throws ApiError AuthFailure.*, UnsupportedProtocol, RequestSizeLimitExceeded
 */
export function authenticate<Caller extends { secretKey: string }>(
  request: ApiRequest,
  callerOf: (secretId: string, token: string | undefined) => Caller | undefined,
  nowMs: number,
): Authentic<Caller> {
  const form = getBodyForm(request);
  const signed = form === 'json' ? null : readV1(request, form);
  if (signed !== null) return byV1(signed, request, callerOf, nowMs);
  if (form === 'form') {
    throw new ApiError(
      'AuthFailure.InvalidAuthorization',
      'A form must be signed by HmacSHA1 or HmacSHA256: its parameter `Signature` is missing.',
    );
  }
  return byTc3(request, form, callerOf, nowMs);
}

function byTc3<Caller extends { secretKey: string }>(
  request: ApiRequest,
  form: 'json' | 'query',
  callerOf: (secretId: string, token: string | undefined) => Caller | undefined,
  nowMs: number,
): Authentic<Caller> {
  const { caller, claim } = authorize(request, callerOf, nowMs);
  return {
    caller,
    service: claim.service,
    headers: request.headers,
    requestOf: (route) =>
      form === 'json'
        ? parseBody(route, request.body)
        : flatRequest(route, new URLSearchParams(request.query)),
  };
}

function byV1<Caller extends { secretKey: string }>(
  signed: V1Request,
  request: ApiRequest,
  callerOf: (secretId: string, token: string | undefined) => Caller | undefined,
  nowMs: number,
): Authentic<Caller> {
  checkTimestamp(signed.timestampS, nowMs, 'Timestamp');
  // No client that uses this method sends temporary keys.
  const caller = callerOf(signed.secretId, undefined);
  if (!caller) throw secretIdNotFound();
  if (!signed.isSignedWith(caller.secretKey)) throw signatureFailure();
  return {
    caller,
    service: '',
    headers: {
      host: request.headers.host,
      'x-tc-action': signed.action,
      'x-tc-version': signed.version,
      'x-tc-region': signed.region || undefined,
      'x-tc-language': signed.language || undefined,
    },
    requestOf: (route) => flatRequest(route, signed.parameters),
  };
}

function flatRequest(route: ApiRoute, parameters: Iterable<readonly [string, string]>): unknown {
  const request = requestOfFlat(route, parameters);
  checkShape(route, request);
  return request;
}
