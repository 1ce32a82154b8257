/** The products that we call. */
export type Service =
  | 'clb'
  | 'scf'
  | 'cvm'
  | 'vpc'
  | 'dnspod'
  | 'sts'
  | 'monitor'
  | 'ssl'
  | 'cam'
  | 'cloudaudit'
  | 'igtm';

/**
 * Requests a second that the cloud allows for actions that differ from their service's default.
 * SCF: https://tencentcloud.com/document/product/583/17235, https://www.tencentcloud.com/document/api/583/41408
 * CVM: https://cloud.tencent.com/document/api/213/15728
 * Security groups: https://www.tencentcloud.com/document/api/215/15804
 * Monitor has the default: https://cloud.tencent.com/document/api/248/31014
 * CloudAudit, too: https://www.tencentcloud.com/document/product/1021/42703
 * DNSPod: https://tencentcloud.com/zh/document/api/1157/49025, https://cloud.tencent.com/document/api/1427/83364
 * CAM: https://www.tencentcloud.com/document/api/598/44834
 */
const exceptions: Readonly<Record<string, number>> = {
  'scf/ListFunctions': 100,
  'scf/InvokeFunction': 10_000,
  'cvm/DescribeInstances': 40,
  'vpc/DescribeSecurityGroupPolicies': 100,
  'dnspod/DescribeRecordList': 100,
  'dnspod/CreateRecord': 500,
  'dnspod/ModifyRecord': 500,
  'dnspod/DeleteRecord': 500,
  'cam/ListAttachedUserAllPolicies': 5,
};

/**
 * The rate of every CLB action, also assumed where no rate is published.
 * https://tencentcloud.com/document/api/214/33789
 */
const defaultRate = 20;

/**
 * Returns the requests per second that the cloud allows one key for one action in one region.
 * https://cloud.tencent.com/document/product/1278/109059
 */
export function allowedRate(service: Service, action: string): number {
  return exceptions[`${service}/${action}`] ?? defaultRate;
}
