import { useTranslations } from 'next-intl';
import { RouteGlyph } from '@/components/steps/route-glyph';
import { classes } from '@/components/ui/classes';
import { Panel } from '@/components/ui/panel';
import { toPlainName } from '@/lib/diversion/plain-name';
import type { Draft, DraftSide } from '@/lib/draft/draft';
import type { EstateSlice } from '@/lib/draft/estate-slice';
import type { NameFacts } from '@/lib/draft/shown-waves';

/** The names that the picture shows; the form has all. */
const shownMax = 6;

/** The load balancer or function that answers a name; null = nothing yet. */
type Answerer = { readonly side: DraftSide; readonly label: string } | null;

/** Returns what answers a name once the diversion is in effect; undefined while that is not chosen. */
function answererAfter(draft: Draft, { name, servedBy }: NameFacts): Answerer | undefined {
  const { routes, ownRoutes, kind, toward } = draft;
  const now = servedBy && { side: servedBy.backend, label: servedBy.loadBalancer };
  const isStaying = kind === 'switch' ? toward === 'cvm' : !routes.some(leads(name, 'function'));
  if (isStaying) return now;
  const own = [...ownRoutes, ...routes].find(leads(name, 'function')) ?? routes.find(leads(null, 'function'));
  if (own?.to !== 'function' || own.function.name === '') return undefined;
  const { namespace, name: fn, qualifier } = own.function;
  return { side: 'function', label: `${namespace}/${fn}:${qualifier}` };
}

/** @param name null = any */
const leads = (name: string | null, side: DraftSide) => (route: Draft['routes'][number]) =>
  route.to === side && (name === null || toPlainName(route.domain) === name);

type MovesPanelProps = { readonly draft: Draft; readonly estate: Pick<EstateSlice, 'names'> };

/** Shows what answers each name, before and after. */
export function MovesPanel({ draft, estate: { names } }: MovesPanelProps) {
  const t = useTranslations('diversion.moves');
  if (names.length === 0) return null;
  const shown = names.slice(0, shownMax);
  const more = names.length - shown.length;
  return (
    <Panel title={t('title')} flush>
      {(['before', 'after'] as const).map((time) => (
        <div key={time} className="grid gap-2 border-t border-line px-4 py-3">
          <h3 className="text-12 font-normal text-ink-2">{t(time)}</h3>
          <ul className="grid gap-2">
            {shown.map((facts) => {
              const { name, servedBy } = facts;
              const after = answererAfter(draft, facts);
              const now = servedBy && { side: servedBy.backend, label: servedBy.loadBalancer };
              return <Line key={name} name={name} by={time === 'before' ? now : after} />;
            })}
          </ul>
          {more > 0 ? <p className="text-12 text-ink-2">{t('more', { count: more })}</p> : null}
        </div>
      ))}
    </Panel>
  );
}

function Line({ name, by }: { readonly name: string; readonly by: Answerer | undefined }) {
  const t = useTranslations('diversion.moves');
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_2.5rem_minmax(0,1fr)] items-center gap-2 text-12">
      <strong className="font-semibold wrap-anywhere">{name}</strong>
      {by ? (
        <>
          <span
            aria-hidden
            className={classes('border-t-2', by.side === 'cvm' ? 'border-cvm' : 'border-dashed border-scf')}
          />
          <span className="flex min-w-0 items-center gap-2">
            <RouteGlyph part={by.side === 'cvm' ? 'cvm' : 'scf'} />
            <span className="min-w-0 wrap-anywhere">{by.label}</span>
          </span>
        </>
      ) : (
        <span className="col-span-2 text-ink-3">{t(by === null ? 'nothing' : 'unchosen')}</span>
      )}
    </li>
  );
}
