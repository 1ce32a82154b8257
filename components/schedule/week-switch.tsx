import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button, IconButton } from '@/components/ui/button';
import { addDays } from '@/lib/diversion/wall-clock';
import { longDay } from './day-words';

type WeekSwitchProps = {
  readonly monday: string;
  /** The Monday of the current week. */
  readonly thisMonday: string;
  readonly onChange: (monday: string) => void;
};

/** Shows the selected week and switches to others. */
export function WeekSwitch({ monday, thisMonday, onChange }: WeekSwitchProps) {
  const t = useTranslations('schedule.week');
  return (
    <div className="flex flex-wrap items-center gap-x-3">
      <h2 className="text-16 md:text-20" aria-live="polite">
        {t('range', { from: longDay(monday), to: longDay(addDays(monday, 7)) })}
      </h2>
      <span className="flex gap-1">
        <IconButton
          size="sm"
          variant="default"
          label={t('before')}
          icon={<ChevronLeft aria-hidden />}
          onClick={() => onChange(addDays(monday, -7))}
        />
        <Button size="sm" disabled={monday === thisMonday} onClick={() => onChange(thisMonday)}>
          {t('this')}
        </Button>
        <IconButton
          size="sm"
          variant="default"
          label={t('after')}
          icon={<ChevronRight aria-hidden />}
          onClick={() => onChange(addDays(monday, 7))}
        />
      </span>
      <p className="basis-full text-12 text-ink-2">{t('about')}</p>
    </div>
  );
}
