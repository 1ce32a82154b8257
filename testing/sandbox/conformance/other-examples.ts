import { certificates } from './clb-scenes';
import { type Example, reading, writing } from './example';

/**
 * Examples: github.com/TencentCloud/tencentcloud-cli, tccli/examples, of cvm, vpc, dnspod, monitor and ssl. Those of
 * monitor request metrics of servers and databases, which the sandbox does not have, so the responses have no points.
 */

const day = { StartTime: '2026-01-01T19:51:23+08:00', EndTime: '2026-01-01T20:51:23+08:00', Period: 300 };
const cpuQuery = (...ids: (string | null)[]) => ({
  Namespace: 'QCE/CVM',
  MetricName: 'CPUUsage',
  ...day,
  Instances: ids.map((id) => ({ Dimensions: [{ Name: 'InstanceId', Value: id }] })),
});
const inZones = {
  Limit: 1,
  Offset: 0,
  Filters: [{ Name: 'zone', Values: ['ap-guangzhou-3', 'ap-singapore-2'] }],
};

export const otherExamples: readonly Example[] = [
  reading('cvm', 'DescribeInstances', 'the first of two zones', () => inZones),
  reading('cvm', 'DescribeInstances', 'with its latest operation', () => inZones),
  reading('cvm', 'DescribeInstances', 'by the value of a tag', () => ({
    Limit: 1,
    Offset: 0,
    Filters: [{ Name: 'tag:city', Values: ['shenzhen'] }],
  })),
  reading('cvm', 'DescribeZones', 'of the region'),
  reading('cvm', 'DescribeZones', 'of the region, once more'),
  reading('vpc', 'DescribeNetworkAccountType', 'of the account'),
  reading('vpc', 'DescribeAddresses', 'of a load balancer', ({ loadBalancer }) => ({
    Filters: [{ Name: 'instance-id', Values: [loadBalancer ?? 'lb-00000000'] }],
  })),
  reading(
    'vpc',
    'DescribeSecurityGroupPolicies',
    'of a group',
    ({ securityGroup }) => ({ SecurityGroupId: securityGroup }),
    ['securityGroup'],
  ),
  reading('vpc', 'DescribeVpcs', 'by address range and whether it is the default', () => ({
    Limit: '2',
    Offset: '0',
    Filters: [
      { Name: 'cidr-block', Values: ['192.168.0.0', '10.0.0.0'] },
      { Name: 'is-default', Values: ['false'] },
    ],
  })),
  reading('vpc', 'DescribeVpcs', 'by the value of a tag', () => ({
    Limit: '2',
    Offset: '0',
    Filters: [{ Name: 'tag:city', Values: ['shanghai'] }],
  })),
  reading('dnspod', 'DescribeDomainList', 'by a word, one at a time', ({ zone }) => ({
    Type: 'ALL',
    Limit: 1,
    Offset: 0,
    ...(zone === null ? {} : { Keyword: zone.slice(0, 4) }),
  })),
  reading('dnspod', 'DescribeDomain', 'by name', ({ zone }) => ({ Domain: zone }), ['zone']),
  reading(
    'dnspod',
    'DescribeRecordList',
    'by name, type and line, sorted',
    ({ zone }) => ({
      Domain: zone,
      Offset: 0,
      Limit: 2,
      Subdomain: '@',
      RecordType: 'NS',
      RecordLine: '默认',
      RecordLineId: '0',
      SortField: 'type',
      SortType: 'ASC',
    }),
    ['zone'],
  ),
  writing('dnspod', 'ModifyRecord', 'the whole record', ({ names }, send) =>
    send({
      Domain: names.zone,
      RecordId: names.record,
      SubDomain: 'bbbb',
      RecordType: 'A',
      RecordLine: '默认',
      RecordLineId: '0',
      Value: '129.23.32.32',
      MX: 0,
      TTL: 600,
      Weight: 10,
      Status: 'DISABLE',
    }),
  ),
  reading('vpc', 'DescribeSubnets', 'by network, name, address range and id', () => ({
    Filters: [
      { Name: 'vpc-id', Values: ['vpc-2at5y1pn'] },
      { Name: 'subnet-name', Values: ['默认广州二区子网'] },
      { Name: 'cidr-block', Values: ['172.16.16.0'] },
      { Name: 'subnet-id', Values: ['subnet-otu92seu'] },
      { Name: 'is-default', Values: ['true'] },
    ],
  })),
  reading('vpc', 'DescribeSubnets', 'by the value of a tag', () => ({
    Filters: [{ Name: 'tag:city', Values: ['shanghai'] }],
  })),
  reading('vpc', 'DescribeSubnets', 'all'),
  reading('vpc', 'DescribeVpcs', 'all'),
  reading('cvm', 'DescribeInstances', 'all'),
  reading('dnspod', 'DescribePackageDetail', 'of all plans'),
  reading('dnspod', 'DescribeRecord', 'by id', ({ zone, record }) => ({ Domain: zone, RecordId: record }), [
    'zone',
    'record',
  ]),
  reading(
    'dnspod',
    'DescribeRecordLineList',
    'of a plan',
    ({ zone }) => ({ Domain: zone, DomainGrade: 'DP_ULTRA' }),
    ['zone'],
  ),
  reading('dnspod', 'DescribeRecordList', 'all', ({ zone }) => ({ Domain: zone }), ['zone']),
  reading('dnspod', 'DescribeDomainList', 'all'),
  writing('dnspod', 'CreateRecord', 'of a line, with a weight, off', ({ names }, send) =>
    send({
      Domain: names.zone,
      SubDomain: 'bbbb',
      RecordType: 'A',
      RecordLine: '默认',
      RecordLineId: '0',
      Value: '129.23.32.32',
      MX: 0,
      TTL: 600,
      Weight: 10,
      Status: 'DISABLE',
    }),
  ),
  writing('dnspod', 'ModifyRecordFields', 'its weight', ({ names }, send) =>
    send({
      Domain: names.zone,
      RecordId: names.record,
      FieldList: [{ Key: 'weight', Value: '20' }],
    }),
  ),
  writing('dnspod', 'ModifyRecordStatus', 'on', ({ names }, send) =>
    send({ Domain: names.zone, RecordId: names.record, Status: 'ENABLE' }),
  ),
  writing('dnspod', 'DeleteRecord', 'one', ({ names }, send) =>
    send({ Domain: names.zone, RecordId: names.record }),
  ),
  reading('monitor', 'GetMonitorData', 'of a database', () => ({
    Namespace: 'QCE/CDB',
    MetricName: 'CpuUseRate',
    ...day,
    Instances: [
      {
        Dimensions: [
          { Name: 'InstanceId', Value: 'cdb-k5d6z7p0' },
          { Name: 'InstanceType', Value: '2' },
        ],
      },
    ],
  })),
  reading('monitor', 'GetMonitorData', 'of a server', ({ instance }) => cpuQuery(instance), ['instance']),
  reading(
    'monitor',
    'GetMonitorData',
    'of two servers',
    ({ instance }) => cpuQuery(instance, 'ins-o8vv2w10'),
    ['instance'],
  ),
  writing('ssl', 'DescribeCertificateDetail', 'by id', async (cloud) => {
    const [CertificateId] = await certificates(cloud);
    return cloud.call('ssl', 'DescribeCertificateDetail', { CertificateId });
  }),
  reading('ssl', 'DescribeCertificates', 'all'),
  reading('ssl', 'DescribeCertificates', 'the first', () => ({ Limit: 1, Offset: 0 })),
  reading('ssl', 'DescribeCertificates', 'by a word in the domain', () => ({
    Limit: 1,
    Offset: 0,
    SearchKey: 'example',
  })),
  reading('igtm', 'DescribeInstanceList', 'all', () => ({ Offset: 0, Limit: 20 })),
  reading('ssl', 'DescribeCertificates', 'by a word in the note', () => ({
    Limit: 1,
    Offset: 0,
    SearchKey: 'renewal',
  })),
  reading('ssl', 'DescribeCertificates', 'by the beginning of the id', () => ({
    Limit: 1,
    Offset: 0,
    SearchKey: 'cert',
  })),
];
