import {
  createSceneListener,
  createSceneRule,
  onListener,
  servedListener,
  server,
  tcpListener,
} from './clb-scenes';
import { type Example, type ExampleCloud, reading, writing } from './example';

/**
 * Examples of the targets of rules and layer-4 listeners: github.com/TencentCloud/tencentcloud-cli,
 * tccli/examples/clb/v20180317.
 */

/** Creates two paths of one domain, and a third that they should redirect to. */
async function pairs(cloud: ExampleCloud): Promise<object> {
  const to = await createSceneRule(cloud, cloud.names.listener, { Domain: 'to.example.com', Url: '/' });
  const from = [
    await createSceneRule(cloud, cloud.names.listener, { Domain: 'from.example.com', Url: '/a' }),
    await createSceneRule(cloud, cloud.names.listener, { Domain: 'from.example.com', Url: '/b' }),
  ];
  return {
    LoadBalancerId: cloud.names.loadBalancer,
    SourceListenerId: cloud.names.listener,
    TargetListenerId: cloud.names.listener,
    RewriteInfos: from.map((source) => ({ SourceLocationId: source, TargetLocationId: to })),
  };
}

async function redirects(cloud: ExampleCloud): Promise<object> {
  const made = await pairs(cloud);
  await cloud.write('clb', 'ManualRewrite', made);
  return made;
}

/** Creates a separate rule, and the function to bind to it. */
async function binding(cloud: ExampleCloud): Promise<object> {
  const rule = await createSceneRule(cloud, cloud.names.listener, { Domain: 'fn.example.com', Url: '/' });
  const name = cloud.names.function;
  const target = { FunctionNamespace: 'default', FunctionName: name, FunctionQualifier: '$LATEST' };
  return { ...onListener(cloud), LocationId: rule, FunctionTargets: [{ Weight: 66, Function: target }] };
}

async function bound(cloud: ExampleCloud): Promise<object> {
  const made = await binding(cloud);
  await cloud.write('clb', 'RegisterFunctionTargets', made);
  return made;
}

/** Creates a layer-4 listener and a layer-7 rule, with the server behind both. */
async function bothLayers(cloud: ExampleCloud): Promise<{ listener: string; rule: string }> {
  const listener = await createSceneListener(cloud, { Ports: [79], Protocol: 'TCP' });
  const rule = await createSceneRule(cloud, cloud.names.listener, {
    Domain: 'weights.example.com',
    Url: '/',
  });
  const place = { LoadBalancerId: cloud.names.loadBalancer };
  const layer4 = { ...place, ListenerId: listener, Targets: [server(cloud, 79)] };
  await cloud.write('clb', 'RegisterTargets', layer4);
  const layer7 = { ...onListener(cloud), LocationId: rule, Targets: [server(cloud, 80)] };
  await cloud.write('clb', 'RegisterTargets', layer7);
  return { listener, rule };
}

const servers: readonly Example[] = [
  reading(
    'clb',
    'DescribeTargets',
    'of one rule',
    ({ loadBalancer, rule }) => ({
      LoadBalancerId: loadBalancer,
      Filters: [{ Name: 'location-id', Values: [rule] }],
    }),
    ['loadBalancer', 'rule'],
  ),
  writing('clb', 'DescribeTargets', 'all, of both layers', async (cloud, send) => {
    await bothLayers(cloud);
    return send({ LoadBalancerId: cloud.names.loadBalancer });
  }),
  writing('clb', 'RegisterTargets', 'at a layer-4 listener', async (cloud, send) => {
    const place = { LoadBalancerId: cloud.names.loadBalancer, ListenerId: await tcpListener(cloud) };
    return send({ ...place, Targets: [{ ...server(cloud, 233), Weight: 10 }] });
  }),
  writing('clb', 'RegisterTargets', 'at a rule, by its id', async (cloud, send) => {
    const rule = await createSceneRule(cloud, cloud.names.listener, { Domain: 'foo.net', Url: '/bar8' });
    return send({
      ...onListener(cloud),
      LocationId: rule,
      Targets: [{ ...server(cloud, 233), Weight: 10 }],
    });
  }),
  writing('clb', 'RegisterTargets', 'at a rule, by domain and path', async (cloud, send) => {
    const rule = { Domain: 'foo.net', Url: '/bar8' };
    await createSceneRule(cloud, cloud.names.listener, rule);
    return send({ ...onListener(cloud), ...rule, Targets: [{ ...server(cloud, 233), Weight: 10 }] });
  }),
  writing('clb', 'DeregisterTargets', 'one server of a layer-4 listener', async (cloud, send) =>
    send({ ...(await servedListener(cloud, 334)), Targets: [server(cloud, 334)] }),
  ),
  writing('clb', 'ModifyTargetWeight', 'of one server', async (cloud, send) =>
    send({ ...(await servedListener(cloud, 334)), Targets: [server(cloud, 334)], Weight: 8 }),
  ),
];

const functions: readonly Example[] = [
  writing('clb', 'RegisterFunctionTargets', 'to a rule', async (cloud, send) => send(await binding(cloud))),
  writing('clb', 'ModifyFunctionTargets', 'of a rule', async (cloud, send) => send(await bound(cloud))),
  writing('clb', 'DeregisterFunctionTargets', 'by the id of the rule', async (cloud, send) =>
    send(await bound(cloud)),
  ),
];

const rewrites: readonly Example[] = [
  writing('clb', 'ManualRewrite', 'one pair', async (cloud, send) => send(await pairs(cloud))),
  writing('clb', 'DescribeRewrite', 'of one source', async (cloud, send) => {
    await redirects(cloud);
    return send({ LoadBalancerId: cloud.names.loadBalancer, SourceListenerIds: [cloud.names.listener] });
  }),
];

export const clbTargetExamples: readonly Example[] = [...servers, ...functions, ...rewrites];
