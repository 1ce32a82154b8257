import type { AccountWorld } from '../world/world';

/**
 * Returns the configuration on the checkout function's load balancer that passes it the method and path of a request.
 */
export function niagaCustomConfigs(createdAt: number): AccountWorld['customConfigs'] {
  const id = 'pz-n1c7k3wd';
  return {
    [id]: {
      id,
      name: 'function-headers',
      region: 'ap-singapore',
      kind: 'CLB',
      content: [
        'proxy_set_header X-Method $request_method;',
        'proxy_set_header X-Uri $uri;',
        'proxy_read_timeout 120s;',
      ].join('\n'),
      createdAt,
      modifiedAt: createdAt,
      bindings: [{ loadBalancerId: 'lb-d0k8y3pn', listenerId: null, domain: null, ruleId: null }],
      tags: {},
    },
  };
}
