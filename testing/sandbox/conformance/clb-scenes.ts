import { type ExampleCloud, readText } from './example';

/** The prerequisites of the load balancer examples, created with calls. */

export const onListener = ({ names }: ExampleCloud) => ({
  LoadBalancerId: names.loadBalancer,
  ListenerId: names.listener,
});

export async function createSceneListener(cloud: ExampleCloud, request: object): Promise<string> {
  const answer = await cloud.write('clb', 'CreateListener', {
    LoadBalancerId: cloud.names.loadBalancer,
    ...request,
  });
  return readText(answer, 'ListenerIds');
}

export function createSceneRule(cloud: ExampleCloud, listener: string | null, rule: object): Promise<string> {
  return cloud
    .write('clb', 'CreateRule', { ...onListener(cloud), ListenerId: listener, Rules: [rule] })
    .then((answer) => readText(answer, 'LocationIds'));
}

export const tcpListener = (cloud: ExampleCloud) =>
  createSceneListener(cloud, { Ports: [7000], Protocol: 'TCP', ListenerNames: ['tcp'] });

/** Returns the account's newest server certificates, as many as requested. */
export async function certificates(cloud: ExampleCloud, count = 1): Promise<string[]> {
  const request = { Limit: count, CertificateType: 'SVR' };
  const { Certificates: found } = await cloud.call('ssl', 'DescribeCertificates', request);
  return (found as { CertificateId: string }[]).map((each) => each.CertificateId);
}

export async function httpsListener(cloud: ExampleCloud): Promise<{ id: string; use: object }> {
  const [certificate] = await certificates(cloud);
  const use = { SSLMode: 'UNIDIRECTIONAL', CertId: certificate };
  return { use, id: await createSceneListener(cloud, { Ports: [443], Protocol: 'HTTPS', Certificate: use }) };
}

export async function createNetwork(cloud: ExampleCloud): Promise<string> {
  const { LoadBalancerSet: set } = await cloud.call('clb', 'DescribeLoadBalancers', {
    LoadBalancerIds: [cloud.names.loadBalancer],
  });
  const [loadBalancer] = set as { VpcId: string }[];
  return loadBalancer?.VpcId ?? '';
}

/** Creates a layer-4 listener with the server at the port. */
export async function servedListener(cloud: ExampleCloud, port: number): Promise<object> {
  const place = { LoadBalancerId: cloud.names.loadBalancer, ListenerId: await tcpListener(cloud) };
  await cloud.write('clb', 'RegisterTargets', { ...place, Targets: [server(cloud, port)] });
  return place;
}

export async function createAddress(cloud: ExampleCloud): Promise<string> {
  const { InstanceSet: set } = await cloud.call('cvm', 'DescribeInstances', {
    InstanceIds: [cloud.names.instance],
  });
  const [instance] = set as { PrivateIpAddresses: string[] }[];
  return instance?.PrivateIpAddresses[0] ?? '';
}

export const server = ({ names }: ExampleCloud, port: number) => ({ InstanceId: names.instance, Port: port });
