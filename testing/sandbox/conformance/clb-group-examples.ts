import { createAddress, createNetwork, createSceneRule, onListener } from './clb-scenes';
import { type Example, type ExampleCloud, reading, readText, writing } from './example';

/**
 * Examples of target groups and custom configs:
 * github.com/TencentCloud/tencentcloud-cli, tccli/examples/clb/v20180317.
 */

async function newGroup(cloud: ExampleCloud): Promise<string> {
  const request = { TargetGroupName: 'pool', VpcId: await createNetwork(cloud), Port: 8080 };
  return readText(await cloud.write('clb', 'CreateTargetGroup', request), 'TargetGroupId');
}

async function filledGroup(cloud: ExampleCloud): Promise<{ group: string; ip: string }> {
  const ip = await createAddress(cloud);
  const answer = await cloud.write('clb', 'CreateTargetGroup', {
    TargetGroupName: 'pool',
    VpcId: await createNetwork(cloud),
    TargetGroupInstances: [{ BindIP: ip, Port: 8080, Weight: 10 }],
  });
  return { ip, group: readText(answer, 'TargetGroupId') };
}

/** Creates a rule for target groups, and the group to associate with it. */
async function association(cloud: ExampleCloud): Promise<object> {
  const { group } = await filledGroup(cloud);
  const rule = { Domain: 'group.example.com', Url: '/', TargetType: 'TARGETGROUP' };
  const location = await createSceneRule(cloud, cloud.names.listener, rule);
  return { Associations: [{ ...onListener(cloud), LocationId: location, TargetGroupId: group }] };
}

async function associated(cloud: ExampleCloud): Promise<object> {
  const made = await association(cloud);
  await cloud.write('clb', 'AssociateTargetGroups', made);
  return made;
}

const groups: readonly Example[] = [
  writing('clb', 'DescribeTargetGroups', 'by id', async (cloud, send) =>
    send({ TargetGroupIds: [(await filledGroup(cloud)).group] }),
  ),
  writing('clb', 'DescribeTargetGroups', 'by network, one in use', async (cloud, send) => {
    await associated(cloud);
    return send({ Filters: [{ Name: 'TargetGroupVpcId', Values: [await createNetwork(cloud)] }] });
  }),
  writing('clb', 'CreateTargetGroup', 'in a network', async (cloud, send) =>
    send({ TargetGroupName: 'pool', VpcId: await createNetwork(cloud), Port: 8080 }),
  ),
  writing('clb', 'DeleteTargetGroups', 'one', async (cloud, send) =>
    send({ TargetGroupIds: [await newGroup(cloud)] }),
  ),
  writing('clb', 'AssociateTargetGroups', 'with a rule', async (cloud, send) =>
    send(await association(cloud)),
  ),
  writing('clb', 'DisassociateTargetGroups', 'from a rule', async (cloud, send) =>
    send(await associated(cloud)),
  ),
  writing('clb', 'DescribeTargetGroupInstanceStatus', 'by address', async (cloud, send) => {
    const { group, ip } = await filledGroup(cloud);
    return send({ TargetGroupId: group, TargetGroupInstanceIps: [ip] });
  }),
];

const configs: readonly Example[] = [
  reading('clb', 'DescribeCustomizedConfigList', 'the first three', () => ({
    ConfigType: 'SERVER',
    Offset: 0,
    Limit: 3,
  })),
  reading(
    'clb',
    'DescribeCustomizedConfigAssociateList',
    'of one that is in use',
    ({ serverConfig: id }) => ({ UconfigId: id, Offset: 0, Limit: 3 }),
    ['serverConfig'],
  ),
];

export const clbGroupExamples: readonly Example[] = [...groups, ...configs];
