import type { Span } from '@opentelemetry/api';
import { ZodError, z } from 'zod';
import type { CloudConnection } from '@/lib/cloud/connection';
import type { CloudCall, CloudDeps, OnWire } from '@/lib/cloud/deps';
import { CloudError } from '@/lib/cloud/errors';
import { fixedKeys } from '@/lib/cloud/keys';
import { RateBudgets, realSleep } from '@/lib/cloud/rate-budgets';
import type { Rank } from '@/lib/cloud/rate-limiter';
import type { Service } from '@/lib/cloud/rates';
import { toCloudError } from '@/lib/cloud/to-cloud-error';
import { storable } from '@/lib/input/outside-text';
import { inSpan } from '@/lib/log/in-span';
import { fullJitterMs } from '@/lib/timing/backoff';
import { type ActionOf, type AnswerOf, createClients, type RequestOf, type Use } from './clients';

/** A read: its action, region and parameters. */
type ReadRequest<S extends Service, A extends ActionOf<S>> = {
  readonly service: S;
  readonly action: A;
  /** null for services without regions. */
  readonly region: string | null;
  readonly params: RequestOf<S, A>;
  /**
   * When someone began to wait for its result, in epoch ms: at the rate limit the oldest goes first. Defaults to now.
   */
  readonly sinceMs?: number;
};

export interface Reader {
  /**
   * Sends a read inside the rate limit, repeats it after transient failures, and converts its response. `convert` may
   * throw a ZodError if the response does not have the documented shape.
   */
  read<S extends Service, A extends ActionOf<S>, T>(
    request: ReadRequest<S, A>,
    convert: (answer: AnswerOf<S, A>) => T,
  ): Promise<T>;
  /**
   * Asks the cloud for the user whose key signs its calls, and counts the calls of that key for them from then on. Nothing
   * changes if the key is replaced meanwhile: the answer may be about either.
   * @param ask returns the user's id; null = the key belongs to no user
   */
  countForUser<T extends { readonly userUin: string | null }>(ask: () => Promise<T>): Promise<T>;
}

type WriteRequest = {
  readonly service: Service;
  readonly action: string;
  readonly region: string | null;
  readonly params: object;
  readonly sinceMs?: number | undefined;
  /** `invoke` waits as long as a function may run. */
  readonly use?: Exclude<Use, 'read'>;
};

export interface Caller extends Reader {
  /**
   * Sends a write inside the rate limit, exactly once.
   * @param beforeSend runs right before the call is sent, after any wait for the rate; if it throws, the call is not
   * sent
   */
  write<T>(
    request: WriteRequest,
    convert: (answer: unknown) => T,
    beforeSend?: () => Promise<void>,
  ): Promise<T>;
  /**
   * Returns the same caller for reads, which reports each call that is sent.
   * @param rank the precedence where several wait for the same action; by default that of a run
   */
  counting(onCall: () => void, rank?: Rank): Reader;
}

const readAttempts = 5;
/** Limited so that the cloud's recovery is noticed within 2 s, above all by the reads of runs. */
const readBackoff = { baseMs: 250, capMs: 1000 };

