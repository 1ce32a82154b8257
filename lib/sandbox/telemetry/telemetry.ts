import { InvocationLog } from './invocation-log';
import { TrafficLog } from './traffic-log';

/** What really happened in the data plane and the functions; the monitoring and log services answer from it. */
export type Telemetry = { readonly traffic: TrafficLog; readonly invocations: InvocationLog };

export function createTelemetry(): Telemetry {
  return { traffic: new TrafficLog(), invocations: new InvocationLog() };
}
