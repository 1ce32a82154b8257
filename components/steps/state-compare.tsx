import { useTranslations } from 'next-intl';
import { classes } from '@/components/ui/classes';
import type { ObjectState } from '@/lib/estate/object';
import { type ComparedLine, compareStates } from './state-lines';

type Side = { readonly title: string; readonly state: ObjectState };

const signs = { same: '=', gone: '−', new: '+' };

/** Two states of one object side by side; a sign and a colour mark the differences. */
export function StateCompare({ from, to }: { readonly from: Side; readonly to: Side }) {
  const compared = compareStates(from.state, to.state);
  return (
    <div className="grid gap-3 text-12 md:grid-cols-2">
      <StateColumn title={from.title} lines={compared.from} />
      <StateColumn title={to.title} lines={compared.to} />
    </div>
  );
}

function StateColumn({ title, lines }: { readonly title: string; readonly lines: readonly ComparedLine[] }) {
  const t = useTranslations('plan');
  return (
    <div className="min-w-0">
      <p className="font-medium text-ink-2">{title}</p>
      <ul className="mt-1 grid gap-px">
        {lines.map((line) => (
          <li
            key={line.id}
            className={classes(
              'flex gap-2 rounded-sm px-1.5 py-0.5',
              line.change === 'gone' && 'bg-bad-soft text-bad-ink',
              line.change === 'new' && 'bg-ok-soft text-ok-ink',
            )}
          >
            <span aria-hidden className="mono w-3 shrink-0 text-center">
              {signs[line.change]}
            </span>
            <span className="sr-only">{t(`stateSign.${line.change}`)}</span>
            <span className="min-w-0 break-words">{t(`state.${line.key}`, line.values)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
