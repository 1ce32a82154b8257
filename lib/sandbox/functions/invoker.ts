import type { Telemetry } from '../telemetry/telemetry';
import { Assumptions } from '../world/assumptions';
import type { SandboxClock } from '../world/clock';
import type {
  FunctionInvocation,
  InvocationCall,
  InvocationResult,
  InvokedAddress,
  Invoker,
} from '../world/invoker';
import { Admission, warmInstances } from './admission';
import { type ResolvedFunction, resolveFunction } from './resolve-function';
import type { FunctionRuntime } from './runtime';
import { invocationFailure, unrun } from './runtimes/invocation';

export type InvokerParts = {
  readonly runtime: FunctionRuntime;
  readonly telemetry: Telemetry;
  readonly clock: SandboxClock;
  readonly assumptions?: Assumptions;
  /** Returns a number in [0, 1), for aliases that split their calls between two versions. */
  readonly draw?: () => number;
};

export function createInvoker({
  runtime,
  telemetry,
  clock,
  assumptions = new Assumptions(),
  draw = Math.random,
}: InvokerParts): Invoker {
  const admission = new Admission(warmInstances(telemetry));
  const coldStart = () => {
    const ms = assumptions.get('function.coldStartMs');
    return ms === 0 ? Promise.resolve() : new Promise<void>((resolve) => clock.at(clock.now() + ms, resolve));
  };

  async function run(
    call: InvocationCall,
    { fn, code }: ResolvedFunction,
  ): Promise<{ invocation: FunctionInvocation; concurrency: number }> {
    const now = clock.now();
    const { version, memoryMb } = code;
    const admitted = admission.admit({
      account: call.account,
      fn,
      version,
      memoryMb,
      now,
      idleMs: assumptions.get('function.idleS') * 1000,
    });
    if (admitted.kind !== 'admitted') return { invocation: unrun({ kind: admitted.kind }), concurrency: 0 };
    try {
      const invocation = await runtime.invoke(code, call.event, call.requestId, coldStart);
      return { invocation, concurrency: admitted.concurrency };
    } finally {
      admitted.release(clock.now());
    }
  }

  return {
    runtimeProblem: (name) => runtime.problem(name),
    async invoke(call) {
      const at = clock.now();
      const found = resolveFunction(call, at, draw());
      const { invocation, concurrency } = found.ok
        ? await run(call, found.value)
        : { invocation: unrun({ kind: 'refused', ...found.error }), concurrency: 0 };
      const { result } = invocation;
      const version = found.ok ? found.value.code.version : '';
      const outcome = { ...invocation, ...judge(result, call), version };
      telemetry.invocations.record({
        at,
        uin: call.account.uin,
        region: call.region,
        namespace: call.namespace,
        name: call.name,
        qualifier: call.qualifier,
        version,
        requestId: call.requestId,
        concurrency,
        status: outcome.status,
        errorMessage: outcome.errorMessage,
        coldStart: outcome.coldStart,
        durationMs: outcome.durationMs,
        memoryMb: outcome.memoryMb,
        log: outcome.log,
        answer: result.kind === 'answer' ? result.json : '',
      });
      return outcome;
    },
  };
}

function judge(
  result: InvocationResult,
  { namespace, name, qualifier }: InvokedAddress,
): { status: number; errorMessage: string } {
  if (result.kind === 'answer') return { status: 200, errorMessage: '' };
  const { status, message } = invocationFailure(result, `${namespace}/${name}:${qualifier}`);
  return { status, errorMessage: message };
}
