import type { CloudConnection } from '@/lib/cloud/connection';
import type { Service } from '@/lib/cloud/rates';

/**
 * Returns the cloud's host for calls to a service in a region. Finance regions are separate from the others and have
 * their own hosts: https://www.tencentcloud.com/document/api/214/33791. Accounts of the international site use one for
 * all regions: https://www.tencentcloud.com/document/product/1157/49027
 * @param region null for services without regions
 */
export function endpointHost(
  { site }: Pick<CloudConnection, 'site'>,
  service: Service,
  region: string | null,
): string {
  if (region?.endsWith('-fsi')) return `${service}.${region}.tencentcloudapi.com`;
  return site === 'international' ? `${service}.intl.tencentcloudapi.com` : `${service}.tencentcloudapi.com`;
}
