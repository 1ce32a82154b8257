import { FailoverPolicy, type Vantage } from '@/lib/diversion/failover';

export const measures = ['throttles', 'provisionedLost', 'unhealthyTargets'] as const;
export type Measure = (typeof measures)[number];

export const numberFields = ['quorum', 'failures', 'of', 'everyS', 'proof', 'holdDownS'] as const;
export type NumberField = (typeof numberFields)[number];

export type VantageKind = 'address' | 'name' | 'resolver';
export type VantageDraft = { readonly kind: VantageKind; readonly resolver: string };

/** A policy while it is being edited: numbers as text. */
export type FailoverDraft = {
  readonly vantages: readonly VantageDraft[];
  readonly numbers: Readonly<Record<NumberField, string>>;
  /** Empty = not checked. */
  readonly limits: Readonly<Record<Measure, string>>;
};

function vantageDraft(vantage: Vantage): VantageDraft {
  if (vantage.kind === 'address') return { kind: 'address', resolver: '' };
  return vantage.resolver === null
    ? { kind: 'name', resolver: '' }
    : { kind: 'resolver', resolver: vantage.resolver };
}

export function toFailoverDraft(policy: FailoverPolicy): FailoverDraft {
  const getLimit = (measure: Measure) =>
    String(policy.capacity.find((limit) => limit.measure === measure)?.limit ?? '');
  return {
    vantages: policy.vantages.map(vantageDraft),
    numbers: {
      quorum: String(policy.quorum),
      failures: String(policy.failures),
      of: String(policy.of),
      everyS: String(policy.everyS),
      proof: String(policy.proof),
      holdDownS: String(policy.holdDownS),
    },
    limits: {
      throttles: getLimit('throttles'),
      provisionedLost: getLimit('provisionedLost'),
      unhealthyTargets: getLimit('unhealthyTargets'),
    },
  };
}

/** Empty text is not a number: `Number('')` would be 0. */
function parseNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function toVantage({ kind, resolver }: VantageDraft): unknown {
  if (kind === 'address') return { kind };
  return { kind: 'name', resolver: kind === 'name' ? null : resolver.trim() };
}

export type FailoverErrors = Readonly<Record<string, string>>;

/**
 * Returns the policy of a draft, or its errors by field: `quorum`, `limits.throttles`, `vantages`, `vantages.0`. Values
 * are message keys below `switch.error`.
 */
export function toFailoverPolicy(
  draft: FailoverDraft,
): { readonly policy: FailoverPolicy } | { readonly errors: FailoverErrors } {
  const asked = measures.filter((measure) => draft.limits[measure].trim() !== '');
  const numbers = Object.fromEntries(numberFields.map((field) => [field, parseNumber(draft.numbers[field])]));
  const parsed = FailoverPolicy.safeParse({
    ...numbers,
    vantages: draft.vantages.map(toVantage),
    capacity: asked.map((measure) => ({ measure, limit: parseNumber(draft.limits[measure]) })),
  });
  if (parsed.success) return { policy: parsed.data };
  const errors: Record<string, string> = {};
  for (const { path, message } of parsed.error.issues) {
    const [first, index] = path.map(String);
    const isKey = /^(failover|vantages?)\./.test(message);
    const measure = first === 'capacity' ? asked[Number(index)] : undefined;
    const field =
      measure !== undefined
        ? `limits.${measure}`
        : first === 'vantages' && index !== undefined
          ? `vantages.${index}`
          : String(first);
    errors[field] ??= isKey ? message : 'number';
  }
  return { errors };
}
