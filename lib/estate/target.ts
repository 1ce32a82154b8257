/**
 * Names of targets. A server is bound by its id, which means the primary address of its primary interface; all else (a
 * secondary address, a pod, a server of another network) by its address, in its plain form. A write names one of the
 * two. https://cloud.tencent.com/document/api/214/30694#Target
 */
type TargetName =
  | { readonly instanceId: string; readonly eniIp?: undefined }
  | { readonly instanceId?: undefined; readonly eniIp: string };

/** The key that distinguishes the targets of a rule. */
export type TargetKey = TargetName & { readonly port: number };

/** Returns the id of a target's server, or the address that is bound. */
export function targetName({ instanceId, eniIp }: TargetName): string {
  return instanceId ?? eniIp;
}

/** Returns a target as text: `ins-…:8080`, `10.0.0.7:8080`, `[fd00::7]:8080`. Those of two targets differ. */
export function targetText(target: TargetKey): string {
  const name = targetName(target);
  return `${name.includes(':') ? `[${name}]` : name}:${target.port}`;
}

/** Returns whether two targets are the same, ignoring weights. */
export function isSameTarget(a: TargetKey, b: TargetKey): boolean {
  return a.instanceId === b.instanceId && a.eniIp === b.eniIp && a.port === b.port;
}

/** Returns the fields that name a target, without the others. */
export function nameFields({ instanceId, eniIp }: TargetName): { instanceId: string } | { eniIp: string } {
  return instanceId === undefined ? { eniIp } : { instanceId };
}
