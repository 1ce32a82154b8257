import { describe, expect, it } from 'vitest';
import { LoadBalancerId } from '@/lib/estate/ids';
import type { Rule } from '@/lib/estate/model';
import { joinBindings, toBindings, toListeners, toTaskStatus } from './convert';
import { toTargetHealths, withHealth } from './convert-health';
import { toLoadBalancers } from './convert-load-balancers';
import { toRuleHealth } from './convert-measured';

const lb = LoadBalancerId.parse('lb-1');

describe('toLoadBalancers', () => {
  const wire = {
    LoadBalancerId: 'lb-1',
    LoadBalancerName: 'shop',
    LoadBalancerType: 'OPEN',
    Forward: 1,
    LoadBalancerVips: ['203.0.113.7'],
    Status: 1,
    VpcId: 'vpc-1',
    AddressIPVersion: 'ipv4',
  };
  const only = (more: object) => {
    const answer = { TotalCount: 1, LoadBalancerSet: [{ ...wire, ...more }] };
    return toLoadBalancers(answer, 'ap-jakarta').items[0];
  };

  it.each([
    [{}, 'ipv4'],
    [{ AddressIPVersion: 'ipv6', IPv6Mode: 'IPv6Nat64' }, 'ipv6-nat64'],
    [{ AddressIPVersion: 'IPv6', IPv6Mode: 'IPv6FullChain' }, 'ipv6-full-chain'],
    // An unknown type must not be taken for one that supports functions.
    [{ AddressIPVersion: 'ipv6' }, 'unknown'],
    [{ AddressIPVersion: 'ipv6', IPv6Mode: 'IPv6Other' }, 'unknown'],
    [{ AddressIPVersion: 'mixed' }, 'unknown'],
    [{ AddressIPVersion: null }, 'unknown'],
  ])('%j is %s', (more, family) => {
    expect(only(more)?.addressFamily).toBe(family);
  });

  it.each([['0'], [''], [null]])('VPC %j is the classic network', (VpcId) => {
    expect(only({ VpcId })?.vpcId).toBeNull();
  });

  it('rejects a response without the field that identifies the generation', () => {
    expect(() => only({ Forward: undefined })).toThrow(/Forward/);
  });
});

const listeners = {
  Listeners: [
    {
      ListenerId: 'lbl-1',
      Protocol: 'HTTP',
      Port: 80,
      Rules: [
        { LocationId: 'loc-1', Domain: 'a.shop.test', Url: '/', DefaultServer: true },
        { LocationId: 'loc-2', Domain: 'b.shop.test', Domains: ['b.shop.test', 'c.shop.test'], Url: '/' },
      ],
    },
    { ListenerId: 'lbl-2', Protocol: 'TCP', Port: 9000, Rules: null },
  ],
};
const target = { Type: 'cvm', InstanceId: 'ins-1', Port: 8080, Weight: 10, PrivateIpAddresses: ['10.0.0.1'] };
const fn = {
  Function: {
    FunctionNamespace: 'default',
    FunctionName: 'hello',
    FunctionQualifier: '1',
    FunctionQualifierType: null,
  },
  Weight: 10,
};
const targets = {
  Listeners: [
    {
      ListenerId: 'lbl-1',
      Targets: null,
      Rules: [
        { LocationId: 'loc-1', Targets: [target], FunctionTargets: null },
        { LocationId: 'loc-2', Targets: [], FunctionTargets: [fn] },
      ],
    },
    { ListenerId: 'lbl-2', Targets: [{ ...target, Type: 'CVM' }], Rules: null },
  ],
};
/** Official responses contain nulls where the SDK's types have none. */
const join = (wireTargets: object) =>
  joinBindings(lb, toListeners(listeners as never), toBindings(wireTargets as never));

