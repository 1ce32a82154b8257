import type { Namespace } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldNamespace } from '../../world/scf';
import { type ActionContext, action } from '../action';
import { page } from '../paging';
import { defaultNamespace } from './find/find-objects';

/** The creation time of `default`, which always exists; here the date of the API, because no page documents it. */
const apiSince = Date.UTC(2018, 3, 16);

function listAll({ account, region }: ActionContext): WorldNamespace[] {
  const first = { region, name: defaultNamespace, description: '', createdAt: apiSince };
  return [first, ...Object.values(account.namespaces).filter((each) => each.region === region)];
}

function toNamespaceAnswer({ name, description, createdAt }: WorldNamespace): Namespace {
  return {
    Name: name,
    Description: description,
    AddTime: cloudTime(createdAt),
    ModTime: cloudTime(createdAt),
    Type: 'default',
  };
}

const sortKeys: Readonly<Record<string, (namespace: WorldNamespace) => string>> = {
  Name: ({ name }) => name,
  Updatetime: ({ createdAt }) => String(createdAt).padStart(16, '0'),
};

/** Lists namespaces: https://cloud.tencent.com/document/api/583/37158. Several search keys must all match. */
export const listNamespacesAction = action<'scf.ListNamespaces'>((request, context) => {
  const found = listAll(context).filter((each) =>
    (request.SearchKey ?? []).every(({ Key: key, Value: value }) =>
      (key === 'Namespace' ? each.name : each.description).includes(value),
    ),
  );
  const key = sortKeys[request.Orderby ?? 'Updatetime'] ?? sortKeys.Updatetime;
  const direction = request.Order === 'DESC' ? -1 : 1;
  if (key) found.sort((a, b) => (key(a) < key(b) ? -direction : direction));
  const shown = page(found, request, { fallback: 20, max: 100 });
  return { Namespaces: shown.map(toNamespaceAnswer), TotalCount: found.length };
});
