import { Braces, FileCode, Terminal } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { ButtonLink } from '@/components/ui/button';
import type { PlanId } from '@/lib/plan/model/model';
import { routes } from '@/lib/routes';

const icons = { terraform: FileCode, tccli: Terminal, 'tccli-back': Terminal, json: Braces };

/** The export formats of a plan. */
export type ExportForm = keyof typeof icons;

type PlanExportProps = { readonly planId: PlanId; readonly forms: readonly ExportForm[] };

/** Downloads of a plan, for reviewing or running it elsewhere. */
export function PlanExportMenu({ planId, forms }: PlanExportProps) {
  const t = useTranslations('plan.export');
  const labelId = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls of a form
    <span role="group" aria-labelledby={labelId} className="flex flex-wrap items-center gap-1.5">
      <span id={labelId} className="text-12 text-ink-3">
        {t('title')}
      </span>
      {forms.map((form) => {
        const Icon = icons[form];
        return (
          <ButtonLink
            key={form}
            size="sm"
            href={routes.api.planExport(planId, form)}
            prefetch={false}
            download
            title={t(`note.${form}`)}
            icon={<Icon aria-hidden />}
          >
            {t(`form.${form}`)}
          </ButtonLink>
        );
      })}
    </span>
  );
}
