import { describe, expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { testTopologyEstate } from '@/testing/components/test-estate';
import {
  findCertificateProblem,
  findDomainProblem,
  findFunctionProblem,
  findListenerProblem,
  findLoadBalancerProblem,
} from './find-ineligible';

const [, balancer] = testTopologyEstate.loadBalancers;
const [fn] = testTopologyEstate.functions;
const [zone] = testTopologyEstate.zones;
invariant(balancer && fn && zone, 'the estate has one of each');

describe('a load balancer', () => {
  it.each([
    ['classic', { generation: 'classic' }],
    ['fullChain', { addressFamily: 'ipv6-full-chain' }],
    ['region', { region: 'ap-jakarta' }],
  ] as const)(
    'that can’t bind functions has the reason %s, and can still have CVM targets',
    (reason, more) => {
      expect(findLoadBalancerProblem({ ...balancer, ...more }, 'function')).toBe(reason);
      expect(findLoadBalancerProblem({ ...balancer, ...more }, 'cvm')).toBeNull();
    },
  );

  it.each([
    ['stopped', { stopped: true }],
    ['isolated', { isolated: true }],
    ['blocked', { blocked: true }],
    ['creating', { status: 'creating' }],
  ] as const)('that serves nothing has the reason %s', (reason, more) => {
    expect(findLoadBalancerProblem({ ...balancer, ...more }, 'cvm')).toBe(reason);
  });

  it('in a region with contradicting documentation is not excluded', () => {
    expect(findLoadBalancerProblem({ ...balancer, region: 'ap-mumbai' }, 'function')).toBeNull();
  });
});

it('a listener can bind functions only with HTTP and HTTPS', () => {
  expect(findListenerProblem({ protocol: 'TCP', stopped: null }, 'function')).toBe('protocol');
  expect(findListenerProblem({ protocol: 'TCP', stopped: null }, 'cvm')).toBeNull();
  expect(findListenerProblem({ protocol: 'HTTPS', stopped: null }, 'function')).toBeNull();
  expect(findListenerProblem({ protocol: 'HTTPS', stopped: true }, 'cvm')).toBe('stopped');
});

it('a function can be bound in its region if it is an active Event function', () => {
  expect(findFunctionProblem(fn, 'ap-singapore')).toBeNull();
  expect(findFunctionProblem(fn, undefined)).toBeNull();
  expect(findFunctionProblem(fn, 'ap-tokyo')).toBe('otherRegion');
  expect(findFunctionProblem({ ...fn, type: 'HTTP' }, 'ap-singapore')).toBe('http');
  expect(findFunctionProblem({ ...fn, status: 'Updating' }, 'ap-singapore')).toBe('status');
});

it('a certificate can be used for the domains that it covers while it is issued', () => {
  const certificate = { domains: ['*.example.com'], status: 'issued' as const };
  expect(findCertificateProblem(certificate, 'www.example.com')).toBeNull();
  expect(findCertificateProblem(certificate, '')).toBeNull();
  expect(findCertificateProblem(certificate, 'a.b.example.com')).toBe('notCovering');
  expect(findCertificateProblem({ ...certificate, status: 'expired' }, 'www.example.com')).toBe('notIssued');
});

it('a name can move only in an active and delegated zone', () => {
  const at = (more: object) => findDomainProblem({ zones: [{ ...zone, ...more }] }, 'shop.example.co.id');
  expect(at({})).toBeNull();
  expect(at({ enabled: false })).toBe('zoneOff');
  expect(at({ delegated: false })).toBe('notDelegated');
  expect(at({ delegated: null })).toBeNull();
  expect(findDomainProblem({ zones: [] }, 'elsewhere.example')).toBeNull();
});
