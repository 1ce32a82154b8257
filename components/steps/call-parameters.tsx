import { useTranslations } from 'next-intl';
import type { WriteCall } from '@/lib/estate/call';
import type { Step, WriteStep } from '@/lib/plan/model/model';
import { type ParamToken, paramRows } from './param-tokens';
import { findMaker } from './step-groups';

type CallParametersProps = {
  readonly call: WriteCall;
  /** The step of the call, within its list: an unknown id comes from an earlier step. */
  readonly step: WriteStep;
  readonly steps: readonly Step[];
  readonly withAction?: boolean;
};

/** The parameters of a call exactly as they are sent. */
export function CallParameters({ call, step, steps, withAction = false }: CallParametersProps) {
  const maker = findMaker(steps, step);
  return (
    <div className="mono min-w-0 rounded-md border border-line bg-sunken px-2.5 py-2 leading-[1.125rem]">
      {withAction ? <p>{`${call.service}:${call.action}`}</p> : null}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3">
        {paramRows(call).map((row) => (
          <div key={row.name} className="contents">
            <dt className="text-ink-2">{row.name}</dt>
            <dd className="min-w-0 break-words whitespace-pre-wrap">
              {row.tokens.map((token, index) => (
                <Token key={`${row.name} ${String(index)}`} token={token} maker={maker} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Token({ token, maker }: { readonly token: ParamToken; readonly maker: number | null }) {
  const t = useTranslations('plan.review');
  if (token.kind === 'text') return token.text;
  return (
    <span title={token.name} className="border-b border-dashed border-control text-ink-2">
      {maker === null ? t('fromRead') : t('fromStep', { number: maker })}
    </span>
  );
}
