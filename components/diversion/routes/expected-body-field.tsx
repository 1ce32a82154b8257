import { useTranslations } from 'next-intl';
import type { FunctionRouteDraft } from '@/components/diversion/draft/draft';
import { Input } from '@/components/ui/input';
import { RouteFieldFrame } from './route-field';
import type { RouteProps } from './route-form';

/** Text that only the function's response contains. It verifies the route before and after DNS moves. */
export function ExpectedBodyField({ form, index, route }: RouteProps<FunctionRouteDraft>) {
  const t = useTranslations('diversion');
  const field = `routes.${index}.expectedBody` as const;
  const change = (expectedBody: string) =>
    form.changeRoute(index, (now) => (now.to === 'function' ? { ...now, expectedBody } : now));
  return (
    <RouteFieldFrame
      field={field}
      label={t('field.expectedBody')}
      part="answer"
      side="function"
      last
      note={t('expectedBodyNote')}
      onFix={form.fix}
      {...form.stateOf(field)}
    >
      {(control) => (
        <Input
          {...control}
          value={route.expectedBody}
          onChange={(event) => change(event.target.value)}
          placeholder={t('choose.expectedBody')}
        />
      )}
    </RouteFieldFrame>
  );
}
