import { type Creates, NewListener } from '@/lib/diversion/creates';
import { coversHost } from '@/lib/estate/covers-host';
import type { Estate } from '@/lib/estate/model';
import type { ListenerDraft } from './change-creates';
import { freeSymbol } from './free-symbol';
import { errorsOf, type FormErrors } from './new-load-balancer';

/** A listener while it is typed; the port is what was typed, NaN where that is no number. */
export type ListenerForm = Omit<ListenerDraft, 'id' | 'loadBalancerId' | 'certificateId'> & {
  readonly certificateId: string;
};

export const usualPort = { HTTP: 80, HTTPS: 443 } as const;

/**
 * A listener to create, or what is wrong with it by field. A load balancer takes one listener of a port by TCP.
 * @param own the id of the one that is changed; null = it is a further one
 */
export function newListener(
  estate: Pick<Estate, 'listeners' | 'loadBalancers'>,
  loadBalancerId: string,
  form: ListenerForm,
  own: string | null = null,
): { readonly made: Creates['listeners'][number] } | { readonly errors: FormErrors } {
  const owner = loadBalancerId.replace(/^@lb\//, '');
  const certificateId =
    form.protocol === 'HTTPS' && form.certificateId.trim() !== '' ? form.certificateId.trim() : null;
  const parsed = NewListener.safeParse({
    ...form,
    id: own ?? freeSymbol(`@lbl/${owner}:${form.port}`, estate.listeners),
    loadBalancerId,
    certificateId,
  });
  if (!parsed.success) {
    const { id: _id, ...errors } = errorsOf(parsed.error.issues);
    return { errors };
  }
  const isTaken = estate.listeners.some(
    (listener) =>
      listener.id !== own &&
      listener.loadBalancerId === loadBalancerId &&
      listener.port === form.port &&
      listener.protocol !== 'UDP' &&
      listener.protocol !== 'QUIC',
  );
  return isTaken ? { errors: { port: 'created.portTaken' } } : { made: parsed.data };
}

/** The server certificates that can be served, with what they are good for; those for a domain first. */
export function certificateOptions(
  { certificates }: Pick<Estate, 'certificates'>,
  domain: string,
): readonly { readonly value: string; readonly domains: string; readonly notAfter: string | null }[] {
  const rank = (domains: readonly string[]) => (domains.some((name) => coversHost(name, domain)) ? 0 : 1);
  return certificates
    .filter(({ kind, status }) => kind !== 'CA' && status === 'issued')
    .toSorted((a, b) => rank(a.domains) - rank(b.domains) || a.id.localeCompare(b.id))
    .map(({ id, domains, notAfter }) => ({ value: id, domains: domains.join(', '), notAfter }));
}
