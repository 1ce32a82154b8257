import type { WorldFunction } from '../world/scf';
import { pageHandler, published, scfFunction, zipOf } from './parts';

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

/** A function free to bind, one that is bound already, and one of the type that a load balancer can't call. */
export function niagaFunctions(createdAt: number): WorldFunction[] {
  const common = { region: 'ap-singapore', namespace: 'flash', createdAt };
  return [
    published(
      scfFunction({
        ...common,
        name: 'storefront',
        description: 'Flash sale pages',
        zip: zipOf({ 'index.py': pageHandler('Flash sale') }),
      }),
    ),
    published(
      scfFunction({
        ...common,
        name: 'checkout',
        description: 'Checkout under load',
        zip: zipOf({ 'index.py': pageHandler('Checkout') }),
      }),
    ),
    scfFunction({
      ...common,
      name: 'storefront-web',
      description: 'HTTP-type twin of the flash sale pages',
      type: 'HTTP',
      handler: 'app.main',
      zip: zipOf({ scf_bootstrap: bootstrap, 'app.py': webApp }),
    }),
  ];
}
