import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ApiRequest } from './request';

/**
 * The maximum difference between a request's clock and ours: https://www.tencentcloud.com/document/product/1140/51177.
 */
const clockWindowMs = 5 * 60_000;

const algorithm = 'TC3-HMAC-SHA256';
const form =
  /^TC3-HMAC-SHA256 Credential=([^/\s,]+)\/(\d{4}-\d{2}-\d{2})\/([^/\s,]+)\/tc3_request,\s*SignedHeaders=([a-z0-9;-]+),\s*Signature=([0-9a-f]{64})$/;

/** The content of the `Authorization` header, before verification. */
type Claim = {
  readonly secretId: string;
  readonly date: string;
  /** The first label of the endpoint that the client was configured with: `clb`, or `127` for 127.0.0.1. */
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly timestampS: number;
};

function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

/**
 * Reads the claim of a request.
 * @throws ApiError AuthFailure.InvalidAuthorization when the header is absent or malformed.
 */
function readClaim(request: ApiRequest): Claim {
  const match = form.exec(request.headers.authorization ?? '');
  const [, secretId = '', date = '', service = '', names = '', signature = ''] = match ?? [];
  const signedHeaders = names.split(';');
  const timestamp = request.headers['x-tc-timestamp'] ?? '';
  if (!match || !signedHeaders.includes('host') || !signedHeaders.includes('content-type')) {
    throw new ApiError(
      'AuthFailure.InvalidAuthorization',
      `The request header \`Authorization\` is invalid: it must be "${algorithm} Credential=…/date/service/tc3_request, SignedHeaders=content-type;host, Signature=…".`,
    );
  }
  if (!/^\d{1,11}$/.test(timestamp)) {
    throw new ApiError(
      'AuthFailure.InvalidAuthorization',
      'The request header `X-TC-Timestamp` must be a UNIX time in seconds.',
    );
  }
  return { secretId, date, service, signedHeaders, signature, timestampS: Number(timestamp) };
}

/**
 * Derived signing keys are valid for one day. Caching those of the last callers reduces a request to two hashes and one
 * HMAC.
 */
const signingKeys = new Map<string, Buffer>();
const signingKeysKept = 256;

function signingKey(secretKey: string, { date, service }: Claim): Buffer {
  const name = `${secretKey}/${date}/${service}`;
  const known = signingKeys.get(name);
  if (known) return known;
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request');
  if (signingKeys.size >= signingKeysKept) signingKeys.clear();
  signingKeys.set(name, key);
  return key;
}

const valueForms = [(value: string) => value, (value: string) => value.toLowerCase()];

/**
 * Yields the signatures that the request may carry. Clients differ in whether the signed host has its port (Python and
 * tccli: yes, Node: no) and in whether header values are lower-cased, so up to four are valid; the most common comes
 * first.
 */
function* expectedSignatures(request: ApiRequest, claim: Claim, secretKey: string): Generator<string> {
  const key = signingKey(secretKey, claim);
  const bodyHash = sha256(request.body);
  const host = request.headers.host ?? '';
  const names = claim.signedHeaders.join(';');
  const scope = `${claim.date}/${claim.service}/tc3_request`;
  for (const signedHost of new Set([host.replace(/:\d+$/, ''), host])) {
    for (const form of valueForms) {
      let headers = '';
      for (const name of claim.signedHeaders) {
        const value = name === 'host' ? signedHost : (request.headers[name] ?? '');
        headers += `${name}:${form(value.trim())}\n`;
      }
      const { method, path, query } = request;
      const canonical = `${method}\n${path}\n${query}\n${headers}\n${names}\n${bodyHash}`;
      const toSign = `${algorithm}\n${claim.timestampS}\n${scope}\n${sha256(canonical)}`;
      yield hmac(key, toSign).toString('hex');
    }
  }
}

function isSigned(request: ApiRequest, claim: Claim, secretKey: string): boolean {
  for (const expected of expectedSignatures(request, claim, secretKey)) {
    if (sameText(expected, claim.signature)) return true;
  }
  return false;
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * Checks that the client's clock is close enough.
 * @param field the field with the time
 * @throws ApiError
 */
export function checkTimestamp(timestampS: number, nowMs: number, field: string): void {
  if (Math.abs(nowMs - timestampS * 1000) <= clockWindowMs) return;
  throw new ApiError(
    'AuthFailure.SignatureExpire',
    `Signature expired: ${field} ${timestampS} is more than 300 seconds off the server's time ${Math.floor(nowMs / 1000)}.`,
  );
}

/** Returns the error for a secret id that belongs to no account. */
export function secretIdNotFound(): ApiError {
  return new ApiError(
    'AuthFailure.SecretIdNotFound',
    'The SecretId is not found, please ensure that your SecretId is correct.',
  );
}

function tokenFailure(): ApiError {
  return new ApiError('AuthFailure.TokenFailure', 'The token is invalid or has expired.');
}

/** Returns the error for a signature by another key than that of this id. */
export function signatureFailure(): ApiError {
  return new ApiError(
    'AuthFailure.SignatureFailure',
    'The provided credentials could not be validated. Please check your signature is correct.',
  );
}

/**
 * Verifies a request's signature (TC3-HMAC-SHA256, https://www.tencentcloud.com/document/api/213/31575).
 * @param callerOf finds the owner of a secret id, and of the token of temporary keys.
 * @returns the caller and the claim.
 * @throws ApiError AuthFailure.InvalidAuthorization, .SignatureExpire, .SecretIdNotFound, .TokenFailure,
 * .SignatureFailure
 */
export function authorize<Caller extends { secretKey: string }>(
  request: ApiRequest,
  callerOf: (secretId: string, token: string | undefined) => Caller | undefined,
  nowMs: number,
): { caller: Caller; claim: Claim } {
  const claim = readClaim(request);
  checkTimestamp(claim.timestampS, nowMs, 'X-TC-Timestamp');
  const token = request.headers['x-tc-token'] || undefined;
  const caller = callerOf(claim.secretId, token);
  if (!caller) throw token === undefined ? secretIdNotFound() : tokenFailure();
  const dateOfTimestamp = new Date(claim.timestampS * 1000).toISOString().slice(0, 10);
  if (claim.date !== dateOfTimestamp || !isSigned(request, claim, caller.secretKey)) {
    throw signatureFailure();
  }
  return { caller, claim };
}
