/** Returns the number that the cloud has for a VPC beside its id; 0 = the classic network. */
export function numericalVpcId(vpcId: string): number {
  const number = Number.parseInt(vpcId.replace(/^vpc-/, ''), 36);
  return vpcId.startsWith('vpc-') && Number.isFinite(number) ? 1_000_000 + (number % 9_000_000) : 0;
}
