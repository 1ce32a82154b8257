import type { ZoneResource } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { type CloudZone, listRegionZones } from '@/lib/sandbox/model/region-table';
import { action, type WithNull } from '@/lib/sandbox/services/action';
import { page } from '@/lib/sandbox/services/paging';
import { nat64Regions } from './create-load-balancer';
import { slaTypes } from './load-balancer-values';

type Answer = { ZoneResourceSet: WithNull<ZoneResource, 'SlaveZone'>[] };

/**
 * The carriers of each kind of address. It is not documented which zones have single-carrier ones, so none has them
 * here.
 */
const carriers: Readonly<Record<string, readonly string[]>> = {
  IPv4: ['BGP', 'INTERNAL'],
  IPv6: ['BGP', 'INTERNAL'],
  IPv6_Nat: ['BGP'],
};

function zoneResource(zone: CloudZone, region: string, ipVersion: string, isps: readonly string[]) {
  const availability = zone.state === 'AVAILABLE' ? 'Available' : 'Unavailable';
  return {
    MasterZone: zone.code,
    SlaveZone: null,
    IPVersion: ipVersion,
    ZoneRegion: region,
    LocalZone: false,
    EdgeZone: false,
    ZoneResourceType: 'SHARED',
    Egress: '',
    ResourceSet: isps.map((isp) => ({
      Type: [isp],
      Isp: isp,
      AvailabilitySet: [{ Type: isp, Availability: availability }],
      TypeSet: [
        {
          Type: isp,
          SpecAvailabilitySet: slaTypes.map((type) => ({ SpecType: type, Availability: availability })),
        },
      ],
    })),
  };
}

/**
 * DescribeResources of the SDK's declarations: the offer of each zone of a region, one entry for each zone and kind of
 * address. Sold-out zones offer nothing.
 */
export const describeResources = action<'clb.DescribeResources', Answer>((request, { region }) => {
  const values = (name: string) => request.Filters?.find((filter) => filter.Name === name)?.Values;
  const passes = (name: string, value: string) => values(name)?.includes(value) ?? true;
  const versions = ['IPv4', 'IPv6', ...(nat64Regions.includes(region) ? ['IPv6_Nat'] : [])];
  const found = listRegionZones(region, 'en')
    .filter(({ code }) => passes('master-zone', code))
    .flatMap((zone) =>
      versions
        .filter((version) => passes('ip-version', version))
        .map((version) => {
          const isps = (carriers[version] ?? []).filter((isp) => passes('isp', isp));
          return zoneResource(zone, region, version, isps);
        }),
    )
    .filter((entry) => entry.ResourceSet.length > 0);
  return { TotalCount: found.length, ZoneResourceSet: page(found, request, { fallback: 20, max: 100 }) };
});
