import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ApiRoute } from '@/lib/sandbox/model/dispatch';
import { authorize, checkTimestamp, secretIdNotFound, signatureFailure } from './authorization';
import { getBodyForm } from './body-form';
import { requestOfFlat } from './flat-parameters';
import type { ApiRequest } from './request';
import { readV1, type V1Request } from './signature-v1';
import { checkShape, parseBody } from './validate';

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
