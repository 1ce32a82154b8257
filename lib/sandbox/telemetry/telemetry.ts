import { InvocationLog } from './invocation-log';
import { TrafficLog } from './traffic-log';

/** The events of the data plane and the functions; the monitoring and log services use it for their responses. */
export type Telemetry = { readonly traffic: TrafficLog; readonly invocations: InvocationLog };

export function createTelemetry(): Telemetry {
  return { traffic: new TrafficLog(), invocations: new InvocationLog() };
}
