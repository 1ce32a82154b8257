import { useTranslations } from 'next-intl';
import { Panel } from '@/components/ui/panel';

const steps = ['arm', 'switch'] as const;

export function ControlHelp() {
  const t = useTranslations('switch.how');
  return (
    <Panel title={t('title')} flush>
      <ol className="grid gap-2 px-4 pt-2 pb-3 text-12 leading-4.5 text-ink-2">
        {steps.map((step, index) => (
          <li key={step} className="flex gap-2">
            <span
              aria-hidden
              className="grid size-4.5 shrink-0 place-items-center rounded-full border border-line-strong text-11 font-semibold"
            >
              {index + 1}
            </span>
            <span>{t.rich(step, { b: (text) => <b className="font-medium text-ink">{text}</b> })}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
