import { ShieldCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import { routes } from '@/lib/routes';

const rules = ['always', 'proof', 'holdDown', 'once', 'freeze', 'line', 'approval'] as const;

/** Rules that always apply, whoever moves a Switch. */
export function SafetyRules() {
  const t = useTranslations('switch.rules');
  return (
    <Panel
      title={t('title')}
      aside={
        <TextLink href={routes.settings()} className="text-12">
          {t('edit')}
        </TextLink>
      }
      flush
    >
      <ul className="py-1">
        {rules.map((rule) => (
          <li key={rule} className="flex gap-2.5 px-4 py-1.75">
            <ShieldCheck aria-hidden className="mt-0.75 size-3.5 shrink-0 text-ok" />
            <div>
              <b className="font-medium">{t(`${rule}.title`)}</b>
              <p className="text-12 leading-4.5 text-ink-2">{t(`${rule}.text`)}</p>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
