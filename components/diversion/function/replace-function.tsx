import { TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { FactRow, Facts } from '@/components/ui/facts';
import type { Estate, ScfFunction } from '@/lib/estate/model';
import type { DeployForm } from './deploy-form';

type ReplaceFunctionProps = {
  readonly existing: ScfFunction;
  readonly estate: Pick<Estate, 'rules'>;
  /** The form of the deployment. */
  readonly form: DeployForm;
  readonly onReplace: () => void;
  readonly onClose: () => void;
};

/** Returns the rules that call `$LATEST` of a function: they serve the new code as soon as it is there. */
function listLatestRules({ rules }: Pick<Estate, 'rules'>, { namespace, name }: ScfFunction) {
  return rules.filter(({ functions }) =>
    functions.some(
      (each) => each.namespace === namespace && each.name === name && each.qualifier === '$LATEST',
    ),
  );
}

/** Asks before a deployment replaces a function of the same name: which one, and what of it is replaced. */
export function ReplaceFunction({ existing, estate, form, onReplace, onClose }: ReplaceFunctionProps) {
  const t = useTranslations('diversion.createFunction');
  const ask = useTranslations('diversion.createFunction.replace');
  const { namespace, name, region, versions } = existing;
  const label = `${namespace}/${name}`;
  const published = versions.filter((version) => version !== '$LATEST');
  const bound = listLatestRules(estate, existing).map(({ domain, url }) => `${domain}${url}`);
  const changes = [
    [t('runtime'), existing.runtime, form.runtime],
    [t('handler'), existing.handler, form.handler],
    [t('memory'), `${existing.memoryMb} MB`, `${form.memoryMb} MB`],
    [t('timeout'), `${existing.timeoutS} s`, `${form.timeoutS} s`],
  ] as const;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      icon={<TriangleAlert aria-hidden />}
      title={ask('title', { name: label })}
      description={ask('description', { name: label, region })}
      cancelLabel={ask('keep')}
      action={
        <Button variant="dangerSolid" onClick={onReplace}>
          {ask('now')}
        </Button>
      }
    >
      <Facts>
        <FactRow name={ask('code')}>{ask('codeReplaced')}</FactRow>
        {changes.map(([fact, before, after]) => (
          <FactRow key={fact} name={fact}>
            {before === after ? ask('same', { value: before }) : `${before} → ${after}`}
          </FactRow>
        ))}
      </Facts>
      <ul className="list-disc space-y-1 pl-5 text-12 text-ink-2">
        <li>
          {published.length === 0
            ? ask('noVersions')
            : ask('versionsStay', { versions: published.join(', ') })}
        </li>
        {bound.length === 0 ? null : (
          <li className="text-warn-ink">{ask('bound', { rules: bound.join(', ') })}</li>
        )}
      </ul>
    </Dialog>
  );
}
