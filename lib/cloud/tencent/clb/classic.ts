import type { DescribeClassicalLBListenersResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models.js';
import { z } from 'zod';
import { ListenerId, type LoadBalancerId } from '@/lib/estate/ids';
import { type Listener, ListenerProtocol } from '@/lib/estate/model';
import type { Reader } from '../call/caller';
import { type OnOdd, readEach } from '../call/pages';
import { list, text } from './wire';

const WireClassic = z.object({
  ListenerId,
  ListenerName: text,
  Protocol: z.string().toUpperCase().pipe(ListenerProtocol),
  ListenerPort: z.number().int(),
  CertId: text,
});

const ClassicListenersAnswer = z.object({ Listeners: list(z.unknown()) });

function toClassicListeners(
  answer: DescribeClassicalLBListenersResponse,
  loadBalancerId: LoadBalancerId,
  onOdd?: OnOdd,
): readonly Listener[] {
  const { Listeners } = ClassicListenersAnswer.parse(answer);
  return readEach(WireClassic, Listeners, 'ListenerId', onOdd).map((wire) => ({
    id: wire.ListenerId,
    loadBalancerId,
    name: wire.ListenerName ?? '',
    protocol: wire.Protocol,
    port: wire.ListenerPort,
    certificateId: wire.CertId,
    certificateIds: wire.CertId === null ? [] : [wire.CertId],
    clientCaId: null,
    sniSwitch: null,
    keepalive: null,
    stopped: null,
    createdAt: null,
    targets: [],
  }));
}

/**
 * Reads the listeners of a classic load balancer, which has a separate action for them and no rules. Its targets are
 * not read, because plans can't use them. https://www.tencentcloud.com/document/api/214/33804
 * @throws ZodError when a listener is not as documented, unless `onOdd` handles it
 */
export function readClassicListeners(
  reader: Reader,
  region: string,
  loadBalancerId: LoadBalancerId,
  onOdd?: OnOdd,
): Promise<readonly Listener[]> {
  const params = { LoadBalancerId: loadBalancerId };
  return reader.read({ service: 'clb', action: 'DescribeClassicalLBListeners', region, params }, (answer) =>
    toClassicListeners(answer, loadBalancerId, onOdd),
  );
}
