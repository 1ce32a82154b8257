import { ShieldCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import { routes } from '@/lib/routes';

type SwitchHelpProps = { readonly mayOperate: boolean };

/** The rules that apply to every move of a Switch, and how to use its control. The server renders it. */
export function SwitchHelp({ mayOperate }: SwitchHelpProps) {
  return (
    <>
      <SafetyRules />
      {mayOperate ? <ControlHelp /> : null}
    </>
  );
}

const rules = ['always', 'proof', 'holdDown', 'once', 'freeze', 'paused', 'approval'] as const;

function SafetyRules() {
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

const steps = ['arm', 'switch'] as const;

function ControlHelp() {
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
