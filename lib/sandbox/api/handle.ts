import { randomUUID } from 'node:crypto';
import type { SandboxClock } from '../clock';
import type { EffectLog } from '../control/effect-log';
import type { Faults } from '../control/faults';
import type { ActionContext } from '../services/action';
import { findAction } from '../services/registry';
import type { WorldStore } from '../state/world-store';
import type { Timeline } from '../tasks/timeline';
import type { AccountWorld } from '../world';
import { ApiError } from './api-error';
import { authorize } from './authorization';
import { dispatch, type Route } from './dispatch';
import { limitExceeded, type RateLimiter } from './rate-limit';
import { regionOf } from './regions';
import type { ApiReply, ApiRequest } from './request';
import { parseBody } from './validate';

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
  readonly timeline: Timeline;
  readonly limiter: RateLimiter;
  readonly effects: EffectLog;
  readonly faults: Faults;
  /** How long a task takes from now on, in ms. */
  readonly taskMs: () => number;
  readonly log: ApiLog;
};

/** Reads come by the hundred, and a sync asks for namespaces that a region lacks: only what changes something is worth a line. */
function levelOf(action: string): 'debug' | 'info' {
  return /^(Describe|List|Get)/.test(action) ? 'debug' : 'info';
}

/**
 * Answers one request of a Tencent Cloud API 3.0 client, whatever carried it here. Refusals are answers too: the
 * cloud sends them with HTTP status 200 and `Response.Error`.
 */
export function handle(request: ApiRequest, deps: HandleDeps): ApiReply {
  const requestId = randomUUID();
  const name = request.headers['x-tc-action'] ?? '';
  try {
    const answer = run(request, requestId, deps);
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
    deps.log[levelOf(name)]({ action: name, requestId, code: error.code }, error.message);
    return reply({ Error: { Code: error.code, Message: error.message }, RequestId: requestId });
  }
}

function reply(response: object): ApiReply {
  return { kind: 'answer', json: JSON.stringify({ Response: response }) };
}

function run(request: ApiRequest, requestId: string, deps: HandleDeps): object {
  if (request.body.byteLength > maxBodyBytes) {
    throw new ApiError('RequestSizeLimitExceeded', `The request is larger than ${maxBodyBytes} bytes.`);
  }
  const now = deps.clock.now();
  const { account, claim } = authorize(request, (id) => deps.store.accountOfSecret(id), now);
  if (request.method !== 'POST' || request.path !== '/') {
    throw new ApiError('UnsupportedProtocol', 'The sandbox takes POST requests to `/` with a JSON body.');
  }
  const route = dispatch(request.headers, claim.service);
  deps.limiter.take(account.uin, route, now);
  const region = regionOf(route.service, request.headers['x-tc-region']);
  const body = parseBody(route, request.body);
  if (deps.faults.take(route.action, 'throttle')) throw limitExceeded();
  return findAction(route)(body, contextOf(deps, { account, region, requestId, now, route }));
}

type Call = { account: AccountWorld; region: string; requestId: string; now: number; route: Route };

function contextOf(deps: HandleDeps, { account, region, requestId, now, route }: Call): ActionContext {
  const { store, timeline, effects, faults } = deps;
  return {
    account,
    region,
    requestId,
    now,
    nextId: () => store.nextId(),
    startTask: (loadBalancer, effect) => {
      const busy = Object.values(account.tasks).some(
        (task) => task.loadBalancerId === loadBalancer.id && task.outcome === 'running',
      );
      if (busy) {
        throw new ApiError(
          'FailedOperation.ResourceInOperating',
          `Loadbalancer(${loadBalancer.id}) is not in normal desState, maybe some tasks are being processed, please try later.`,
        );
      }
      account.tasks[requestId] = {
        id: requestId,
        loadBalancerId: loadBalancer.id,
        action: route.action,
        startedAt: now,
        endsAt: now + deps.taskMs(),
        outcome: 'running',
        message: '',
        effect,
        fault: faults.take(route.action, 'taskFails')?.message ?? null,
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
      effects.count(route.action, object);
      store.changed();
    },
  };
}
