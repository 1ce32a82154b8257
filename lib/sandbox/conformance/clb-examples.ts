import { type Cloud, type Example, reading, textOf, writing } from './example';

/** Examples: github.com/TencentCloud/tencentcloud-cli, tccli/examples/clb/v20180317. */

const onListener = ({ names }: Cloud) => ({ LoadBalancerId: names.loadBalancer, ListenerId: names.listener });

async function newListener(cloud: Cloud, request: object): Promise<string> {
  const answer = await cloud.write('clb', 'CreateListener', {
    LoadBalancerId: cloud.names.loadBalancer,
    ...request,
  });
  return textOf(answer, 'ListenerIds');
}

function newRule(cloud: Cloud, listener: string | null, rule: object): Promise<string> {
  return cloud
    .write('clb', 'CreateRule', { ...onListener(cloud), ListenerId: listener, Rules: [rule] })
    .then((answer) => textOf(answer, 'LocationIds'));
}

const tcpListener = (cloud: Cloud) =>
  newListener(cloud, { Ports: [7000], Protocol: 'TCP', ListenerNames: ['tcp'] });

const httpsListener = async (cloud: Cloud) => {
  const { Certificates: certificates } = await cloud.call('ssl', 'DescribeCertificates', { Limit: 1 });
  const [certificate] = certificates as { CertificateId: string }[];
  const use = { SSLMode: 'UNIDIRECTIONAL', CertId: certificate?.CertificateId };
  return { use, id: await newListener(cloud, { Ports: [443], Protocol: 'HTTPS', Certificate: use }) };
};

async function newTargetGroup(cloud: Cloud): Promise<string> {
  const { LoadBalancerSet: set } = await cloud.call('clb', 'DescribeLoadBalancers', {
    LoadBalancerIds: [cloud.names.loadBalancer],
  });
  const [loadBalancer] = set as { VpcId: string }[];
  const answer = await cloud.write('clb', 'CreateTargetGroup', {
    TargetGroupName: 'pool',
    VpcId: loadBalancer?.VpcId,
    Port: 8080,
  });
  return textOf(answer, 'TargetGroupId');
}

async function addressOf(cloud: Cloud): Promise<string> {
  const { InstanceSet: set } = await cloud.call('cvm', 'DescribeInstances', {
    InstanceIds: [cloud.names.instance],
  });
  const [instance] = set as { PrivateIpAddresses: string[] }[];
  return instance?.PrivateIpAddresses[0] ?? '';
}

async function filledTargetGroup(cloud: Cloud): Promise<{ group: string; ip: string }> {
  const group = await newTargetGroup(cloud);
  const ip = await addressOf(cloud);
  await cloud.write('clb', 'RegisterTargetGroupInstances', {
    TargetGroupId: group,
    TargetGroupInstances: [{ BindIP: ip, Port: 8080, Weight: 10 }],
  });
  return { group, ip };
}

/** Two paths of one domain that go to a third. */
async function redirects(cloud: Cloud): Promise<object> {
  const to = await newRule(cloud, cloud.names.listener, { Domain: 'to.example.com', Url: '/' });
  const from = [
    await newRule(cloud, cloud.names.listener, { Domain: 'from.example.com', Url: '/a' }),
    await newRule(cloud, cloud.names.listener, { Domain: 'from.example.com', Url: '/b' }),
  ];
  const pairs = {
    LoadBalancerId: cloud.names.loadBalancer,
    SourceListenerId: cloud.names.listener,
    TargetListenerId: cloud.names.listener,
    RewriteInfos: from.map((source) => ({ SourceLocationId: source, TargetLocationId: to })),
  };
  await cloud.write('clb', 'ManualRewrite', pairs);
  return pairs;
}

/** A rule of its own with the function bound to it. */
async function boundRule(cloud: Cloud): Promise<object> {
  const rule = await newRule(cloud, cloud.names.listener, { Domain: 'fn.example.com', Url: '/' });
  const binding = {
    ...onListener(cloud),
    LocationId: rule,
    FunctionTargets: [
      {
        Weight: 66,
        Function: {
          FunctionNamespace: 'default',
          FunctionName: cloud.names.function,
          FunctionQualifier: '$LATEST',
        },
      },
    ],
  };
  await cloud.write('clb', 'RegisterFunctionTargets', binding);
  return binding;
}

