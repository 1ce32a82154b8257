import { InvocationLog } from './invocation-log';
import { TrafficLog } from './traffic-log';

/** The events of the data plane and the functions; the monitoring and log services use it for their responses. */
export type Telemetry = {
  readonly traffic: TrafficLog;
  readonly invocations: InvocationLog;
  /**
   * The time (epoch ms) before which counts are lost, because the sandbox has been restarted with its data since; null =
   * none are lost.
   */
  lostBefore: number | null;
};

export function createTelemetry(): Telemetry {
  return { traffic: new TrafficLog(), invocations: new InvocationLog(), lostBefore: null };
}
