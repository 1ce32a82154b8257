import type { DescribeZonesResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cvm/v20170312/cvm_models';
import { listRegionZones } from '@/lib/sandbox/model/region-table';
import { action } from '../action';

/** https://cloud.tencent.com/document/api/213/15707 */
export const describeZones = action<object, DescribeZonesResponse>((_, { region, language }) => {
  const zones = listRegionZones(region, language);
  return {
    TotalCount: zones.length,
    ZoneSet: zones.map(({ code, id, name, state }) => ({
      Zone: code,
      ZoneName: name,
      ZoneId: id,
      ZoneState: state,
    })),
  };
});
