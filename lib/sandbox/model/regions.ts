import { ApiError } from './api-error';
import type { ApiRoute, ServiceName } from './dispatch';
import { type Language, regionTable } from './region-table';

/**
 * Services that respond the same everywhere and take no region: DNSPod
 * (https://cloud.tencent.com/document/api/1427/56180), STS, CAM (https://cloud.tencent.com/document/api/598/34570),
 * tags (https://cloud.tencent.com/document/api/651/35316) and regions
 * (https://cloud.tencent.com/document/api/1596/77930).
 */
const globalServices: ReadonlySet<ServiceName> = new Set(['dnspod', 'sts', 'cam', 'tag', 'region', 'ssl']);

/**
 * Returns whether an action takes no region. DescribeRegions needs none, the rest of CVM does:
 * https://cloud.tencent.com/document/api/213/15708.
 */
function isGlobal({ service, action }: ApiRoute): boolean {
  return globalServices.has(service) || (service === 'cvm' && action === 'DescribeRegions');
}

/**
 * Returns the region of a request; `''` for actions that have none.
 * @throws ApiError MissingParameter, UnsupportedRegion
 */
export function resolveRegion(route: ApiRoute, header: string | undefined): string {
  if (isGlobal(route)) return '';
  if (!header)
    throw new ApiError('MissingParameter', 'The request is missing a required parameter `Region`.');
  if (!regionTable.has(header)) {
    throw new ApiError(
      'UnsupportedRegion',
      `The service ${route.service} does not support the region \`${header}\`.`,
    );
  }
  return header;
}

/**
 * Returns the language of names: Chinese when requested; without the header it is English:
 * https://cloud.tencent.com/document/api/213/15707.
 */
export function parseLanguage(header: string | undefined): Language {
  return header === 'zh-CN' ? 'zh' : 'en';
}
