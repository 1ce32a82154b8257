import type { AccountWorld } from '@/lib/sandbox/world/world';

/**
 * An account of the sandbox that equals another one except for names and addresses. Each run of the kill table has its
 * own twin, so that the results of runs can be compared.
 */
export type Twin = {
  /** The worker's id for its connection. */
  readonly connectionId: string;
  /** The records in this zone belong to this account alone. */
  readonly zone: string;
  /** Translates a value about the model account to this account. */
  own<T>(value: T): T;
  /**
   * Translates a value about this account to the model account; a generated id or name of a new object becomes `new` or
   * 0.
   */
  asModel(value: unknown): unknown;
};

/** @param number 1–89 */
export function createTwin(model: AccountWorld, vipNetwork: string, number: number): Twin {
  const name = `twin-${String(number).padStart(2, '0')}`;
  const net = vipNetwork.replace('0.0/16', '');
  const zone = `${name}.example.com`;
  const words: readonly (readonly [string, string])[] = [
    ['example.com', zone],
    [model.name, name],
    [model.uin, String(Number(model.uin) + 1000 + number)],
    [String(model.appId), String(model.appId + 1000 + number)],
    [`${net}1.`, `${net}${10 + number}.`],
    [`${net}100.`, `${net}${110 + number}.`],
  ];
  const known = JSON.stringify(model);
  const addresses = new RegExp(`\\b${net.replaceAll('.', '\\.')}\\d+\\.\\d+\\b`, 'g');
  return {
    connectionId: `sandbox-${name}`,
    zone,
    own(value) {
      return JSON.parse(words.reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(value)));
    },
    asModel(value) {
      const text = words.reduce((each, [to, from]) => each.replaceAll(from, to), JSON.stringify(value));
      return JSON.parse(
        text
          .replaceAll(/\blb-[0-9a-z]{8}-[0-9a-z]{8}\.clb\b/g, (name) =>
            known.includes(name) ? name : 'new.clb',
          )
          .replaceAll(/\b(loc|lbl?)-[0-9a-z]{8}/g, (id) => (known.includes(id) ? id : 'new'))
          .replaceAll(addresses, (address) => (known.includes(address) ? address : 'new'))
          .replaceAll(/\b\d{9,}\b/g, (id) => (known.includes(id) ? id : '0')),
      );
    },
  };
}