/** Creates the caller of one connection: clients, rate limits, retries of reads, one kind of error. */
export function createCaller(connection: CloudConnection, deps: CloudDeps): Caller {
  const sleep = deps.sleep ?? realSleep;
  const random = deps.random ?? Math.random;
  const onWire: OnWire = deps.onWire ?? ((_request, send) => send());
  const keys = deps.keys ?? fixedKeys(connection);
  const getClient = createClients(connection, keys);
  const rates = deps.rates ?? new RateBudgets(deps);

  async function send<T>(
    { service, action, region, params, sinceMs }: WriteRequest,
    use: Use,
    rank: Rank,
    onCall: () => void | Promise<void>,
    convert: (answer: unknown) => T,
  ): Promise<T> {
    const signedFor = use === 'read' ? 'read' : 'write';
    // A call without a key waits for nothing, and runs no `onCall`.
    await keys.get(signedFor);
    const budgets = rates.account(keys.countedAs(signedFor));
    const turn = await budgets.pass(service, action, region, rank, sinceMs);
    try {
      await onCall();
    } catch (cause) {
      turn.done();
      throw cause;
    }
    const client = getClient(service, region, use);
    const startedAt = deps.now().getTime();
    const isWrite = use !== 'read';
    let requestId: string | null = null;
    const ended = (span: Span, code: string | null): CloudCall => {
      const call = { service, action, region, requestId, code, durationMs: deps.now().getTime() - startedAt };
      if (requestId !== null) span.setAttribute('spillway.request_id', requestId);
      if (code !== null) span.setAttribute('spillway.code', code);
      deps.onCall?.(call);
      return call;
    };
    const attributes = { 'rpc.service': service, 'rpc.method': action, 'cloud.region': region ?? undefined };
    return inSpan(`${service}.${action}`, attributes, sendIn, { isCall: true });

    async function sendIn(span: Span): Promise<T> {
      try {
        const request = () => client.request(action, params);
        const answer: unknown = storable(await onWire({ action, isWrite }, request).finally(turn.done));
        requestId = findRequestId(answer);
        const converted = convert(answer);
        deps.log[isWrite ? 'info' : 'debug'](ended(span, null), 'cloud call answered');
        return converted;
      } catch (cause) {
        const error =
          cause instanceof ZodError
            ? unexpectedAnswer(cause, requestId, action, region, isWrite)
            : toCloudError(cause, { action, region, isWrite, secrets: keys.secrets() });
        requestId = error.data.requestId;
        if (/^RequestLimitExceeded(\.|$)/.test(error.data.code)) budgets.slowDown(service, action, region);
        // A read that gives up becomes a gap or an error in the layer above, or was expected ("no such function").
        const quiet = !isWrite && error.data.advice === 'giveUp';
        const call = ended(span, error.data.code);
        deps.log[quiet ? 'debug' : 'warn']({ ...error.data, ...call }, 'cloud call failed');
        throw error;
      }
    }
  }

  async function read<T>(
    request: WriteRequest,
    rank: Rank,
    onCall: () => void,
    convert: (answer: unknown) => T,
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await send(request, 'read', rank, onCall, convert);
      } catch (cause) {
        const again = cause instanceof CloudError && cause.data.advice === 'retry' && attempt < readAttempts;
        if (!again) throw cause;
        await sleep(fullJitterMs(attempt, readBackoff, random));
      }
    }
  }

  const readerWith = (onCall: () => void, rank: Rank = 'run'): Reader => ({
    read: (request, convert) =>
      // The response's type follows from the action; `convert` validates the parts of it that are used.
      read({ ...request, params: request.params ?? {} }, rank, onCall, (answer) => convert(answer as never)),
    async countForUser(ask) {
      const secretId = keys.countedAs('read');
      const user = await ask();
      // Only the cloud itself names its users: another endpoint has its own, and can't name one of the cloud's.
      if (user.userUin !== null && keys.countedAs('read') === secretId)
        rates.countFor(secretId, `${connection.endpoint ?? 'cloud'} ${user.userUin}`);
      return user;
    },
  });

  return {
    ...readerWith(() => {}),
    counting: readerWith,
    write: (request, convert, beforeSend = async () => {}) =>
      send(request, request.use ?? 'write', 'run', beforeSend, convert),
  };
}

const WithRequestId = z.object({ RequestId: z.string() });

function findRequestId(answer: unknown): string | null {
  return WithRequestId.safeParse(answer).data?.RequestId ?? null;
}

function unexpectedAnswer(
  cause: ZodError,
  requestId: string | null,
  action: string,
  region: string | null,
  isWrite: boolean,
): CloudError {
  const fields = cause.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  return new CloudError(
    {
      code: 'Answer.Unexpected',
      message: `the answer has not the documented shape: ${fields}`,
      requestId,
      action,
      region,
      mayHaveHappened: isWrite,
      advice: isWrite ? 'readBack' : 'giveUp',
    },
    { cause },
  );
}
