import type {
  DescribeInstancesResponse,
  DescribeZonesResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/cvm/v20170312/cvm_models.js';
import { z } from 'zod';
import { InstanceId } from '@/lib/estate/ids';
import type { Instance } from '@/lib/estate/model';
import type { AvailabilityZone } from '@/lib/estate/network-model';
import type { Reader } from '../call/caller';
import { type OnOdd, type Page, readEach, readPages } from '../call/pages';

const WireInstance = z.object({
  InstanceId,
  InstanceName: z.string().nullish(),
  InstanceState: z.string(),
  Placement: z.object({ Zone: z.string() }),
  VirtualPrivateCloud: z.object({ VpcId: z.string().nullish() }).nullish(),
  PrivateIpAddresses: z.array(z.string()).nullish(),
  SecurityGroupIds: z.array(z.string()).nullish(),
});

const InstancesAnswer = z.object({
  TotalCount: z.number().int(),
  InstanceSet: z.array(z.unknown()).nullish(),
});

/**
 * Instances of one region. @throws ZodError when a field that we rely on is not as documented, unless `onOdd` handles
 * it
 */
function toInstances(answer: DescribeInstancesResponse, region: string, onOdd?: OnOdd): Page<Instance> {
  const wire = InstancesAnswer.parse(answer);
  const items = readEach(WireInstance, wire.InstanceSet, 'InstanceId', onOdd).map(
    (instance): Instance => ({
      id: instance.InstanceId,
      name: instance.InstanceName ?? instance.InstanceId,
      region,
      zone: instance.Placement.Zone,
      state: instance.InstanceState,
      vpcId: instance.VirtualPrivateCloud?.VpcId || null,
      privateIps: instance.PrivateIpAddresses ?? [],
      securityGroups: instance.SecurityGroupIds ?? null,
    }),
  );
  return { items, total: wire.TotalCount, count: wire.InstanceSet?.length ?? 0 };
}

const WireZone = z.object({ Zone: z.string().min(1), ZoneName: z.string().nullish(), ZoneState: z.string() });

const AvailabilityZonesAnswer = z.object({ ZoneSet: z.array(z.unknown()).nullish() });

/**
 * Availability zones of one region. @throws ZodError when a field that we rely on is not as documented, unless `onOdd`
 * handles it
 */
function toAvailabilityZones(
  answer: DescribeZonesResponse,
  region: string,
  onOdd?: OnOdd,
): readonly AvailabilityZone[] {
  const { ZoneSet: zones } = AvailabilityZonesAnswer.parse(answer);
  return readEach(WireZone, zones, 'Zone', onOdd).map(({ Zone: id, ZoneName: name, ZoneState: state }) => ({
    id,
    name: name || id,
    region,
    isAvailable: state === 'AVAILABLE',
  }));
}

/** The largest page of DescribeInstances. https://cloud.tencent.com/document/api/213/15728 */
const pageSize = 100;

/** Lists all instances of a region. */
export function listInstances(reader: Reader, region: string, onOdd: OnOdd): Promise<readonly Instance[]> {
  return readPages(pageSize, (window) =>
    reader.read({ service: 'cvm', action: 'DescribeInstances', region, params: window }, (answer) =>
      toInstances(answer, region, onOdd),
    ),
  );
}

/** Returns the availability zones of a region. */
export function listAvailabilityZones(
  reader: Reader,
  region: string,
  onOdd: OnOdd,
): Promise<readonly AvailabilityZone[]> {
  return reader.read({ service: 'cvm', action: 'DescribeZones', region, params: null }, (answer) =>
    toAvailabilityZones(answer, region, onOdd),
  );
}
