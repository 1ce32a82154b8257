import type { Faults } from '@/lib/sandbox/world/faults';
import type { FunctionRuntime } from '../functions/runtime';
import { unrun } from '../functions/runtimes/invocation';

/**
 * Wraps a runtime so that its functions can be made to fail: each call of a failing function ends as if its process had
 * died.
 */
export function faultyRuntime(runtime: FunctionRuntime, faults: Faults): FunctionRuntime {
  return {
    ...runtime,
    async invoke(...call) {
      const [code, , requestId] = call;
      const name = `${code.region}/${code.namespace}/${code.name}`;
      const down = faults.findLasting('functionDown', (fault) => fault.function === name);
      if (!down) return runtime.invoke(...call);
      faults.hit(down.id, { action: 'Invoke', requestId });
      return unrun({ kind: 'exited', detail: `it is down (${down.id})` });
    },
  };
}
