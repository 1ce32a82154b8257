import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { RouteFields } from '@/components/diversion/routes/route-fields';
import type { RouteForm } from '@/components/diversion/routes/route-form';
import { SideFrame } from '@/components/diversion/routes/side-frame';
import { Button, IconButton } from '@/components/ui/button';
import type { DraftSide } from '@/lib/draft/draft';
import { useAnyKey } from '@/lib/messages/use-any-key';
import type { DiversionForm } from './use-diversion-form';

type SideSheetProps = {
  readonly side: DraftSide;
  readonly form: DiversionForm;
  readonly routeForm: RouteForm;
  /** The summary in the head. */
  readonly counts: ReactNode;
  readonly foot: ReactNode;
  /** Shown below a route: the progress of the function that it waits for. */
  readonly below?: (index: number) => ReactNode;
};

/** One side of a diversion with all its routes. */
export function SideSheet({ side, form, routeForm, counts, foot, below = () => null }: SideSheetProps) {
  const { draft } = form;
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
      aside={counts}
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
