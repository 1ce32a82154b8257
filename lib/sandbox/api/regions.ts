import { ApiError } from './api-error';
import type { ServiceName } from './dispatch';

/** Region codes: github.com/TencentCloud/tencentcloud-sdk-go, tencentcloud/common/regions. */
const regions: ReadonlySet<string> = new Set([
  'ap-bangkok',
  'ap-beijing',
  'ap-chengdu',
  'ap-chongqing',
  'ap-guangzhou',
  'ap-hongkong',
  'ap-jakarta',
  'ap-mumbai',
  'ap-nanjing',
  'ap-seoul',
  'ap-shanghai',
  'ap-shanghai-fsi',
  'ap-shenzhen-fsi',
  'ap-singapore',
  'ap-tokyo',
  'eu-frankfurt',
  'na-ashburn',
  'na-siliconvalley',
  'na-toronto',
  'sa-saopaulo',
]);

/** DNSPod and STS answer alike everywhere and take no region: https://cloud.tencent.com/document/api/1427/56180. */
const globalServices: ReadonlySet<ServiceName> = new Set(['dnspod', 'sts']);

/**
 * The region of a request; `''` for services that have none.
 * @throws ApiError MissingParameter, UnsupportedRegion
 */
export function regionOf(service: ServiceName, header: string | undefined): string {
  if (globalServices.has(service)) return '';
  if (!header)
    throw new ApiError('MissingParameter', 'The request is missing a required parameter `Region`.');
  if (!regions.has(header)) {
    throw new ApiError(
      'UnsupportedRegion',
      `The service ${service} does not support the region \`${header}\`.`,
    );
  }
  return header;
}
