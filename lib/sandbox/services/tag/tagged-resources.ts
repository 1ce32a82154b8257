import { ApiError } from '@/lib/sandbox/model/api-error';
import type { AccountWorld } from '../../world/world';
import { functionId } from '../scf/find/find-objects';

/** A taggable resource, by the parts of its six-segment name. */
export type TaggedResource = {
  readonly service: string;
  /** `''` for products without regions. */
  readonly region: string;
  readonly prefix: string;
  readonly id: string;
  /** An alternative form of the last segment, beside `prefix/id`. */
  readonly path?: string;
  /** The object's own tags: changing them changes the object. */
  readonly tags: Record<string, string>;
};

type Tagged = { readonly region: string; readonly tags: Record<string, string> };

function named<T extends Tagged>(
  service: string,
  prefix: string,
  objects: Readonly<Record<string, T>>,
  idOf: (object: NoInfer<T>) => string,
): TaggedResource[] {
  return Object.values(objects).map((object) => ({
    service,
    prefix,
    region: object.region,
    id: idOf(object),
    tags: object.tags,
  }));
}

const own = ({ id }: { readonly id: string }) => id;

/**
 * Returns all taggable resources of an account. Products and prefixes:
 * https://cloud.tencent.com/document/product/651/89122
 */
export function taggedResources(account: AccountWorld): TaggedResource[] {
  const zones = Object.values(account.zones).map(
    ({ id, tags }): TaggedResource => ({
      service: 'dnspod',
      prefix: 'domain',
      region: '',
      id: String(id),
      tags,
    }),
  );
  const functions = Object.values(account.functions).map(
    (fn): TaggedResource => ({
      service: 'scf',
      prefix: 'lam',
      region: fn.region,
      id: functionId(fn),
      tags: fn.tags,
      // https://www.tencentcloud.com/document/product/583/38177; the Terraform provider names functions this way.
      path: `namespace/${fn.namespace}/function/${fn.name}`,
    }),
  );
  return [
    ...named('clb', 'clb', account.loadBalancers, own),
    ...named('clb', 'targetgroup', account.targetGroups, own),
    ...named('cvm', 'instance', account.instances, own),
    ...named('vpc', 'vpc', account.vpcs, own),
    ...named('vpc', 'subnet', account.subnets, own),
    ...functions,
    ...zones,
  ];
}

/** The account may be omitted, entirely or after `uin/`: it is then that of the caller. */
const form = /^qcs:[^:]*:([^:]+):([^:]*):(?:uin\/(\d*))?:([^/:]+(?:\/[^/:]+){1,7})$/;

/**
 * Returns the resource that the six segments name. @throws ApiError InvalidParameterValue.ResourceDescriptionError when
 * they are invalid
 */
export function findTagged(account: AccountWorld, field: string, name: string): TaggedResource | undefined {
  const match = form.exec(name);
  if (!match) {
    throw new ApiError(
      'InvalidParameterValue.ResourceDescriptionError',
      `The parameter \`${field}\` must be in six segments, such as qcs::clb:ap-guangzhou:uin/100000000001:clb/lb-6egrjcs2, not \`${name}\`.`,
    );
  }
  const [, service, region, uin = '', path] = match;
  if (uin !== '' && uin !== account.uin) return undefined;
  return taggedResources(account).find(
    (each) =>
      each.service === service &&
      each.region === region &&
      (path === `${each.prefix}/${each.id}` || path === each.path),
  );
}
