import { getHostName } from '@/lib/estate/look-up';
import type { DnsRecord } from '@/lib/estate/model';
import type { DnsProbe, HttpProbe, Probe, ProbeAnswer, Prober, ReadyProbe } from '@/lib/estate/probe';
import type { Plan } from '@/lib/plan/model/model';
import type { VirtualClock } from '@/lib/rehearsal/virtual-clock';
import type { FaultSchedule } from './faults';
import type { ModelCloud } from './model-cloud';
import type { Stock } from './stock';

/** The response of functions in the model. */
export const functionBody = 'Hello CLB';
const wayMs = 20;

type Cached = { readonly records: readonly DnsRecord[]; readonly untilMs: number };

/** Returns a name's answers on the default line. */
function listAnswers(stock: Stock, name: string): readonly DnsRecord[] {
  return stock.records.filter((r) => r.enabled && r.lineId === '0' && getHostName(r) === name);
}

/**
 * Load balancers that serve what is bound to them, a resolver that caches answers for as long as allowed, and a cloud
 * that reports how many instances are ready.
 */
export class ModelProber implements Prober {
  readonly #cache = new Map<string, Cached>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly cloud: Pick<ModelCloud, 'stock' | 'ready'>,
    private readonly faults: FaultSchedule,
  ) {}

  async probe(probe: Probe): Promise<ProbeAnswer> {
    await new Promise<void>((resolve) => void this.clock.after(wayMs, resolve));
    if (this.faults.isAway(this.clock.elapsedMs()))
      return { ...this.#answer(null, '', 'nothing answered'), unanswered: true };
    if (this.faults.fails('probe')) return this.#answer(null, '', 'nothing answered');
    switch (probe.kind) {
      case 'dns':
        return this.#dns(probe);
      case 'http':
        return this.#http(probe);
      case 'ready':
        return this.#ready(probe);
    }
  }

  /** Returns the share of the moved routes that do not answer correctly, in %; null if a plan moves none. */
  failuresOf({ steps }: Plan): number | null {
    const asked = steps.flatMap((step) =>
      step.kind === 'probe' &&
      (step.phase === 'verify' || step.phase === 'divert') &&
      step.probe.kind === 'http'
        ? [step.probe]
        : [],
    );
    const failed = asked.filter((probe) => !this.#http(probe).passed).length;
    return asked.length === 0 ? null : (failed / asked.length) * 100;
  }

  #ready({ expect, ...of }: ReadyProbe): ProbeAnswer {
    const ready = this.cloud.ready({ ...of, kind: 'provisioned' });
    const isEnough = ready >= expect.instances;
    return this.#answer(isEnough ? 'ready' : 'starting', '', isEnough ? null : `${ready} are ready`);
  }

  #answer(status: string | null, body: string, failure: string | null): ProbeAnswer {
    return { passed: failure === null, latencyMs: wayMs, status, address: 'model', body, failure };
  }

  #dns({ name, type, expect }: DnsProbe): ProbeAnswer {
    const values = this.#resolve(name).flatMap((r) => (r.type === type ? [r.value.toLowerCase()] : []));
    const found = values.includes(expect.value.toLowerCase());
    return this.#answer('NOERROR', values.join('\n'), found ? null : `found ${values.join(', ')}`);
  }

  #resolve(name: string): readonly DnsRecord[] {
    const now = this.clock.elapsedMs();
    const known = this.#cache.get(name);
    if (known !== undefined && now < known.untilMs) return known.records;
    const records = listAnswers(this.cloud.stock, name);
    const ttlS = Math.min(600, ...records.map((record) => record.ttlS));
    this.#cache.set(name, { records, untilMs: now + ttlS * 1000 });
    return records;
  }

  #http({ address, port, host, path, expect }: HttpProbe): ProbeAnswer {
    const { loadBalancers, listeners, rules } = this.cloud.stock;
    const balancer = loadBalancers.find((lb) => lb.domain === address || lb.vips.includes(address));
    const listener = listeners.find((l) => l.loadBalancerId === balancer?.id && l.port === port);
    const rule = rules
      .filter((r) => r.listenerId === listener?.id && r.domain === host && path.startsWith(r.url))
      .sort((a, b) => b.url.length - a.url.length)[0];
    if (rule === undefined) return this.#answer('404', '', 'no rule answers');
    if (rule.functions.length === 0 && rule.targets.length === 0) {
      return this.#answer('502', '', 'nothing is bound');
    }
    const body = rule.functions.length > 0 ? functionBody : 'a server';
    const isRight = expect.bodyContains === null || body.includes(expect.bodyContains);
    return this.#answer('200', body, isRight ? null : 'another body');
  }
}