const server = ({ names }: Cloud, port: number) => ({ InstanceId: names.instance, Port: port });

export const clbExamples: readonly Example[] = [
  reading(
    'clb',
    'DescribeLoadBalancers',
    'by the private address of a server, with that it has servers',
    () => ({
      BackendPrivateIps: ['172.26.0.11'],
      WithRs: 1,
    }),
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
  reading('clb', 'DescribeLoadBalancersDetail', 'two of them, from an offset on', () => ({
    Limit: 2,
    Offset: 1,
  })),
  reading('clb', 'DescribeTargetGroupList', 'all'),
  reading(
    'clb',
    'DescribeTargetGroupInstances',
    'of one group',
    ({ targetGroup }) => ({ Filters: [{ Name: 'TargetGroupId', Values: [targetGroup] }] }),
    ['targetGroup'],
  ),
  writing('clb', 'CreateRule', 'one rule', (cloud, send) =>
    send({ ...onListener(cloud), Rules: [{ Domain: 'foo.net', Url: '/bar' }] }),
  ),
  writing('clb', 'DescribeTaskStatus', 'of a write that has ended', async (cloud) => {
    const { RequestId: id } = await cloud.write('clb', 'CreateRule', {
      ...onListener(cloud),
      Rules: [{ Domain: 'task.example.com', Url: '/' }],
    });
    return cloud.call('clb', 'DescribeTaskStatus', { TaskId: id });
  }),
  writing('clb', 'DeregisterTargets', 'one server of a layer-4 listener', async (cloud, send) => {
    const place = { LoadBalancerId: cloud.names.loadBalancer, ListenerId: await tcpListener(cloud) };
    await cloud.write('clb', 'RegisterTargets', { ...place, Targets: [server(cloud, 334)] });
    return send({ ...place, Targets: [server(cloud, 334)] });
  }),
  writing('clb', 'ModifyTargetPort', 'of one server', async (cloud, send) => {
    const place = { LoadBalancerId: cloud.names.loadBalancer, ListenerId: await tcpListener(cloud) };
    await cloud.write('clb', 'RegisterTargets', { ...place, Targets: [server(cloud, 233)] });
    return send({ ...place, Targets: [server(cloud, 233)], NewPort: 334 });
  }),
  writing('clb', 'BatchRegisterTargets', 'a server', async (cloud, send) =>
    send({
      LoadBalancerId: cloud.names.loadBalancer,
      Targets: [{ ...server(cloud, 80), ListenerId: await tcpListener(cloud), Weight: 10 }],
    }),
  ),
  writing('clb', 'BatchDeregisterTargets', 'a server', async (cloud, send) => {
    const request = {
      LoadBalancerId: cloud.names.loadBalancer,
      Targets: [{ ...server(cloud, 80), ListenerId: await tcpListener(cloud), Weight: 10 }],
    };
    await cloud.write('clb', 'BatchRegisterTargets', request);
    return send(request);
  }),
  writing('clb', 'DeregisterFunctionTargets', 'by the id of the rule', async (cloud, send) =>
    send(await boundRule(cloud)),
  ),
  writing('clb', 'ModifyDomain', 'of a listener', async (cloud, send) => {
    await newRule(cloud, cloud.names.listener, { Domain: 'foo.net', Url: '/' });
    return send({ ...onListener(cloud), Domain: 'foo.net', NewDomain: 'bar.net' });
  }),
  writing('clb', 'ModifyDomainAttributes', 'with nothing to change', async (cloud, send) => {
    await newRule(cloud, cloud.names.listener, { Domain: 'foo.net', Url: '/' });
    return send({ ...onListener(cloud), Domain: 'foo.net' });
  }),
  writing('clb', 'ModifyListener', 'its certificate', async (cloud, send) => {
    const { id, use } = await httpsListener(cloud);
    return send({ LoadBalancerId: cloud.names.loadBalancer, ListenerId: id, Certificate: use });
  }),
  writing(
    'clb',
    'ModifyListener',
    'name, health check and scheduling of a layer-4 one',
    async (cloud, send) =>
      send({
        LoadBalancerId: cloud.names.loadBalancer,
        ListenerId: await tcpListener(cloud),
        ListenerName: 'newlis',
        Scheduler: 'LEAST_CONN',
        SessionExpireTime: 120,
        HealthCheck: { UnHealthNum: 5, HealthNum: 5, IntervalTime: 60, TimeOut: 35, HealthSwitch: 1 },
      }),
  ),
  writing('clb', 'ModifyListener', 'how it schedules anew', async (cloud, send) =>
    send({
      LoadBalancerId: cloud.names.loadBalancer,
      ListenerId: await tcpListener(cloud),
      RescheduleTargetZeroWeight: false,
      RescheduleUnhealthy: false,
      RescheduleExpandTarget: false,
      RescheduleStartTime: 0,
      RescheduleInterval: 0,
    }),
  ),
  writing('clb', 'DescribeRewrite', 'of one source', async (cloud) => {
    await redirects(cloud);
    return cloud.call('clb', 'DescribeRewrite', {
      LoadBalancerId: cloud.names.loadBalancer,
      SourceListenerIds: [cloud.names.listener],
    });
  }),
  writing('clb', 'DeleteRewrite', 'several pairs at once', async (cloud, send) =>
    send(await redirects(cloud)),
  ),
  writing('clb', 'CreateTargetGroup', 'in a network', async (cloud) => ({
    TargetGroupId: await newTargetGroup(cloud),
    RequestId: '',
  })),
  writing('clb', 'AssociateTargetGroups', 'with a rule', async (cloud, send) => {
    const { group } = await filledTargetGroup(cloud);
    const rule = { Domain: 'group.example.com', Url: '/', TargetType: 'TARGETGROUP' };
    const location = await newRule(cloud, cloud.names.listener, rule);
    return send({ Associations: [{ ...onListener(cloud), LocationId: location, TargetGroupId: group }] });
  }),
  writing('clb', 'DescribeTargetGroupInstances', 'of a group that has one', async (cloud, send) => {
    const { group } = await filledTargetGroup(cloud);
    return send({ Filters: [{ Name: 'TargetGroupId', Values: [group] }] });
  }),
  writing('clb', 'DescribeTargetGroupInstanceStatus', 'by address', async (cloud, send) => {
    const { group, ip } = await filledTargetGroup(cloud);
    return send({ TargetGroupId: group, TargetGroupInstanceIps: [ip] });
  }),
  writing('clb', 'ModifyTargetGroupInstancesWeight', 'of one server', async (cloud, send) => {
    const { group, ip } = await filledTargetGroup(cloud);
    return send({ TargetGroupId: group, TargetGroupInstances: [{ BindIP: ip, Port: 8080, Weight: 55 }] });
  }),
  writing('clb', 'DeregisterTargetGroupInstances', 'one server', async (cloud, send) => {
    const { group, ip } = await filledTargetGroup(cloud);
    return send({ TargetGroupId: group, TargetGroupInstances: [{ BindIP: ip, Port: 8080 }] });
  }),
  writing('clb', 'DeleteTargetGroups', 'one', async (cloud, send) =>
    send({ TargetGroupIds: [await newTargetGroup(cloud)] }),
  ),
  writing('clb', 'SetCustomizedConfigForLoadBalancer', 'a new one', (_cloud, send) =>
    send({ OperationType: 'ADD', ConfigName: 'config_test', ConfigContent: 'client_max_body_size 222M;' }),
  ),
  writing('clb', 'SetLoadBalancerStartStatus', 'stop', (cloud, send) =>
    send({ LoadBalancerId: cloud.names.loadBalancer, OperationType: 'Stop' }),
  ),
];