describe('joinBindings', () => {
  it('puts targets and functions on their rules, and layer-4 targets on the listener', () => {
    const joined = join(targets);
    expect(joined?.rules.map((rule) => [rule.id, rule.targets.length, rule.functions.length])).toEqual([
      ['loc-1', 1, 0],
      ['loc-2', 0, 1],
    ]);
    expect(joined?.rules[0]?.targets[0]).toMatchObject({ kind: 'CVM', instanceId: 'ins-1' });
    expect(joined?.rules[1]?.functions[0]).toMatchObject({ qualifier: '1', qualifierType: null });
    expect(joined?.listeners.map((listener) => listener.targets.length)).toEqual([0, 1]);
  });

  it.each([
    [
      { Type: 'cvm', InstanceId: 'ins-1', EniId: 'eni-1' },
      { kind: 'CVM', instanceId: 'ins-1' },
    ],
    [
      { Type: null, InstanceId: 'ins-1' },
      { kind: 'CVM', instanceId: 'ins-1' },
    ],
    // A write names the address, even if the response contains the server of the address.
    [
      { Type: 'ENI', InstanceId: 'ins-1', EniId: 'eni-1' },
      { kind: 'ENI', eniIp: '10.0.0.1' },
    ],
    [
      { Type: 'eni', InstanceId: '', EniId: 'eni-1' },
      { kind: 'ENI', eniIp: '10.0.0.1' },
    ],
    [
      { Type: 'CCN', InstanceId: null },
      { kind: 'CCN', eniIp: '10.0.0.1' },
    ],
    [
      { Type: 'EVM', InstanceId: 'eks-1', PrivateIpAddresses: null, PublicIpAddresses: ['203.0.113.9'] },
      { kind: 'EVM', eniIp: '203.0.113.9' },
    ],
    // A server's IPv6 address can't be bound by the server's id.
    [
      { Type: 'CVM', InstanceId: 'ins-1', PrivateIpAddresses: ['FD00:0::7'] },
      { kind: 'CVM', eniIp: 'fd00::7' },
    ],
  ])('names %j by %j', (wire, named) => {
    const [first, second] = targets.Listeners;
    const Rules = [{ ...first?.Rules?.[0], Targets: [{ ...target, ...wire }] }, first?.Rules?.[1]];
    const joined = join({ Listeners: [{ ...first, Rules }, second] });
    expect(joined?.rules[0]?.targets[0]).toMatchObject({ ...named, port: 8080 });
    expect(Object.keys(joined?.rules[0]?.targets[0] ?? {})).not.toContain(
      'eniIp' in named ? 'instanceId' : 'eniIp',
    );
  });

  it('keeps every domain of a rule', () => {
    expect(join(targets)?.rules[1]?.domains).toEqual(['b.shop.test', 'c.shop.test']);
  });

  it('does not treat missing targets or functions as empty', () => {
    const [first, second] = targets.Listeners;
    expect(join({ Listeners: [first] })).toBeNull();
    expect(join({ Listeners: [{ ...first, Rules: first?.Rules?.slice(0, 1) }, second] })).toBeNull();
  });
});

describe('the health of a rule that a response names twice', () => {
  const target = (TargetId: string, HealthStatusDetail: string) => ({
    TargetId,
    IP: `10.0.0.${TargetId.slice(-1)}`,
    Port: 80,
    HealthStatusDetail,
  });
  const place = { LocationId: 'loc-1', Domain: 'shop.example.com', Url: '/' };
  const listener = (...Targets: object[]) => ({ ListenerId: 'lbl-1', Rules: [{ ...place, Targets }] });
  const answer = {
    LoadBalancers: [
      {
        LoadBalancerId: 'lb-1',
        Listeners: [
          listener(target('ins-1', 'Alive'), target('ins-2', 'Alive')),
          listener(target('ins-2', 'Dead'), target('ins-3', 'Dead'), target('ins-1', 'Alive')),
        ],
      },
    ],
  } as never;

  it('is that of the targets of both places, and unknown for a target whose healths differ', () => {
    const health = toTargetHealths(answer, () => expect.fail());
    const targets = ['ins-1', 'ins-2', 'ins-3', 'ins-4'].map((instanceId) => ({
      instanceId,
      eniIp: null,
      privateIp: `10.0.0.${instanceId.slice(-1)}`,
      port: 80,
      health: null,
    }));
    const rule = withHealth({ listenerId: 'lbl-1', id: 'loc-1', targets } as never, health) as Rule;
    expect(rule.targets.map((each) => each.health)).toEqual(['alive', 'unknown', 'dead', null]);
  });

  it('counts each target once in the measure of unhealthy targets', () => {
    const { LocationId: _, ...names } = place;
    const found = { listenerId: 'lbl-1', domain: names.Domain, url: names.Url };
    expect(toRuleHealth(answer)).toEqual([{ ...found, targets: ['Alive', 'Unknown', 'Dead'] }]);
  });
});

describe('toTaskStatus', () => {
  it.each([
    [0, 'done'],
    [1, 'failed'],
    [2, 'running'],
  ])('%d is %s', (Status, state) => {
    expect(toTaskStatus({ Status })).toEqual({ state, message: '' });
  });
});

describe('mutual TLS and session stickiness', () => {
  const certificate = { CertId: 'cert-1', CertCaId: 'ca-1' };
  const read = (of: object, rule: object) => {
    const answer = {
      Listeners: [
        {
          ListenerId: 'lbl-1',
          Protocol: 'HTTPS',
          Port: 443,
          Certificate: of,
          Rules: [{ LocationId: 'loc-1', Domain: 'a.shop.test', Url: '/', ...rule }],
        },
      ],
    };
    const bound = { Listeners: [{ ListenerId: 'lbl-1', Rules: [{ LocationId: 'loc-1' }] }] };
    // The declarations require fields that the cloud leaves out.
    const [wire, bindings] = [toListeners(answer as never), toBindings(bound as never)];
    const joined = joinBindings(lb, wire, bindings);
    return [joined?.listeners[0]?.clientCaId, joined?.rules[0]?.clientCaId, joined?.rules[0]?.sessionExpireS];
  };

  it.each([
    [{ ...certificate, SSLMode: 'MUTUAL' }, { SessionExpireTime: 60 }, ['ca-1', null, 60]],
    [{ ...certificate, SSLMode: 'UNIDIRECTIONAL' }, {}, [null, null, null]],
    [{}, { Certificate: { ...certificate, SSLMode: 'MUTUAL' }, SessionExpireTime: 0 }, [null, 'ca-1', 0]],
  ])('%j and %j are read', (of, rule, expected) => {
    expect(read(of, rule)).toEqual(expected);
  });
});
