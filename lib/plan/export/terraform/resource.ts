import type { HclBlock, HclBody } from './hcl';

/** A resource with what Terraform must know to take over what is there already. */
export type Resource = {
  readonly type: string;
  readonly label: string;
  readonly body: HclBody;
  /** Said above it. */
  readonly comment?: string;
  /** What the provider's `import` wants, where the thing is there; null where it is to be made. */
  readonly importId: string | null;
};

export function addressOf({ type, label }: Pick<Resource, 'type' | 'label'>): string {
  return `${type}.${label}`;
}

/** The resource, and below it its import (https://developer.hashicorp.com/terraform/language/import). */
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
              { name: 'to', value: { expression: addressOf(resource) } },
              { name: 'id', value: importId },
            ],
          },
        ];
  return [...(comment === undefined ? [] : [{ comment }]), block, ...taken];
}
