import { randomUUID } from 'node:crypto';
import type { Assumptions } from '../assumptions';
import type { SandboxClock } from '../clock';
import type { EffectLog } from '../control/effect-log';
import type { Faults } from '../control/faults';
import type { Invoker } from '../functions/invoker';
import type { ActionContext } from '../services/action';
import { findAction, valueRulesOf } from '../services/registry';
import type { Caller, WorldStore } from '../state/world-store';
import type { Timeline } from '../tasks/timeline';
import type { Telemetry } from '../telemetry/telemetry';
import { ApiError } from './api-error';
import { isRead, recordAudit } from './audit';
import { authorize } from './authorization';
import { dispatch, type Route } from './dispatch';
import { requirePermission } from './permissions';
import { limitExceeded, type RateLimiter } from './rate-limit';
import type { Language } from './region-table';
import { languageOf, regionOf } from './regions';
import type { ApiReply, ApiRequest } from './request';
import { parseBody } from './validate';
import { checkValues } from './value-rules';

/** The largest request that is read, in bytes: https://www.tencentcloud.com/document/api/213/31575 (10 MB). */
export const maxBodyBytes = 10 * 1024 * 1024;

type ApiLog = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

export type HandleDeps = {
  readonly store: WorldStore;
  readonly clock: SandboxClock;
  /** Real time in epoch milliseconds: clients sign with it, whatever the sandbox's clock shows. */
  readonly wallNow: () => number;
  readonly timeline: Timeline;
  readonly limiter: RateLimiter;
  readonly effects: EffectLog;
  readonly faults: Faults;
  readonly assumptions: Assumptions;
  readonly telemetry: Telemetry;
  readonly invoker: Invoker | null;
  readonly vipNetwork: string;
  /** How long a task takes from now on, in ms. */
  readonly taskMs: () => number;
  readonly log: ApiLog;
};

/** Reads come by the hundred, and a sync asks for namespaces that a region lacks: only what changes something is worth a line. */
function levelOf(action: string): 'debug' | 'info' {
  return isRead(action) ? 'debug' : 'info';
}

/**
 * Answers one request of a Tencent Cloud API 3.0 client, whatever carried it here. Refusals are answers too: the
 * cloud sends them with HTTP status 200 and `Response.Error`.
 */
export async function handle(request: ApiRequest, deps: HandleDeps): Promise<ApiReply> {
  const requestId = randomUUID();
  const name = request.headers['x-tc-action'] ?? '';
  try {
    const answer = await run(request, requestId, deps);
    deps.log[levelOf(name)]({ action: name, requestId }, 'answered');
    if (deps.faults.take(name, 'replyLost')) return { kind: 'lost' };
    return reply({ ...answer, RequestId: requestId });
  } catch (error) {
    if (!(error instanceof ApiError)) {
      deps.log.error({ action: name, requestId, err: error }, 'broken');
      return reply({
        Error: { Code: 'InternalError', Message: 'The sandbox failed; see its log.' },
        RequestId: requestId,
      });
    }
    // What no service has is worth a line even when it only reads: it tells what a client needs.
    const level = error.code === 'InvalidAction' ? 'info' : levelOf(name);
    deps.log[level]({ action: name, requestId, code: error.code }, error.message);
    return reply({ Error: { Code: error.code, Message: error.message }, RequestId: requestId });
  }
}

function reply(response: object): ApiReply {
  return { kind: 'answer', json: JSON.stringify({ Response: response }) };
}

async function run(request: ApiRequest, requestId: string, deps: HandleDeps): Promise<object> {
  if (request.body.byteLength > maxBodyBytes) {
    throw new ApiError('RequestSizeLimitExceeded', `The request is larger than ${maxBodyBytes} bytes.`);
  }
  const now = deps.clock.now();
  const { caller, claim } = authorize(request, (id) => deps.store.callerOfSecret(id), deps.wallNow());
  if (request.method !== 'POST' || request.path !== '/') {
    throw new ApiError('UnsupportedProtocol', 'The sandbox takes POST requests to `/` with a JSON body.');
  }
  const route = dispatch(request.headers, claim.service);
  if (deps.assumptions.get('api.rates') === 'enforced') deps.limiter.take(caller.account.uin, route, now);
  const region = regionOf(route, request.headers['x-tc-region']);
  const language = languageOf(request.headers['x-tc-language']);
  const call: Call = { caller, region, language, requestId, now, route, sourceIp: request.from };
  const body = parseBody(route, request.body);
  if (deps.faults.take(route.action, 'throttle')) throw limitExceeded();
  if (isRead(route.action)) return answer(body, call, deps);
  return audited(body, call, deps);
}

type Call = {
  caller: Caller;
  region: string;
  language: Language;
  requestId: string;
  now: number;
  route: Route;
  sourceIp: string;
};

async function answer(body: unknown, call: Call, deps: HandleDeps): Promise<object> {
  const { route } = call;
  const action = findAction(route);
  requirePermission(call, body);
  checkValues(body, valueRulesOf(route));
  return action(body, contextOf(deps, call));
}

/** A write leaves a line in the account's trail, refused or not. */
async function audited(body: unknown, call: Call, deps: HandleDeps): Promise<object> {
  const { caller, route, region, requestId, now, sourceIp } = call;
  const record = (errorCode: string) => {
    recordAudit(caller, { ...route, at: now, region, requestId, sourceIp, errorCode }, body);
    deps.store.changed();
  };
  try {
    const result = await answer(body, call, deps);
    record('');
    return result;
  } catch (error) {
    record(error instanceof ApiError ? error.code : 'InternalError');
    throw error;
  }
}

function contextOf(deps: HandleDeps, call: Call): ActionContext {
  const { caller, region, language, requestId, now, route } = call;
  const { store, timeline, effects, faults, vipNetwork, assumptions, telemetry, invoker } = deps;
  const { account, user } = caller;
  return {
    ...{ account, user, region, language, requestId, now, vipNetwork, assumptions, telemetry, invoker },
    nextId: () => store.nextId(),
    startTask: (loadBalancers, effect) => {
      const ids = [loadBalancers].flat().map((loadBalancer) => loadBalancer.id);
      const busy = Object.values(account.tasks).find(
        (task) => task.outcome === 'running' && task.loadBalancerIds.some((id) => ids.includes(id)),
      );
      if (busy) {
        const id = busy.loadBalancerIds.find((each) => ids.includes(each));
        throw new ApiError(
          'FailedOperation.ResourceInOperating',
          `Loadbalancer(${id}) is not in normal desState, maybe some tasks are being processed, please try later.`,
        );
      }
      const failure = faults.take(route.action, 'taskFails');
      account.tasks[requestId] = {
        id: requestId,
        loadBalancerIds: ids,
        action: route.action,
        startedAt: now,
        endsAt: now + deps.taskMs(),
        outcome: 'running',
        message: '',
        effect,
        fault: failure && { kind: 'fails', message: failure.message },
      };
      store.changed();
      timeline.arm();
    },
    settleLater: (fn, status) => {
      fn.status = status;
      fn.settlesAt = now + deps.taskMs();
      timeline.arm();
    },
    applied: (object) => {
      effects.count(route.action, object, requestId);
      store.changed();
    },
  };
}
