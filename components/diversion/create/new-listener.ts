import { type Creates, NewListener } from '@/lib/diversion/creates';
import type { ListenerDraft } from '@/lib/draft/edit-creates';
import { findCertificateProblem, type Ineligible } from '@/lib/draft/find-ineligible';
import { freePlaceholder } from '@/lib/draft/free-placeholder';
import type { Estate } from '@/lib/estate/model';
import { type FormErrors, loadBalancerErrors } from './new-load-balancer';

/** A listener while it is being edited; the port is the typed value, NaN if it is not a number. */
export type ListenerForm = Omit<ListenerDraft, 'id' | 'loadBalancerId' | 'certificateId'> & {
  readonly certificateId: string;
};

export const usualPort = { HTTP: 80, HTTPS: 443 } as const;

/**
 * Returns a listener to create, or its errors by field. A load balancer accepts one TCP listener per port.
 * @param own the id of the listener being changed; null = a new one
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
    id: own ?? freePlaceholder(`@lbl/${owner}:${form.port}`, estate.listeners),
    loadBalancerId,
    certificateId,
  });
  if (!parsed.success) {
    const { id: _id, ...errors } = loadBalancerErrors(parsed.error.issues);
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

/**
 * Returns the server certificates with the domains that they cover, those that can't be presented for a domain with the
 * reason; those that can first.
 */
export function certificateOptions(
  { certificates }: Pick<Estate, 'certificates'>,
  domain: string,
): readonly {
  readonly value: string;
  readonly domains: string;
  readonly notAfter: string | null;
  readonly problem: Ineligible | null;
}[] {
  return certificates
    .filter(({ kind }) => kind !== 'CA')
    .map((each) => ({ ...each, problem: findCertificateProblem(each, domain) }))
    .toSorted((a, b) => Number(a.problem !== null) - Number(b.problem !== null) || a.id.localeCompare(b.id))
    .map(({ id, domains, notAfter, problem }) => ({
      value: id,
      domains: domains.join(', '),
      notAfter,
      problem,
    }));
}
