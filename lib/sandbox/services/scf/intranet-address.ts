import type { IntranetConfigIn } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import type { WorldFunctionSettings } from '../../world/scf';
import type { ActionContext } from '../action';

type Place = Pick<WorldFunctionSettings, 'intranetIp' | 'vpc'>;

function addressToNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function numberToAddress(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.');
}

/** Returns a free address of a subnet, counting down from its end: servers are numbered up from its start. */
function freeAddress(subnetId: string, { account, addressesInUse }: ActionContext): string {
  const [block = '', prefix = '32'] = account.subnets[subnetId]?.cidr.split('/') ?? [];
  const first = addressToNumber(block);
  const used = addressesInUse();
  // The last one is the broadcast address, the first two belong to the network and the gateway.
  for (let number = first + 2 ** (32 - Number(prefix)) - 2; number > first + 1; number -= 1) {
    const address = numberToAddress(number);
    if (!used.has(address)) return address;
  }
  throw new ApiError('ResourceInsufficient', `The subnet ${subnetId} has no free address left.`);
}

/**
 * Returns the source address of a function inside its VPC, which stays the same while the function is in one subnet:
 * https://www.tencentcloud.com/document/product/583/38198.
 * @param given the setting in the request; undefined = as in `base`
 * @param vpc the function's network after the request
 * @throws ApiError InvalidParameterValue when a fixed address is requested without a VPC (the code is not documented),
 * ResourceInsufficient
 */
export function intranetAddress(
  given: IntranetConfigIn | undefined,
  base: Place,
  vpc: Place['vpc'],
  context: ActionContext,
): string | undefined {
  const isFixed = given === undefined ? base.intranetIp !== undefined : given.IpFixed === 'ENABLE';
  if (!isFixed) return undefined;
  if (vpc === null) {
    if (given === undefined) return undefined;
    throw new ApiError('InvalidParameterValue', 'The parameter `IntranetConfig` needs a VPC in `VpcConfig`.');
  }
  const stays = base.intranetIp !== undefined && base.vpc?.subnetId === vpc.subnetId;
  return stays ? base.intranetIp : freeAddress(vpc.subnetId, context);
}
