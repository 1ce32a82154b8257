/** Part of the exported script: HTTP through an address or by name, like the worker's prober. */
export const failoverProbeProgram = `
const probeMs = 10000;
const bodyBytesMax = 1000000;

async function resolve(name, resolver) {
  const asked = new dns.promises.Resolver({ timeout: 1500, tries: 3 });
  const server = resolver || env.SPILLWAY_RESOLVER;
  if (server) asked.setServers([server]);
  let next = name;
  for (let hop = 0; hop < 8; hop += 1) {
    const addresses = await asked.resolve4(next).catch((error) => {
      if (error.code === 'ENODATA') return [];
      throw error;
    });
    if (addresses.length > 0) return addresses[0];
    // A server that leaves the rest of the chain to the asker.
    [next] = await asked.resolveCname(next);
  }
  throw new Error('too many CNAMEs from ' + name);
}

function get(probe, address) {
  const offset = Number(env.SPILLWAY_PORT_OFFSET || 0);
  const { request } = probe.scheme === 'https' ? https : http;
  return new Promise((done, fail) => {
    const sent = request({
      host: address,
      port: probe.port < 1024 ? probe.port + offset : probe.port,
      path: probe.path,
      headers: { Host: probe.host, 'User-Agent': 'spillway-probe', Connection: 'close' },
      agent: false,
      signal: AbortSignal.timeout(probeMs),
      ...(probe.scheme === 'https' ? { servername: probe.host } : {}),
    });
    sent.on('error', fail);
    sent.on('response', (response) => {
      const chunks = [];
      let bytes = 0;
      const finish = () => done({ status: response.statusCode, body: Buffer.concat(chunks).toString('utf8') });
      response.on('data', (chunk) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes < bodyBytesMax) return;
        finish();
        sent.destroy();
      });
      response.on('end', finish);
      response.on('error', fail);
    });
    sent.end();
  });
}

async function ask(probe, vantage) {
  try {
    const name = vantage.kind === 'name' ? probe.host : probe.address;
    const isAddress = /^[0-9.]+$|:/.test(name);
    const answer = await get(probe, isAddress ? name : await resolve(name, vantage.resolver));
    const { status, bodyContains } = probe.expect;
    if (answer.status !== status) return { passed: false, failure: 'status ' + answer.status };
    const isExpected = bodyContains === null || answer.body.includes(bodyContains);
    return isExpected ? { passed: true, failure: null } : { passed: false, failure: 'another body' };
  } catch (error) {
    return { passed: false, failure: error.message || error.code || String(error) };
  }
}

async function askRound() {
  const { policy, probes } = settings;
  const seen = policy.vantages.map((vantage) => ask(probes.serving, vantage));
  const receiving = ask(probes.receiving, { kind: 'address' });
  return { seen: await Promise.all(seen), receiving: await receiving };
}
`;
