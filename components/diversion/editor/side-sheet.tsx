import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { RouteFields } from '@/components/diversion/routes/route-fields';
import type { RouteForm } from '@/components/diversion/routes/route-form';
import { SideFrame } from '@/components/diversion/routes/side-frame';
import { Button, IconButton } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import type { Diversion } from '@/lib/diversion/diversion';
import type { Draft, DraftSide } from '@/lib/draft/draft';
import { parseRouteField } from '@/lib/draft/draft-fields';
import type { Preview } from '@/lib/draft/preview-model';
import { getHostName } from '@/lib/estate/look-up';
import { useAnyKey } from '@/lib/messages/use-any-key';
import type { WriteStep } from '@/lib/plan/model/model';
import { stops } from '@/lib/preflight/model/stops';
import type { DiversionForm } from './use-diversion-form';

type SideSheetProps = {
  readonly side: DraftSide;
  readonly form: DiversionForm;
  readonly routeForm: RouteForm;
  readonly foot: ReactNode;
  /** Shown below a route: the progress of the function that it waits for. */
  readonly below?: (index: number) => ReactNode;
};

/** One side of a diversion with all its routes. */
export function SideSheet({ side, form, routeForm, foot, below = () => null }: SideSheetProps) {
  const { draft, preview } = form;
  const t = useTranslations('diversion.side');
  // An Access has no CVM side, which the types can't express.
  const texts = useAnyKey('diversion.side');
  const own = draft.routes.flatMap((route, index) => (route.to === side ? [{ key: route.key, index }] : []));
  const isOne = own.length === 1;
  return (
    <SideFrame
      side={side}
      title={texts(`${draft.kind}.${side}.title`)}
      sub={texts(`${draft.kind}.${side}.sub`)}
      aside={<Counts {...sideCounts(draft, preview, side)} />}
      foot={foot}
    >
      {own.map(({ key, index }, nth) => {
        const number = nth + 1;
        const fields = (
          <>
            <RouteFields form={routeForm} index={index} />
            {below(index)}
          </>
        );
        return isOne ? (
          <div key={key}>{fields}</div>
        ) : (
          <section
            key={key}
            aria-label={t('route', { number })}
            className={nth > 0 ? 'border-t border-line pt-2' : ''}
          >
            <div className="flex min-h-8 items-center pb-1.5">
              <h3 className="text-12 font-semibold text-ink-2">{t('route', { number })}</h3>
              <span className="ml-auto max-md:hidden">
                <IconButton
                  size="sm"
                  label={t('remove', { number })}
                  icon={<X aria-hidden />}
                  onClick={() => form.removeRoute(index)}
                />
              </span>
            </div>
            {fields}
          </section>
        );
      })}
      <div className="-mt-1 pb-2 pl-8.5 max-md:hidden">
        <Button size="sm" variant="ghost" icon={<Plus aria-hidden />} onClick={() => form.addRoute(side)}>
          {t('add')}
        </Button>
      </div>
    </SideFrame>
  );
}

/** The summary in a side's head: its blocks, otherwise its number of steps. */
function Counts({ steps, blocked }: ReturnType<typeof sideCounts>) {
  const t = useTranslations('diversion.side');
  if (blocked > 0) return <Chip tone="bad">{t('blocked', { count: blocked })}</Chip>;
  if (steps === null) return null;
  return <Chip tone={steps > 0 ? 'accent' : 'neutral'}>{t('steps', { count: steps })}</Chip>;
}

/** Returns whether a write belongs to the routes of a side. */
function isFor({ object }: WriteStep, diversion: Diversion, side: DraftSide): boolean {
  const own = diversion.routes.filter(({ to }) => to === side);
  switch (object.kind) {
    case 'recordSet': {
      const isGaining = diversion.kind !== 'switch' || diversion.toward === side;
      return isGaining && own.some(({ domain }) => domain === getHostName(object));
    }
    case 'rule':
      return own.some((route) => route.listenerId === object.listenerId && object.domain === route.domain);
    case 'provisioned':
      return side === 'function';
    case 'listener':
      return own.some(({ loadBalancerId }) => loadBalancerId === object.loadBalancerId);
    case 'loadBalancer': {
      const made = diversion.creates.loadBalancers.find(({ name }) => name === object.name);
      return own.some(({ loadBalancerId }) => loadBalancerId === made?.id);
    }
  }
}

/** Returns the counts in a side's head: its number of writes (null = no plan yet) and of blocks. */
function sideCounts(
  draft: Draft,
  { plan, findings }: Pick<Preview, 'plan' | 'findings'>,
  side: DraftSide,
): { readonly steps: number | null; readonly blocked: number } {
  const isOwn = (field: string) => draft.routes[parseRouteField(field)?.index ?? -1]?.to === side;
  const blocked = findings.filter((f) => stops(f) && isOwn(f.field)).length;
  if (plan.state !== 'ready') return { steps: null, blocked };
  const { diversion, steps } = plan.plan;
  const own = steps.filter((step) => step.kind === 'write' && isFor(step, diversion, side));
  return { steps: own.length, blocked };
}
