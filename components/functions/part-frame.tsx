'use client';

import { hashKey, type QueryKey, useQuery } from '@tanstack/react-query';
import { LoaderCircle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { CloudErrorFacts } from '@/components/cloud-error/cloud-error-facts';
import { FailureCallout } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { functionPartQuery } from '@/lib/client/function-queries';
import type { FunctionPart, FunctionPartContents } from '@/lib/estate/functions/function-reading';
import type { FunctionPageProps } from './function-props';

type PartFrameProps<Part extends FunctionPart> = Pick<FunctionPageProps, 'connection' | 'view'> & {
  readonly part: Part;
  /** Shown if the cloud has no data for this part. */
  readonly none: ReactNode;
  readonly children: (content: FunctionPartContents[Part['part']], readAt: string) => ReactNode;
};

/** A part of a function that the worker reads on request: the last result, and the progress of the read. */
export function PartFrame<Part extends FunctionPart>(props: PartFrameProps<Part>) {
  const { connection, view, part, none, children } = props;
  const t = useTranslations('functions.part');
  const options = functionPartQuery<Part>(connection.id, view.function, part, view.function.modifiedAt);
  const isSamePart = (key: QueryKey) => hashKey(key.slice(0, -1)) === hashKey(options.queryKey.slice(0, -1));
  const { data, isError, refetch } = useQuery({
    ...options,
    // The result from before a change stays until the worker has read the part again.
    placeholderData: (known, query) =>
      query !== undefined && isSamePart(query.queryKey) ? known : undefined,
  });
  const isReading = data === undefined ? !isError : data.state === 'running';
  return (
    <div className="grid min-w-0 gap-2" aria-busy={isReading}>
      {isError || data?.state === 'failed' ? (
        <FailureCallout title={t('failed')}>
          {data?.error ? <CloudErrorFacts error={data.error} /> : null}
          <div className="pt-1.5">
            <Button size="sm" onClick={() => void refetch()}>
              {t('again')}
            </Button>
          </div>
        </FailureCallout>
      ) : null}
      {data?.readAt ? (data.content === null ? none : children(data.content, data.readAt)) : null}
      {isReading && !data?.readAt ? (
        <p role="status" className="flex items-center gap-1.5 py-2 text-12 text-ink-2">
          <LoaderCircle aria-hidden className="size-3.5 animate-spin" />
          {t('loading')}
        </p>
      ) : null}
    </div>
  );
}
