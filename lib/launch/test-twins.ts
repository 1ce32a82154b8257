import type { AccountWorld } from '@/lib/sandbox/world/world';

/**
 * An account of the sandbox that is like another one but for its names and addresses. Each run of a table works on one
 * of its own, and what it has done there can be compared with what another run has done to its twin.
 */
export type Twin = {
  /** As the worker calls its connection. */
  readonly connectionId: string;
  /** What stands in this zone belongs to this account alone. */
  readonly zone: string;
  /** What is said of the model, said of this account. */
  own<T>(value: T): T;
  /** What is said of this account, said of the model; an id and a name that the cloud gave to something new is `new`, or 0. */
  asModel(value: unknown): unknown;
};

/** @param number 1–89 */
export function twinOf(model: AccountWorld, vipNetwork: string, number: number): Twin {
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
