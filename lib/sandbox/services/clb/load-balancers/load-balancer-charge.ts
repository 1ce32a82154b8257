import type {
  CreateLoadBalancerRequest,
  ModifyLoadBalancerAttributesRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { type ApiError, invalidValue, missingParameter } from '@/lib/sandbox/model/api-error';
import type { ActionContext } from '@/lib/sandbox/services/action';
import type { WorldLoadBalancer } from '@/lib/sandbox/world/clb';
import type { LoadBalancerFields } from '../../../world/effect';

/** Mbps: https://cloud.tencent.com/document/api/214/30694#InternetAccessible. */
const bandwidth = { usual: 10, sharedMax: 2048 };

/** The charge types between which `SwitchFlag` 2 switches: https://cloud.tencent.com/document/api/214/30680. */
const postpaid: readonly string[] = [
  'TRAFFIC_POSTPAID_BY_HOUR',
  'BANDWIDTH_POSTPAID_BY_HOUR',
  'BANDWIDTH_PACKAGE',
];

function invalid(message: string): ApiError {
  return invalidValue(message);
}

function checkBandwidth(field: string, mbps: number, slaType: string): void {
  if (slaType !== '' || mbps <= bandwidth.sharedMax) return;
  throw invalid(
    `The parameter \`${field}.InternetMaxBandwidthOut\` must be between 1 and ${bandwidth.sharedMax} on a shared instance.`,
  );
}

function monthsLater(time: number, months: number): number {
  const until = new Date(time);
  until.setUTCMonth(until.getUTCMonth() + months);
  return until.getTime();
}

/**
 * Returns the charge type, size and carrier of new load balancers: https://cloud.tencent.com/document/api/214/30692.
 * @throws ApiError MissingParameter, InvalidParameterValue(.Range)
 */
export function toCharge(
  request: CreateLoadBalancerRequest,
  { now }: Pick<ActionContext, 'now'>,
): Pick<
  WorldLoadBalancer,
  'bandwidthMbps' | 'chargeType' | 'internetChargeType' | 'prepaid' | 'slaType' | 'vipIsp'
> {
  const isPublic = request.LoadBalancerType === 'OPEN';
  const {
    InternetAccessible: internet = {},
    LBChargePrepaid: prepaid,
    VipIsp: isp,
    SlaType: slaType = '',
  } = request;
  const isPrepaid = request.LBChargeType === 'PREPAID';
  if (isPrepaid && prepaid?.Period === undefined) {
    throw missingParameter('The request is missing a required parameter `LBChargePrepaid.Period`.');
  }
  const usualCharge = isPrepaid ? 'BANDWIDTH_PREPAID' : 'TRAFFIC_POSTPAID_BY_HOUR';
  const internetChargeType =
    internet.InternetChargeType ?? (request.BandwidthPackageId ? 'BANDWIDTH_PACKAGE' : usualCharge);
  if ((request.BandwidthPackageId || (isp && isp !== 'BGP')) && internetChargeType !== 'BANDWIDTH_PACKAGE') {
    throw invalid(
      'The parameter `InternetAccessible.InternetChargeType` must be BANDWIDTH_PACKAGE with a bandwidth package or a single carrier.',
    );
  }
  if (isp && !isPublic) throw invalid('The parameter `VipIsp` only applies to public instances.');
  const mbps = internet.InternetMaxBandwidthOut ?? bandwidth.usual;
  checkBandwidth('InternetAccessible', mbps, slaType);
  const months = prepaid?.Period ?? 1;
  return {
    slaType,
    chargeType: isPrepaid ? 'PREPAID' : 'POSTPAID_BY_HOUR',
    prepaid: isPrepaid
      ? { months, autoRenew: prepaid?.RenewFlag === 'AUTO_RENEW', expiresAt: monthsLater(now, months) }
      : null,
    internetChargeType: isPublic ? internetChargeType : '',
    bandwidthMbps: isPublic || slaType !== '' ? mbps : 0,
    vipIsp: isPublic ? (isp ?? 'BGP') : 'INTERNAL',
  };
}

/**
 * Returns the changed charge settings. Bandwidth can change at any time, the charge type only with a `SwitchFlag`:
 * https://cloud.tencent.com/document/api/214/30680.
 * @throws ApiError InvalidParameterValue(.Range)
 */
export function changedCharge(
  request: ModifyLoadBalancerAttributesRequest,
  loadBalancer: WorldLoadBalancer,
  now: number,
): LoadBalancerFields {
  const { InternetChargeInfo: internet = {}, SwitchFlag: flag = 0 } = request;
  const { id, chargeType, slaType } = loadBalancer;
  const { InternetChargeType: type = loadBalancer.internetChargeType, InternetMaxBandwidthOut: mbps } =
    internet;
  if (request.InternetChargeInfo && loadBalancer.type === 'INTERNAL' && slaType === '') {
    throw invalid(`The parameter \`InternetChargeInfo\` does not apply to the private instance ${id}.`);
  }
  if (mbps !== undefined) checkBandwidth('InternetChargeInfo', mbps, slaType);
  if (flag === 0 && type !== loadBalancer.internetChargeType) {
    throw invalid(`Changing \`InternetChargeInfo.InternetChargeType\` of ${id} needs \`SwitchFlag\`.`);
  }
  if (flag === 2 && (chargeType === 'PREPAID' || !postpaid.includes(type))) {
    throw invalid(`The parameter \`SwitchFlag\` can be 2 only between ${postpaid.join(', ')}.`);
  }
  const speed = mbps === undefined ? {} : { bandwidthMbps: mbps };
  if (flag !== 1) return { ...speed, internetChargeType: type };
  if (chargeType === 'PREPAID') {
    const usual = postpaid.includes(type) ? type : 'TRAFFIC_POSTPAID_BY_HOUR';
    return { ...speed, internetChargeType: usual, chargeType: 'POSTPAID_BY_HOUR', prepaid: null };
  }
  return {
    ...speed,
    internetChargeType: 'BANDWIDTH_PREPAID',
    chargeType: 'PREPAID',
    prepaid: { months: 1, autoRenew: false, expiresAt: monthsLater(now, 1) },
  };
}

/** Returns an order number: digits, starting with the date. */
export function createDealName({ now, nextId }: Pick<ActionContext, 'now' | 'nextId'>): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '');
  return `${day}${String(nextId()).padStart(15, '0')}`;
}
