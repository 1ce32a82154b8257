import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { ApiError } from './api-error';
import type { ApiRequest } from './request';

/** How far a request's clock may be off: https://www.tencentcloud.com/document/product/1140/51177. */
const clockWindowMs = 5 * 60_000;

const algorithm = 'TC3-HMAC-SHA256';
const form =
  /^TC3-HMAC-SHA256 Credential=([^/\s,]+)\/(\d{4}-\d{2}-\d{2})\/([^/\s,]+)\/tc3_request,\s*SignedHeaders=([a-z0-9;-]+),\s*Signature=([0-9a-f]{64})$/;

/** What the `Authorization` header says, before any of it is believed. */
type Claim = {
  readonly secretId: string;
  readonly date: string;
  /** First label of the endpoint that the client was given: `clb`, or `127` for 127.0.0.1. */
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly timestampS: number;
};

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
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
 * The signatures that the request may carry. Clients differ in whether the signed host has its port (Python and
 * tccli: yes, Node: no) and in whether header values are lower-cased, so there are up to four right ones.
 */
function expectedSignatures(request: ApiRequest, claim: Claim, secretKey: string): Set<string> {
  const key = hmac(hmac(hmac(`TC3${secretKey}`, claim.date), claim.service), 'tc3_request');
  const bodyHash = sha256(request.body);
  const host = request.headers.host ?? '';
  const signatures = new Set<string>();
  for (const signedHost of new Set([host, host.replace(/:\d+$/, '')])) {
    for (const form of [(value: string) => value, (value: string) => value.toLowerCase()]) {
      const headers = claim.signedHeaders
        .map((name) => [name, name === 'host' ? signedHost : (request.headers[name] ?? '')] as const)
        .map(([name, value]) => `${name}:${form(value.trim())}\n`)
        .join('');
      const canonical = [
        request.method,
        request.path,
        request.query,
        headers,
        claim.signedHeaders.join(';'),
        bodyHash,
      ].join('\n');
      const scope = `${claim.date}/${claim.service}/tc3_request`;
      const toSign = [algorithm, claim.timestampS, scope, sha256(canonical)].join('\n');
      signatures.add(hmac(key, toSign).toString('hex'));
    }
  }
  return signatures;
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * Verifies a request's signature (TC3-HMAC-SHA256, https://www.tencentcloud.com/document/api/213/31575).
 * @param callerOf finds who a secret id belongs to.
 * @returns the caller and the claim.
 * @throws ApiError AuthFailure.InvalidAuthorization, .SignatureExpire, .SecretIdNotFound, .TokenFailure, .SignatureFailure
 */
export function authorize<Caller extends { secretKey: string }>(
  request: ApiRequest,
  callerOf: (secretId: string) => Caller | undefined,
  nowMs: number,
): { caller: Caller; claim: Claim } {
  const claim = readClaim(request);
  if (Math.abs(nowMs - claim.timestampS * 1000) > clockWindowMs) {
    throw new ApiError(
      'AuthFailure.SignatureExpire',
      `Signature expired: X-TC-Timestamp ${claim.timestampS} is more than 300 seconds off the server's time ${Math.floor(nowMs / 1000)}.`,
    );
  }
  const caller = callerOf(claim.secretId);
  if (!caller) {
    throw new ApiError(
      'AuthFailure.SecretIdNotFound',
      'The SecretId is not found, please ensure that your SecretId is correct.',
    );
  }
  if (request.headers['x-tc-token']) {
    throw new ApiError(
      'AuthFailure.TokenFailure',
      'The sandbox issues no temporary credentials: send no token.',
    );
  }
  const dateOfTimestamp = new Date(claim.timestampS * 1000).toISOString().slice(0, 10);
  const matches = [...expectedSignatures(request, claim, caller.secretKey)].filter((expected) =>
    sameText(expected, claim.signature),
  );
  if (claim.date !== dateOfTimestamp || matches.length === 0) {
    throw new ApiError(
      'AuthFailure.SignatureFailure',
      'The provided credentials could not be validated. Please check your signature is correct.',
    );
  }
  return { caller, claim };
}
