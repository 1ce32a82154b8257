import type { WorldTarget } from './clb';
import type { TargetAddress } from './effect';
import type { WorldInstance } from './network';
import type { AccountWorld } from './world';

/** Returns a target as text, unlike that of any other: `ins-…:8080`, or `10.0.0.7:8080` where an address is bound. */
export function formatTargetAddress({ instanceId, eniIp, port }: TargetAddress): string {
  return `${eniIp ?? instanceId}:${port}`;
}

/** Returns the private address of a target; '' if its server was deleted. */
export function targetAddress(
  { eniIp }: Pick<WorldTarget, 'eniIp'>,
  instance: WorldInstance | undefined,
): string {
  return eniIp ?? instance?.privateIp ?? '';
}

/**
 * Returns a target in the form of responses (https://cloud.tencent.com/document/api/214/30694#Backend): a server by its
 * id; an address by its interface, as type ENI and without a server (assumption: the description only documents that
 * such types exist).
 */
export function targetIdentity(target: TargetAddress, instance: WorldInstance | undefined) {
  const { instanceId, eniIp } = target;
  const addresses = targetAddress(target, instance) === '' ? [] : [targetAddress(target, instance)];
  if (eniIp === undefined) return { Type: 'CVM', InstanceId: instanceId, EniId: null, addresses };
  const own = instance?.interfaces?.find(({ privateIps }) => privateIps.includes(eniIp));
  return { Type: 'ENI', InstanceId: '', EniId: own?.id ?? null, addresses };
}

/** Returns the server of a region that has the private address, and which of its addresses it is. */
export function addressOwner(
  account: AccountWorld,
  region: string,
  ip: string,
): { instance: WorldInstance; eniIp?: string } | undefined {
  for (const instance of Object.values(account.instances)) {
    if (instance.region !== region) continue;
    if (instance.privateIp === ip) return { instance };
    if (instance.interfaces?.some(({ privateIps }) => privateIps.includes(ip)))
      return { instance, eniIp: ip };
  }
  return undefined;
}
