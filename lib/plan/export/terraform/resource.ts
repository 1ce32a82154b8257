import type { HclBlock, HclBody } from './hcl';

/** The resources of the provider that an export uses. */
export type ResourceType =
  | 'tencentcloud_clb_attachment'
  | 'tencentcloud_clb_function_targets_attachment'
  | 'tencentcloud_clb_instance'
  | 'tencentcloud_clb_listener'
  | 'tencentcloud_clb_listener_rule'
  | 'tencentcloud_dnspod_record'
  | 'tencentcloud_scf_provisioned_concurrency_config';

/** A resource with the data that Terraform needs to import existing objects. */
export type Resource = {
  readonly type: ResourceType;
  readonly label: string;
  readonly body: HclBody;
  /** A comment above it. */
  readonly comment?: string;
  /** The id for the provider's `import` of an existing object; null = it must be created. */
  readonly importId: string | null;
};

export function resourceAddress({ type, label }: Pick<Resource, 'type' | 'label'>): string {
  return `${type}.${label}`;
}

/** Returns the resource, followed by its import (https://developer.hashicorp.com/terraform/language/import). */
export function resourceBlocks(resource: Resource): HclBody {
  const { type, label, body, comment, importId } = resource;
  const block: HclBlock = { block: 'resource', labels: [type, label], body };
  const taken: HclBlock[] =
    importId === null
      ? []
      : [
          {
            block: 'import',
            body: [
              { name: 'to', value: { expression: resourceAddress(resource) } },
              { name: 'id', value: importId },
            ],
          },
        ];
  return [...(comment === undefined ? [] : [{ comment }]), block, ...taken];
}
