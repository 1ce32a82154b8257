import { type Creates, NewListener } from '@/lib/diversion/creates';
import type { ListenerDraft } from '@/lib/draft/edit-creates';
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
  estate: Pick<Estate, 'listeners'>,
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
