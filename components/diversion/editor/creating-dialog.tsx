import { CreateListener } from '@/components/diversion/create/create-listener';
import { CreateLoadBalancer } from '@/components/diversion/create/create-load-balancer';
import { proposedAddress } from '@/components/diversion/create/new-load-balancer';
import { replaceListener, replaceLoadBalancer } from '@/lib/draft/edit-creates';
import { findLoadBalancer } from '@/lib/estate/look-up';
import type { DiversionForm } from './use-diversion-form';

/** The resource being created for a route, in a dialog. */
export type Creating = {
  readonly what: 'loadBalancer' | 'listener';
  readonly routeKey: string;
  /** The id of the resource to change before it is created; null = a new one. */
  readonly changed: string | null;
};

type CreatingDialogProps = {
  readonly creating: Creating | null;
  readonly form: DiversionForm;
  readonly onClose: () => void;
};

/**
 * The dialog that creates or changes a load balancer or a listener for a route; renders nothing while none is being
 * created.
 */
export function CreatingDialog({ creating, form, onClose }: CreatingDialogProps) {
  const { draft, estate } = form;
  const index = draft.routes.findIndex(({ key }) => key === creating?.routeKey);
  const route = draft.routes[index];
  if (creating === null || route === undefined) return null;
  const { changed } = creating;
  if (creating.what === 'loadBalancer') {
    const chosen =
      route.to === 'function' && route.function.region !== '' ? route.function.region : undefined;
    return (
      <CreateLoadBalancer
        form={form}
        region={chosen ?? findLoadBalancer(estate, route.loadBalancerId)?.region}
        peak={draft.expectedPeakRps}
        address={proposedAddress(estate, draft, index)}
        changed={draft.creates.loadBalancers.find(({ id }) => id === changed)}
        onCreate={(made) => {
          if (changed === null) form.createLoadBalancer(index, made);
          else form.edit((now) => replaceLoadBalancer(now, made));
          onClose();
        }}
        onClose={onClose}
      />
    );
  }
  return (
    <CreateListener
      form={form}
      loadBalancer={findLoadBalancer(estate, route.loadBalancerId)}
      domain={route.domain}
      changed={draft.creates.listeners.find(({ id }) => id === changed)}
      onCreate={(made) => {
        if (changed === null) form.createListener(index, made);
        else form.edit((now) => replaceListener(now, made));
        onClose();
      }}
      onClose={onClose}
    />
  );
}
