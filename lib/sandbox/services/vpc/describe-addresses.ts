import type { Address } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import type { WorldInstance } from '../../world/network';
import { action, type WithNull } from '../action';
import { page } from '../paging';
import { type FilterTests, passesFilters, tagList } from '../tag-filters';

type AddressAnswer = WithNull<
  Address,
  | 'AddressId'
  | 'AddressName'
  | 'Bandwidth'
  | 'BandwidthPackageId'
  | 'DeadlineDate'
  | 'Egress'
  | 'InternetChargeType'
  | 'NetworkInterfaceId'
>;
type Answer = { AddressSet: AddressAnswer[] };
/** A public address and the server that has it. */
type Held = { readonly ip: string; readonly instance: WorldInstance; readonly tags: Record<string, string> };

const none = () => false;
const kinds = ['EIP', 'AnycastEIP', 'HighQualityEIP', 'AntiDDoSEIP', 'ResidentialEIP'];

/** The filters of https://cloud.tencent.com/document/api/215/16702, except those of tags. */
export const addressFilters: FilterTests<Held> = {
  'address-id': none,
  'address-name': none,
  'address-ip': ({ ip }, value) => ip === value,
  'address-status': (_, value) => value === 'BIND',
  'instance-id': ({ instance }, value) => instance.id === value,
  'private-ip-address': ({ instance }, value) => instance.privateIp === value,
  'network-interface-id': none,
  'is-arrears': (_, value) => value.toUpperCase() === 'FALSE',
  'instance-type': (_, value) => value === 'CVM',
  'address-type': (_, value) => value === 'WanIP',
  'address-isp': (_, value) => value === 'BGP',
  'dedicated-cluster-id': none,
};

function addressAnswer({ ip, instance }: Held): AddressAnswer {
  return {
    AddressId: null,
    AddressName: null,
    AddressStatus: 'BIND',
    AddressIp: ip,
    InstanceId: instance.id,
    InstanceType: 'CVM',
    NetworkInterfaceId: null,
    PrivateAddressIp: instance.privateIp,
    IsArrears: false,
    IsBlocked: false,
    IsEipDirectConnection: false,
    AddressType: 'WanIP',
    CascadeRelease: false,
    InternetServiceProvider: 'BGP',
    LocalBgp: false,
    Bandwidth: null,
    InternetChargeType: null,
    BandwidthPackageId: null,
    DeadlineDate: null,
    Egress: null,
    TagSet: tagList({}),
  };
}

/**
 * Lists addresses: https://cloud.tencent.com/document/api/215/16702. An account of the sandbox has no elastic IPs; the
 * plain public addresses of its servers are shown if `address-type` WanIP is requested, as in the cloud.
 */
export const describeAddresses = action<'vpc.DescribeAddresses', Answer>((request, { account, region }) => {
  const { AddressIds: ids = [], Filters: filters = [] } = request;
  if (ids.length > 0 && filters.some(({ Name: name }) => name === 'address-id')) {
    throw new ApiError(
      'InvalidParameter.Coexist',
      'The parameters `AddressIds` and `Filters.address-id` exclude each other.',
    );
  }
  const [missing] = ids;
  if (missing !== undefined) {
    throw new ApiError(
      'InvalidParameterValue.AddressIdMalformed',
      `There is no elastic IP ${missing} in ${region}.`,
    );
  }
  const wanted = filters.find(({ Name: name }) => name === 'address-type')?.Values ?? kinds;
  const held = Object.values(account.instances)
    .filter((instance) => instance.region === region && wanted.includes('WanIP'))
    .flatMap((instance) => instance.publicIps.map((ip): Held => ({ ip, instance, tags: {} })));
  const found = held.filter((each) => passesFilters(each, filters, addressFilters));
  return {
    TotalCount: found.length,
    AddressSet: page(found, request, { fallback: 20, max: 100 }).map(addressAnswer),
  };
});
