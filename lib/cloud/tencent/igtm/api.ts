import type { DescribeInstanceListResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/igtm/v20231024/igtm_models.js';
import { z } from 'zod';
import type { IgtmInstance } from '@/lib/estate/model';
import type { Reader } from '../call/caller';
import { type OnOdd, type Page, readEach, readPages } from '../call/pages';

const text = z.string().nullish();

/** Instance of github.com/TencentCloud/tencentcloud-sdk-nodejs, tencentcloud/services/igtm/v20231024/igtm_models.d.ts. */
const WireInstance = z.object({
  InstanceId: z.string().min(1),
  InstanceName: text,
  Domain: text,
  AccessDomain: text,
  AccessSubDomain: text,
  Status: text,
});

const InstancesAnswer = z.object({
  TotalCount: z.number().int(),
  InstanceSet: z.array(z.unknown()).nullish(),
});

/** Returns a host name as records have it; null for none. */
function toHost(subdomain: string | null | undefined, domain: string | null | undefined): string | null {
  const zone = (domain ?? '').toLowerCase().replace(/\.$/, '');
  if (zone === '') return null;
  return subdomain && subdomain !== '@' ? `${subdomain.toLowerCase()}.${zone}` : zone;
}

function toInstances(answer: DescribeInstanceListResponse, onOdd: OnOdd): Page<IgtmInstance> {
  const wire = InstancesAnswer.parse(answer);
  const items = readEach(WireInstance, wire.InstanceSet, 'InstanceId', onOdd).map(
    (instance): IgtmInstance => ({
      id: instance.InstanceId,
      name: instance.InstanceName || instance.InstanceId,
      domain: toHost(null, instance.Domain),
      accessName: toHost(instance.AccessSubDomain, instance.AccessDomain),
      enabled: instance.Status !== 'DISABLED',
    }),
  );
  return { items, total: wire.TotalCount, count: wire.InstanceSet?.length ?? 0 };
}

/** The page size; the largest is not published. */
const pageSize = 100;

/** Lists the instances of IGTM of the account. */
export function listIgtmInstances(reader: Reader, onOdd: OnOdd): Promise<readonly IgtmInstance[]> {
  return readPages(pageSize, (window) =>
    reader.read({ service: 'igtm', action: 'DescribeInstanceList', region: null, params: window }, (answer) =>
      toInstances(answer, onOdd),
    ),
  );
}
