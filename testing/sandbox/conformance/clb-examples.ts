import {
  certificates,
  createNetwork,
  createSceneListener,
  createSceneRule,
  httpsListener,
  onListener,
  servedListener,
  tcpListener,
} from './clb-scenes';
import { type Example, type ExampleCloud, reading, readText, writing } from './example';

/**
 * Examples of load balancers, their listeners and rules:
 * github.com/TencentCloud/tencentcloud-cli, tccli/examples/clb/v20180317.
 */

const onBalancer = ({ names }: ExampleCloud) => ({ LoadBalancerId: names.loadBalancer });

const newBalancer = async (cloud: ExampleCloud): Promise<string> => {
  const request = { LoadBalancerType: 'OPEN', VpcId: await createNetwork(cloud) };
  return readText(await cloud.write('clb', 'CreateLoadBalancer', request), 'LoadBalancerIds');
};

const fooRule = (cloud: ExampleCloud, url = '/') =>
  createSceneRule(cloud, cloud.names.listener, { Domain: 'foo.net', Url: url });

const loadBalancers: readonly Example[] = [
  writing('clb', 'ModifyLoadBalancerSla', 'of one', (cloud, send) =>
    send({ LoadBalancerSla: [{ ...onBalancer(cloud), SlaType: 'clb.c2.medium' }] }),
  ),
  writing('clb', 'SetLoadBalancerSecurityGroups', 'of one', (cloud, send) =>
    send({ ...onBalancer(cloud), SecurityGroups: [cloud.names.securityGroup] }),
  ),
  reading('clb', 'DescribeLBOperateProtect', 'of one', ({ loadBalancer }) => ({
    LoadBalancerIds: [loadBalancer ?? 'lb-00000000'],
  })),
  reading('clb', 'DescribeClassicalLBListeners', 'of one', ({ classic }) => ({ LoadBalancerId: classic }), [
    'classic',
  ]),
  reading(
    'clb',
    'DescribeLoadBalancers',
    'by the private address of a server, with that it has servers',
    () => ({ BackendPrivateIps: ['172.26.0.11'], WithRs: 1 }),
  ),
  reading('clb', 'DescribeLoadBalancers', 'by a word in name, domain or VIP', () => ({ SearchKey: 'lb' })),
  reading(
    'clb',
    'DescribeLoadBalancers',
    'by id',
    ({ loadBalancer }) => ({ LoadBalancerIds: [loadBalancer] }),
    ['loadBalancer'],
  ),
  reading('clb', 'DescribeLoadBalancers', 'by project, type, name and the values of a tag', () => ({
    ProjectId: 0,
    LoadBalancerType: 'OPEN',
    LoadBalancerName: 'lb',
    Filters: [{ Name: 'tag:stage', Values: ['live', 'test'] }],
  })),
  reading(
    'clb',
    'DescribeLoadBalancers',
    'by project, type and VIP',
    ({ vip }) => ({ ProjectId: 0, LoadBalancerType: 'OPEN', LoadBalancerVips: [vip] }),
    ['vip'],
  ),
  reading('clb', 'DescribeQuota', 'of the region'),
  writing('clb', 'CreateLoadBalancer', 'public, in a network', async (cloud, send) => {
    const kind = { Forward: 1, ProjectId: 0, LoadBalancerType: 'OPEN', LoadBalancerName: 'test-open' };
    return send({ ...kind, VpcId: await createNetwork(cloud) });
  }),
  writing('clb', 'CreateLoadBalancer', 'private, in a subnet', async (cloud, send) => {
    const { SubnetSet: set } = await cloud.call('vpc', 'DescribeSubnets');
    const [subnet] = set as { SubnetId: string; VpcId: string }[];
    const kind = { Forward: 1, LoadBalancerType: 'INTERNAL', LoadBalancerName: 'test_internal' };
    return send({ ...kind, SubnetId: subnet?.SubnetId, VpcId: subnet?.VpcId });
  }),
  writing('clb', 'DeleteLoadBalancer', 'one', async (cloud, send) =>
    send({ LoadBalancerIds: [await newBalancer(cloud)] }),
  ),
  writing('clb', 'ModifyLoadBalancerAttributes', 'its name', (cloud, send) =>
    send({ ...onBalancer(cloud), LoadBalancerName: 'newlbname' }),
  ),
  writing('clb', 'SetLoadBalancerStartStatus', 'stop', (cloud, send) =>
    send({ ...onBalancer(cloud), OperationType: 'Stop' }),
  ),
];

