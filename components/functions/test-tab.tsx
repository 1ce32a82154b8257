'use client';

import { useQueryClient } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { TestInvocationOutcome } from '@/components/diversion/routes/test-invocation-outcome';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { signed } from '@/components/ui/base/signed';
import { Button } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { controlLook } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { Picker } from '@/components/ui/pickers/picker';
import { Select } from '@/components/ui/select';
import { queryKeys } from '@/lib/client/queries';
import { useMay } from '@/lib/client/session/rights';
import type { FunctionUse } from '@/lib/estate/functions/function-use';
import { type ClbBody, type ClbMethod, clbMethods } from '@/lib/function-contract/clb-event';
import type { FunctionPageProps } from './function-props';

const contentTypes: readonly ClbBody['contentType'][] = ['application/json', 'text/plain'];
const exampleBody = '{\n  "item": 12,\n  "count": 1\n}';

/** The event of a test without a rule: it names localhost and the path /. */
const noPlace = { domain: '', loadBalancerId: '', listenerId: '', rule: { kind: 'new', url: '/' } } as const;

function placeOf(use: FunctionUse | undefined) {
  if (use === undefined) return noPlace;
  const { domain, loadBalancerId, listenerId, ruleId } = use;
  return { domain, loadBalancerId, listenerId, rule: { kind: 'existing', ruleId } } as const;
}

/** Invokes the function once with an event as a load balancer passes it, and shows the newest results. */
export function TestTab(props: FunctionPageProps) {
  const t = useTranslations('functions.test');
  const functions = useTranslations('functions');
  return (
    <>
      {useMay('runCode') ? (
        <TestForm {...props} />
      ) : (
        <Panel title={t('title')}>
          <p className="text-12 text-ink-2">{functions('onlyAdministrators')}</p>
        </Panel>
      )}
      <TestResults {...props} />
    </>
  );
}

function TestForm({ connection, view, actions }: FunctionPageProps) {
  const t = useTranslations('functions.test');
  const client = useQueryClient();
  const fn = view.function;
  const [qualifier, setQualifier] = useState('$LATEST');
  const [method, setMethod] = useState<ClbMethod>('GET');
  const [route, setRoute] = useState(view.uses[0]?.ruleId ?? 'none');
  const [body, setBody] = useState<ClbBody>({ contentType: 'application/json', text: exampleBody });
  const [isAsking, setAsking] = useState(false);
  const test = useAction(
    actions.startTestInvocation,
    () => client.invalidateQueries({ queryKey: queryKeys.functions(connection.id) }),
    { onSettled: () => setAsking(false) },
  );
  const aliases = (fn.aliases ?? []).map(({ name }) => name);
  const start = () =>
    test.send({
      connectionId: connection.id,
      function: { region: fn.region, namespace: fn.namespace, name: fn.name, qualifier },
      place: placeOf(view.uses.find(({ ruleId }) => ruleId === route)),
      request: method === 'GET' ? { method } : { method, ...body },
    });
  return (
    <>
      <Panel title={t('title')}>
        <div className="grid gap-3">
          <p className="text-12 text-ink-2">{t('text', { account: connection.name })}</p>
          <div className="grid items-start gap-3 md:grid-cols-3">
            <Field label={t('qualifier')}>
              {(control) => (
                <Picker
                  {...control}
                  options={[...fn.versions, ...aliases].map((value) => ({ value, label: value }))}
                  value={qualifier}
                  onChange={setQualifier}
                  placeholder={t('qualifier')}
                />
              )}
            </Field>
            <Field label={t('preset')} {...(method === 'POST' ? { note: t('postNote') } : {})}>
              {(control) => (
                <Select<ClbMethod>
                  {...control}
                  options={clbMethods.map((value) => ({ value, label: t(value === 'GET' ? 'get' : 'post') }))}
                  value={method}
                  onChange={setMethod}
                />
              )}
            </Field>
            <Field label={t('route')}>
              {(control) => (
                <Picker
                  {...control}
                  options={[
                    { value: 'none', label: t('noRoute') },
                    ...view.uses.map(({ ruleId, domain, url }) => ({
                      value: String(ruleId),
                      label: `${domain}${url}`,
                    })),
                  ]}
                  value={route}
                  onChange={setRoute}
                  placeholder={t('noRoute')}
                />
              )}
            </Field>
          </div>
          {method === 'POST' ? (
            <BodyFields body={body} onChange={setBody} error={test.fieldError('request.text', body)} />
          ) : null}
          <ActionFailure action={test} />
          <div>
            <Button
              variant="primary"
              className="max-md:hidden"
              icon={<Play aria-hidden />}
              busy={test.isBusy}
              onClick={() => setAsking(true)}
            >
              {t('invoke')}
            </Button>
          </div>
        </div>
      </Panel>
      <Dialog
        open={isAsking}
        onOpenChange={setAsking}
        title={t('confirmTitle', { function: `${fn.name}:${qualifier}` })}
        description={t('text', { account: connection.name })}
        icon={<Play aria-hidden />}
        action={
          <Button variant="primary" busy={test.isBusy} onClick={start}>
            {t('invoke')}
          </Button>
        }
      />
    </>
  );
}

type BodyFieldsProps = {
  readonly body: ClbBody;
  readonly onChange: (body: ClbBody) => void;
  readonly error: string | undefined;
};

/** The body of a POST. */
function BodyFields({ body, onChange, error }: BodyFieldsProps) {
  const t = useTranslations('functions.test');
  return (
    <div className="grid items-start gap-3 md:grid-cols-[12rem_1fr]">
      <Field label={t('contentType')}>
        {(control) => (
          <Select<ClbBody['contentType']>
            {...control}
            options={contentTypes.map((value) => ({ value, label: value }))}
            value={body.contentType}
            onChange={(contentType) => onChange({ ...body, contentType })}
          />
        )}
      </Field>
      <Field label={t('body')} error={error}>
        {(control) => (
          <textarea
            {...control}
            rows={5}
            spellCheck={false}
            className={classes(controlLook, 'mono p-2')}
            value={body.text}
            onChange={(event) => onChange({ ...body, text: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

/** The newest test invocations of the function. */
function TestResults({ view }: Pick<FunctionPageProps, 'view'>) {
  const t = useTranslations('functions.test');
  return (
    <Panel title={t('again')}>
      {view.tests.length === 0 ? <p className="text-12 text-ink-2">{t('none')}</p> : null}
      <ul className="grid gap-3">
        {view.tests.map((tested) => (
          <li key={tested.id} className="border-b border-line pb-3 text-12 last:border-b-0 last:pb-0">
            <p className="font-medium">
              {t.rich('by', {
                method: tested.method,
                qualifier: tested.function.qualifier,
                ...signed(tested.actor, tested.askedAt),
              })}
            </p>
            <TestInvocationOutcome tried={tested} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
