import type {
  RegionInfo,
  ZoneInfo,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/region/v20220627/region_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { listRegionZones, regionTable } from '@/lib/sandbox/model/region-table';
import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import served from '@/lib/sandbox/world/served-actions.json';
import { type Actions, action, type WithNull } from '../action';
import { page } from '../paging';

type ZoneAnswer = WithNull<ZoneInfo, 'MachineRoomTypeMC' | 'ZoneIdMC'>;
type ZonesAnswer = { ZoneSet: ZoneAnswer[] };

/**
 * DescribeZones of github.com/TencentCloud/tencentcloud-cli, tccli/services/region/v20220627/api.json: the zones of all
 * regions, because the service takes no region.
 */
const describeProductZones = action<'region.DescribeZones', ZonesAnswer>((request, { language }) => {
  requireProduct(request.Product);
  const zones = [...regionTable.keys()].flatMap((region) => listRegionZones(region, language));
  return {
    TotalCount: zones.length,
    ZoneSet: zones.map(({ code, id, name, state }) => ({
      Zone: code,
      ZoneName: name,
      ZoneId: id,
      ZoneState: state,
      ParentZone: '',
      ParentZoneId: '',
      ParentZoneName: '',
      ZoneType: 'availability-zone',
      MachineRoomTypeMC: null,
      ZoneIdMC: null,
    })),
  };
});

type RegionAnswer = WithNull<RegionInfo, 'LocationMC' | 'RegionIdMC' | 'RegionNameMC' | 'RegionTypeMC'>;
type Answer = { RegionSet: RegionAnswer[] };

/** https://cloud.tencent.com/document/api/1596/77930 */
const describeProductRegions = action<'region.DescribeRegions', Answer>((request, { language }) => {
  requireProduct(request.Product);
  return {
    TotalCount: regionTable.size,
    RegionSet: [...regionTable.values()].map(({ code, name }) => ({
      Region: code,
      RegionName: name[language],
      RegionState: 'AVAILABLE',
      RegionTypeMC: null,
      LocationMC: null,
      RegionNameMC: null,
      RegionIdMC: null,
    })),
  };
});

const products = Object.keys(served).sort();

/** Checks that a product exists. @throws ApiError InvalidParameter for a product that doesn't exist. */
function requireProduct(name: string): void {
  if (products.includes(name)) return;
  throw new ApiError(
    'InvalidParameter',
    `The parameter \`Product\` must be one of ${products.join(', ')}, not \`${name}\`.`,
  );
}

/** DescribeProducts of github.com/TencentCloud/tencentcloud-cli, tccli/services/region/v20220627/api.json */
const describeProducts = action<'region.DescribeProducts'>((request) => ({
  TotalCount: products.length,
  Products: page(products, request, { fallback: 20, max: 100 }).map((Name) => ({ Name })),
}));

export const regionActions: Actions = {
  DescribeProducts: describeProducts,
  DescribeRegions: describeProductRegions,
  DescribeZones: describeProductZones,
};

const source =
  'https://github.com/TencentCloud/tencentcloud-cli/blob/master/tccli/services/region/v20220627/api.json';

export const regionValues: ValueRules = {
  DescribeProducts: [
    { field: 'Offset', range: [0, Number.MAX_SAFE_INTEGER], code: 'InvalidParameter', source },
    { field: 'Limit', range: [1, 100], code: 'InvalidParameter', source },
  ],
  DescribeRegions: [{ field: 'Scene', oneOf: [0, 1], code: 'InvalidParameter', source }],
  DescribeZones: [{ field: 'Scene', oneOf: [0, 1], code: 'InvalidParameter', source }],
};