const listeners: readonly Example[] = [
  reading('clb', 'DescribeListeners', 'all of a load balancer', ({ loadBalancer: id }) => ({
    LoadBalancerId: id,
  })),
  writing('clb', 'DescribeListeners', 'by port, protocol and id', async (cloud, send) => {
    const id = await createSceneListener(cloud, { Ports: [333], Protocol: 'TCP' });
    return send({ ...onBalancer(cloud), Protocol: 'TCP', Port: 333, ListenerIds: [id] });
  }),
  writing('clb', 'CreateListener', 'HTTPS with a certificate that is there', async (cloud, send) => {
    const [certificate] = await certificates(cloud);
    const use = { SSLMode: 'UNIDIRECTIONAL', CertId: certificate };
    return send({ ...onBalancer(cloud), Protocol: 'HTTPS', Ports: [7572], Certificate: use });
  }),
  writing('clb', 'CreateListener', 'TCP with its health check', (cloud, send) =>
    send({
      ...onBalancer(cloud),
      Protocol: 'TCP',
      Ports: [7571],
      HealthCheck: { UnHealthNum: 4, HealthNum: 4, IntervalTime: 7, TimeOut: 5, HealthSwitch: 1 },
    }),
  ),
  writing('clb', 'CreateListener', 'UDP, checked by ping', (cloud, send) =>
    send({
      ...onBalancer(cloud),
      Protocol: 'UDP',
      Ports: [432],
      ListenerNames: ['lis_test'],
      HealthCheck: { HealthSwitch: 1 },
    }),
  ),
  writing('clb', 'CreateListener', 'two of TCP, each with its name', (cloud, send) =>
    send({
      ...onBalancer(cloud),
      Protocol: 'TCP',
      Ports: [7570, 7569],
      ListenerNames: ['lis1', 'lis0'],
    }),
  ),
  writing('clb', 'CreateListener', 'that changes its scheduler', (cloud, send) =>
    send({
      ...onBalancer(cloud),
      Protocol: 'tcp',
      Ports: [5689],
      RescheduleTargetZeroWeight: true,
      RescheduleUnhealthy: true,
      RescheduleExpandTarget: true,
      RescheduleStartTime: 25,
      RescheduleInterval: 50,
    }),
  ),
  writing('clb', 'ModifyListener', 'its certificate', async (cloud, send) => {
    const { id, use } = await httpsListener(cloud);
    return send({ ...onBalancer(cloud), ListenerId: id, Certificate: use });
  }),
  writing(
    'clb',
    'ModifyListener',
    'name, health check and scheduling of a layer-4 one',
    async (cloud, send) =>
      send({
        ...onBalancer(cloud),
        ListenerId: await tcpListener(cloud),
        ListenerName: 'newlis',
        Scheduler: 'LEAST_CONN',
        SessionExpireTime: 120,
        HealthCheck: { UnHealthNum: 5, HealthNum: 5, IntervalTime: 60, TimeOut: 35, HealthSwitch: 1 },
      }),
  ),
  writing('clb', 'ModifyListener', 'its scheduler', async (cloud, send) =>
    send({
      ...onBalancer(cloud),
      ListenerId: await tcpListener(cloud),
      RescheduleTargetZeroWeight: false,
      RescheduleUnhealthy: false,
      RescheduleExpandTarget: false,
      RescheduleStartTime: 0,
      RescheduleInterval: 0,
    }),
  ),
  writing('clb', 'DeleteListener', 'one', async (cloud, send) =>
    send({ ...onBalancer(cloud), ListenerId: await tcpListener(cloud) }),
  ),
];

const rules: readonly Example[] = [
  writing('clb', 'CreateRule', 'one rule', (cloud, send) =>
    send({ ...onListener(cloud), Rules: [{ Domain: 'foo.net', Url: '/bar' }] }),
  ),
  writing('clb', 'DescribeTaskStatus', 'of a write that has ended', async (cloud, send) => {
    const rule = { Domain: 'task.example.com', Url: '/' };
    const written = await cloud.write('clb', 'CreateRule', { ...onListener(cloud), Rules: [rule] });
    return send({ TaskId: written.RequestId });
  }),
  writing('clb', 'ModifyRule', 'path, scheduling and health check', async (cloud, send) =>
    send({
      ...onListener(cloud),
      LocationId: await fooRule(cloud),
      Url: '/bar',
      Scheduler: 'LEAST_CONN',
      SessionExpireTime: 75,
      HealthCheck: {
        HealthSwitch: 1,
        IntervalTime: 50,
        HealthNum: 3,
        UnHealthNum: 3,
        HttpCode: 7,
        HttpCheckPath: '/check',
        HttpCheckDomain: 'foo.net',
        HttpCheckMethod: 'GET',
      },
    }),
  ),
  writing('clb', 'DeleteRule', 'by domain and path', async (cloud, send) => {
    await fooRule(cloud, '/bar2');
    return send({ ...onListener(cloud), Domain: 'foo.net', Url: '/bar2' });
  }),
  writing('clb', 'ModifyDomainAttributes', 'with nothing to change', async (cloud, send) => {
    await fooRule(cloud);
    return send({ ...onListener(cloud), Domain: 'foo.net' });
  }),
  writing('clb', 'DescribeTargetHealth', 'of a load balancer', async (cloud, send) => {
    await servedListener(cloud, 80);
    return send({ LoadBalancerIds: [cloud.names.loadBalancer] });
  }),
];

export const clbExamples: readonly Example[] = [...loadBalancers, ...listeners, ...rules];
