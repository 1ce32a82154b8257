import { useTranslations } from 'next-intl';
import { classes } from '@/components/ui/classes';

type ControlTrackProps = {
  /** The share of CVM, in %; null = unknown. */
  readonly cvm: number | null;
  readonly function: number | null;
  readonly isOff: boolean;
};

const marks = [0, 25, 50, 75, 100];

/**
 * The track of the switch control. The handle is a gate between both fills: CVM solid from the left, SCF hatched from
 * the right.
 */
export function ControlTrack({ cvm, function: fn, isOff }: ControlTrackProps) {
  const t = useTranslations('switch');
  const isKnown = cvm !== null && fn !== null;
  return (
    <div
      role="img"
      aria-label={isKnown ? t('shares', { cvm, function: fn }) : t('unreadShares')}
      className="grid gap-1.5 px-1"
    >
      <div aria-hidden className="flex items-baseline justify-between text-12 text-ink-2 tabular-nums">
        <span>
          <Share share={cvm} /> {t('side.cvm')}
        </span>
        <span>
          {t('side.function')} <Share share={fn} />
        </span>
      </div>
      <div
        aria-hidden
        className={classes(
          'relative flex h-7 rounded-md border border-control bg-sunken',
          isOff && 'opacity-60',
        )}
      >
        <i
          className="rounded-l-[3px] bg-cvm transition-[width] duration-280 motion-reduce:transition-none"
          style={{ width: `${cvm ?? 0}%` }}
        />
        <i
          className="ml-auto rounded-r-[3px] bg-hatch-scf transition-[width] duration-280 motion-reduce:transition-none"
          style={{ width: `${fn ?? 0}%` }}
        />
        {isKnown ? (
          <span
            className={classes(
              'absolute -inset-y-1.25 -ml-1.75 grid w-3.5 place-items-center rounded-sm border-2 bg-surface transition-[left] duration-280 motion-reduce:transition-none',
              isOff ? 'border-control' : 'border-accent',
            )}
            style={{ left: `${cvm}%` }}
          >
            <span className="h-4 w-1 border-x border-current" />
          </span>
        ) : null}
      </div>
      <div aria-hidden className="relative mx-px h-1.25">
        {marks.map((mark) => (
          <span key={mark} className="absolute h-1.25 w-px bg-control" style={{ left: `${mark}%` }} />
        ))}
      </div>
    </div>
  );
}

function Share({ share }: { readonly share: number | null }) {
  const t = useTranslations('switch');
  return (
    <b className={classes('text-20 font-semibold tracking-tight', share ? 'text-ink' : 'text-ink-2')}>
      {share === null ? '–' : t('percent', { share })}
    </b>
  );
}
