import type { Namespace } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { invariant } from '@/lib/invariant';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldNamespace } from '../../world/scf';
import { type ActionContext, action } from '../action';
import { page } from '../paging';
import { defaultNamespace, listNamespaceNames, requireNamespace, selectFunctions } from './find/find-objects';

/** Maximum of namespaces in a region, including `default`: https://www.tencentcloud.com/document/product/583/11637. */
export const namespacesMax = 5;

/** The creation time of `default`, which always exists; here the date of the API, because no page documents it. */
const apiSince = Date.UTC(2018, 3, 16);

function listAll({ account, region }: ActionContext): WorldNamespace[] {
  const first = { region, name: defaultNamespace, description: '', createdAt: apiSince };
  return [first, ...Object.values(account.namespaces).filter((each) => each.region === region)];
}

function toNamespaceAnswer({
  name,
  description,
  createdAt,
  modifiedAt = createdAt,
}: WorldNamespace): Namespace {
  return {
    Name: name,
    Description: description,
    AddTime: cloudTime(createdAt),
    ModTime: cloudTime(modifiedAt),
    Type: 'default',
  };
}

const sortKeys: Readonly<Record<string, (namespace: WorldNamespace) => string>> = {
  Name: ({ name }) => name,
  Updatetime: ({ createdAt, modifiedAt = createdAt }) => String(modifiedAt).padStart(16, '0'),
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

/** https://cloud.tencent.com/document/api/583/37160. */
export const createNamespace = action<'scf.CreateNamespace'>((request, context) => {
  const { Namespace: name, Description: description = '' } = request;
  const { account, region, now } = context;
  if (name === defaultNamespace) {
    throw new ApiError('InvalidParameterValue.DefaultNamespace', 'The namespace default is always there.');
  }
  if (request.ResourceEnv !== undefined) {
    throw new ApiError(
      'UnsupportedOperation',
      'The parameter `ResourceEnv` needs a resource pool, which does not exist.',
    );
  }
  const there = listNamespaceNames(context);
  if (there.includes(name)) {
    throw new ApiError('ResourceInUse.Namespace', `The namespace ${name} exists already in ${region}.`);
  }
  if (there.length >= namespacesMax) {
    throw new ApiError('LimitExceeded.Namespace', `A region takes at most ${namespacesMax} namespaces.`);
  }
  account.namespaces[`${region}/${name}`] = { region, name, description, createdAt: now };
  context.applied(`${region}/${name}`);
  return {};
});

/**
 * Updates a namespace: https://cloud.tencent.com/document/api/583/37157. The description of `default` can't be changed
 * (assumption: as for its deletion).
 */
export const updateNamespace = action<'scf.UpdateNamespace'>((request, context) => {
  const { Namespace: name, Description: description } = request;
  const { account, region, now } = context;
  if (name === defaultNamespace) {
    throw new ApiError('FailedOperation.UpdateNamespace', 'The namespace default can’t be changed.');
  }
  requireNamespace(context, name);
  const namespace = account.namespaces[`${region}/${name}`];
  invariant(namespace, 'it is there');
  Object.assign(namespace, { description, modifiedAt: now });
  context.applied(`${region}/${name}`);
  return {};
});

/** Deletes a namespace, which must be empty: https://cloud.tencent.com/document/api/583/37159. */
export const deleteNamespace = action<'scf.DeleteNamespace'>((request, context) => {
  const { Namespace: name } = request;
  if (name === defaultNamespace) {
    throw new ApiError('FailedOperation.DeleteNamespace', 'The namespace default can’t be deleted.');
  }
  requireNamespace(context, name);
  const [first] = selectFunctions(context, name);
  if (first) {
    throw new ApiError(
      'ResourceInUse.Namespace',
      `The namespace ${name} still has functions, such as ${first.name}.`,
    );
  }
  delete context.account.namespaces[`${context.region}/${name}`];
  context.applied(`${context.region}/${name}`);
  return {};
});
