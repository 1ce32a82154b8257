import { useTranslations } from 'next-intl';
import type { ParamValue, WriteCall } from '@/lib/estate/call';
import type { Step, WriteStep } from '@/lib/plan/model/model';
import { findMaker } from './step-groups';

/** A printed piece of a call: literal text, or an id that is not known yet. */
type ParamToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'id'; readonly name: string };
type ParamRow = { readonly name: string; readonly tokens: readonly ParamToken[] };

const width = 56;

/**
 * Returns the parameters of a call exactly as they are sent, one row each, the region first, with short values on one
 * line.
 */
export function paramRows(call: WriteCall): readonly ParamRow[] {
  const region = call.region === null ? [] : [{ name: 'Region', tokens: print(call.region, '') }];
  return [
    ...region,
    ...Object.entries(call.params).map(([name, value]) => ({ name, tokens: print(value, '') })),
  ];
}

function print(value: ParamValue, indent: string): ParamToken[] {
  if (typeof value !== 'object') return [{ kind: 'text', text: JSON.stringify(value) }];
  if (isId(value)) return [{ kind: 'id', name: value.$id }];
  const isList = Array.isArray(value);
  const entries: { label: string; value: ParamValue }[] = isList
    ? value.map((inner: ParamValue) => ({ label: '', value: inner }))
    : Object.entries(value as { readonly [name: string]: ParamValue }).map(([name, inner]) => ({
        label: `${JSON.stringify(name)}: `,
        value: inner,
      }));
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) return [{ kind: 'text', text: `${open}${close}` }];
  const flat = JSON.stringify(value);
  const isShort = flat.length <= width && !flat.includes('"$id"');
  const inside = isShort ? '' : `${indent}  `;
  const [before, between, after] = isShort
    ? [' ', ', ', ' ']
    : [`\n${inside}`, `,\n${inside}`, `\n${indent}`];
  return join([
    { kind: 'text', text: `${open}${before}` },
    ...entries.flatMap((entry, i): ParamToken[] => [
      { kind: 'text', text: `${i === 0 ? '' : between}${entry.label}` },
      ...print(entry.value, inside),
    ]),
    { kind: 'text', text: `${after}${close}` },
  ]);
}

function isId(value: ParamValue): value is { readonly $id: string } {
  return typeof value === 'object' && !Array.isArray(value) && '$id' in value;
}

/** Joins neighbouring texts, so that a row has few nodes. */
function join(tokens: readonly ParamToken[]): ParamToken[] {
  const joined: ParamToken[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    if (token.kind === 'text' && last?.kind === 'text')
      joined[joined.length - 1] = { kind: 'text', text: last.text + token.text };
    else joined.push(token);
  }
  return joined;
}

type CallParametersProps = {
  readonly call: WriteCall;
  /** The step of the call within its list: an unknown id comes from an earlier step. */
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
  const t = useTranslations('plan.details');
  if (token.kind === 'text') return token.text;
  return (
    <span title={token.name} className="border-b border-dashed border-control text-ink-2">
      {maker === null ? t('fromRead') : t('fromStep', { number: maker })}
    </span>
  );
}
