import { defaultAlias } from '../world/default-alias';
import type { WorldFunction, WorldProvisioned } from '../world/scf';
import { pageHandler, published, scfFunction, zipSeedFiles } from './parts';

const bootstrap = '#!/bin/bash\npython3 app.py\n';
const webApp = [
  'from http.server import BaseHTTPRequestHandler, HTTPServer',
  '',
  'class Page(BaseHTTPRequestHandler):',
  '    def do_GET(self):',
  '        self.send_response(200)',
  '        self.end_headers()',
  '        self.wfile.write(b"Storefront")',
  '',
  'HTTPServer(("0.0.0.0", 9000), Page).serve_forever()',
  '',
].join('\n');

/** Returns the function with one more alias, for its first version. */
function aliased(fn: WorldFunction, name: string, description: string): WorldFunction {
  const { createdAt } = fn;
  const alias = { ...defaultAlias(createdAt), name, description, version: '1' };
  return { ...fn, aliases: [...fn.aliases, alias] };
}

/** Returns instances that are provisioned before the sale of the 12th of December begins, and removed after it. */
function saleNight(since: number): WorldProvisioned {
  const schedule = [
    { name: 'before-the-sale', count: 80, cron: '0 30 23 11 12 * *' },
    { name: 'after-the-sale', count: 0, cron: '0 0 4 12 12 * *' },
  ];
  return { qualifier: '1', kind: 'Default', target: 0, from: 0, since, schedule };
}

/**
 * Returns a function that can be bound, one that is already bound, and one of a type that a load balancer can't call.
 */
export function niagaFunctions(createdAt: number): WorldFunction[] {
  const common = { region: 'ap-singapore', namespace: 'flash', createdAt };
  const storefront = scfFunction({
    ...common,
    name: 'storefront',
    description: 'Flash sale pages',
    zip: zipSeedFiles({ 'index.py': pageHandler('Flash sale') }),
  });
  const checkout = scfFunction({
    ...common,
    name: 'checkout',
    description: 'Checkout under load',
    zip: zipSeedFiles({ 'index.py': pageHandler('Checkout') }),
    // Exactly 100 instances of its own.
    reservedMb: 12_800,
    provisioned: [saleNight(createdAt)],
  });
  return [
    aliased(published(storefront), 'live', 'What customers see'),
    aliased(published(checkout), 'live', 'What customers see'),
    scfFunction({
      ...common,
      name: 'storefront-web',
      description: 'HTTP-type twin of the flash sale pages',
      type: 'HTTP',
      handler: 'app.main',
      zip: zipSeedFiles({ scf_bootstrap: bootstrap, 'app.py': webApp }),
    }),
  ];
}
