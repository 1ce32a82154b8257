import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ActionContext } from '@/lib/sandbox/services/action';
import { isHttpListener } from '@/lib/sandbox/services/clb/find/find-objects';
import type { WorldListener, WorldLoadBalancer } from '@/lib/sandbox/world/clb';

/** Ports reserved by the system on HTTP and HTTPS: https://www.tencentcloud.com/document/product/214/32515. */
const reservedPorts: readonly number[] = [
  843, 1020, 1433, 1434, 3306, 3389, 6006, 20000, 36000, 42222, 48369, 56000, 65010,
];

type Range = Pick<WorldListener, 'protocol' | 'port' | 'endPort'>;

function overlap(a: Range, b: Range): boolean {
  return a.port <= (b.endPort ?? b.port) && b.port <= (a.endPort ?? a.port);
}

function isUdp({ protocol }: Range): boolean {
  return protocol === 'UDP' || protocol === 'QUIC';
}

function failed(message: string): ApiError {
  return new ApiError('InvalidParameter.PortCheckFailed', message);
}

/**
 * Checks the ports of new listeners of one load balancer, against each other and against its existing ones.
 * @throws ApiError InvalidParameter.PortCheckFailed, InvalidParameterValue, InvalidParameterValue.Duplicate
 */
export function checkPorts(
  wanted: readonly Range[],
  loadBalancer: WorldLoadBalancer,
  { assumptions }: Pick<ActionContext, 'assumptions'>,
): void {
  const byTransport = assumptions.get('listener.portSharing') === 'by transport';
  const ports = wanted.map(({ port }) => port);
  const double = ports.find((port, index) => ports.indexOf(port) !== index);
  if (double !== undefined) {
    throw new ApiError('InvalidParameterValue.Duplicate', `The parameter \`Ports\` names ${double} twice.`);
  }
  for (const range of wanted) {
    if (!Number.isInteger(range.port)) {
      throw new ApiError('InvalidParameterValue', 'The parameter `Ports` must hold integers.');
    }
    if (isHttpListener(range) && reservedPorts.includes(range.port)) {
      throw failed(`The port ${range.port} is reserved by the system on ${range.protocol} listeners.`);
    }
    const other = loadBalancer.listeners.find(
      (have) => overlap(have, range) && (!byTransport || isUdp(have) === isUdp(range)),
    );
    if (other) {
      throw failed(
        `The port ${range.port} of ${loadBalancer.id} is in use by the ${other.protocol} listener ${other.id}.`,
      );
    }
  }
}
