import { AccessDiversion } from '@/lib/diversion/diversion';

/**
 * An Access for the sandbox's small seed, whose function must have a published version: the function gets a new public
 * load balancer and warm instances, then the name moves with a short TTL.
 */
export const testAccess: AccessDiversion = AccessDiversion.parse({
  kind: 'access',
  name: 'Test access',
  creates: {
    loadBalancers: [
      { id: '@lb', name: 'spillway-sale', region: 'ap-singapore', network: 'OPEN', vpcId: 'vpc-sinshop1' },
    ],
    listeners: [{ id: '@http', loadBalancerId: '@lb', name: 'spillway', protocol: 'HTTP', port: 80 }],
  },
  lowerTtlS: 1,
  routes: [
    {
      to: 'function',
      domain: 'sale.example.com',
      loadBalancerId: '@lb',
      listenerId: '@http',
      rule: { kind: 'new', url: '/' },
      function: { region: 'ap-singapore', namespace: 'default', name: 'hello', qualifier: '1' },
      expectedBody: 'Hello CLB',
      provisioned: 2,
    },
  ],
});
