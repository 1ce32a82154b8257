import { setTimeout } from 'node:timers/promises';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { dispatch } from '@/lib/sandbox/model/dispatch';
import { parseLanguage, resolveRegion } from '../model/region-table';
import type { ForeignEdits } from '../tasks/foreign-edits';
import type { Owners } from '../tasks/owners';
import type { SandboxClock } from '../world/clock';
import type { ApiCall, PerformDeps } from './action-context';
import { isRead } from './audit';
import { authenticate } from './authenticate';
import { secretIdNotFound, signatureFailure } from './authorization';
import { perform } from './perform';
import { type CallRateLimiter, limitExceeded } from './rate-limit';
import type { ApiReply, ApiRequest } from './request';

type ApiLog = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

export type HandleDeps = PerformDeps & {
  readonly clock: SandboxClock;
  /** Real time in epoch milliseconds: clients sign with it, independently of the sandbox's clock. */
  readonly wallNow: () => number;
  /** Waiting by this clock counts at the rate limits, too, in epoch milliseconds: real time, or the sandbox's own. */
  readonly pacedBy: () => number;
  readonly newRequestId: () => string;
  readonly limiter: CallRateLimiter;
  /** Resolves when the load balancers serve what the sandbox data says: a task is not done before. */
  readonly served: () => Promise<void>;
  readonly foreignEdits: ForeignEdits;
  readonly owners: Owners;
  readonly log: ApiLog;
};

/**
 * Returns the log level of an action. There are hundreds of reads, and a sync queries namespaces that don't exist in a
 * region, so only changes are logged at `info`.
 */
function logLevel(action: string): 'debug' | 'info' {
  return isRead(action) ? 'debug' : 'info';
}

/**
 * Handles one request of a Tencent Cloud API 3.0 client, over any transport. Refusals are responses too, as in the
 * cloud: HTTP status 200 with `Response.Error`. Never throws.
 */
export async function handle(request: ApiRequest, deps: HandleDeps): Promise<ApiReply> {
  const requestId = deps.newRequestId();
  const action = request.headers['x-tc-action'] ?? '';
  try {
    const { body, call } = admit(request, requestId, deps);
    return await faulty(body, call, deps);
  } catch (error) {
    return refusal(error, { action, requestId }, deps.log);
  }
}

/**
 * Identifies the caller and the action, and checks the request's shape.
 * @throws ApiError a refusal
 */
function admit(request: ApiRequest, requestId: string, deps: HandleDeps): { body: unknown; call: ApiCall } {
  const now = deps.clock.now();
  const wallNow = deps.wallNow();
  const { caller, service, headers, requestOf } = authenticate(
    request,
    (id, token) =>
      token === undefined ? deps.store.callerOfSecret(id) : deps.store.callerOfToken(id, token, wallNow),
    wallNow,
  );
  rejectKey(caller, { action: headers['x-tc-action'] ?? '', requestId }, deps.faults);
  const route = dispatch(headers, service);
  const region = resolveRegion(route, headers['x-tc-region']);
  if (deps.assumptions.get('api.rates') === 'enforced') {
    deps.limiter.take(caller.user?.uin ?? caller.account.uin, route, region, now, deps.pacedBy());
  }
  const language = parseLanguage(headers['x-tc-language']);
  const body = requestOf(route);
  const changesNothing =
    !isRead(route.action) &&
    deps.faults.take('changesNothing', { action: route.action, requestId, body }) !== null;
  const sourceIp = request.from;
  const call: ApiCall = {
    caller,
    route,
    region,
    language,
    requestId,
    now,
    sourceIp,
    trusted: false,
    changesNothing,
  };
  return { body, call };
}

/**
 * Refuses a call whose key a fault rejects.
 * @throws ApiError AuthFailure.SecretIdNotFound or .SignatureFailure
 */
function rejectKey(
  { account, user }: ApiCall['caller'],
  call: { action: string; requestId: string },
  faults: HandleDeps['faults'],
): void {
  if (user !== null) return;
  const fault = faults.findLasting('keyRejected', (spec) => spec.account === account.uin);
  if (fault === null) return;
  faults.hit(fault.id, call);
  throw fault.spec.code === 'AuthFailure.SignatureFailure' ? signatureFailure() : secretIdNotFound();
}

/**
 * Performs a call with any faults injected into it.
 * @throws ApiError a refusal
 */
async function faulty(body: unknown, call: ApiCall, deps: HandleDeps): Promise<ApiReply> {
  const { faults } = deps;
  const { requestId } = call;
  const { action } = call.route;
  const named = { action, requestId, body };
  if (faults.take('throttle', named)) throw limitExceeded();
  const broken = faults.take('internalError', named);
  if (broken && !broken.takesEffect) throw internalError();
  const gateway = faults.take('http502', named);
  if (gateway && !gateway.takesEffect) return badGateway;
  const slow = faults.take('slow', named);
  try {
    const answer = await perform(body, call, deps);
    if (action === 'DescribeTaskStatus') await deps.served();
    deps.log[logLevel(action)]({ action, requestId }, 'answered');
    if (broken) throw internalError();
    if (gateway) return badGateway;
    if (faults.take('replyLost', named)) return { kind: 'lost' };
    return reply({ ...answer, RequestId: requestId });
  } finally {
    await deps.foreignEdits.callMade(action);
    // Real time: the delay tests the client's timeout.
    if (slow) await setTimeout(slow.ms, undefined, { ref: false });
  }
}

function refusal(error: unknown, call: { action: string; requestId: string }, log: ApiLog): ApiReply {
  if (!(error instanceof ApiError)) {
    log.error({ ...call, err: error }, 'broken');
    return failure('InternalError', 'The sandbox failed; see its log.', call.requestId);
  }
  // An unsupported action is logged at `info` even if it only reads, because a client may need it.
  const level = error.code === 'InvalidAction' ? 'info' : logLevel(call.action);
  log[level]({ ...call, code: error.code }, error.message);
  return failure(error.code, error.message, call.requestId);
}

function internalError(): ApiError {
  return new ApiError('InternalError', 'An internal error has occurred. Please try again later.');
}

const badGateway: ApiReply = {
  kind: 'page',
  status: 502,
  html: '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n',
};

function failure(code: string, message: string, requestId: string): ApiReply {
  return reply({ Error: { Code: code, Message: message }, RequestId: requestId });
}

function reply(response: object): ApiReply {
  return { kind: 'answer', json: JSON.stringify({ Response: response }) };
}
