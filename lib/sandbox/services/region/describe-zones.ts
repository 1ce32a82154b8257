import type {
  DescribeZonesRequest,
  DescribeZonesResponse,
  ZoneInfo,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/region/v20220627/region_models';
import { listRegionZones, regionTable } from '@/lib/sandbox/model/region-table';
import { action, type WithFields, type WithNull } from '../action';
import { requireProduct } from './describe-products';

type ZoneAnswer = WithNull<ZoneInfo, 'MachineRoomTypeMC' | 'ZoneIdMC'>;
type Answer = WithFields<DescribeZonesResponse, { ZoneSet: ZoneAnswer[] }>;

/**
 * DescribeZones of github.com/TencentCloud/tencentcloud-cli, tccli/services/region/v20220627/api.json: the zones of all
 * regions, because the service takes no region.
 */
export const describeProductZones = action<DescribeZonesRequest, Answer>((request, { language }) => {
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
