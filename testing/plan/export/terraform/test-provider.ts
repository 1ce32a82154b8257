/**
 * The provider's documentation of the resources that we export, for tests:
 * https://registry.terraform.io/providers/tencentcloudstack/tencentcloud/latest/docs/resources/NAME-WITHOUT-tencentcloud_
 * (1.83.25). `required` and `optional` are arguments, blocks with their own; `importId` is the form of an id.
 */
export type Documented = {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly blocks: Readonly<Record<string, Documented>>;
  readonly importId?: RegExp;
};

/**
 * Arguments that every resource may have. https://developer.hashicorp.com/terraform/language/meta-arguments/depends_on
 */
export const metaArguments = ['provider', 'depends_on'];

const plain = { optional: [], blocks: {} };

export const documented: Readonly<Record<string, Documented>> = {
  tencentcloud_clb_listener_rule: {
    required: ['clb_id', 'listener_id', 'url'],
    optional: ['certificate_id', 'certificate_ssl_mode', 'domain', 'domains', 'scheduler'],
    blocks: {},
    importId: /^lb-[^#]+#lbl-[^#]+#loc-[^#]+$/,
  },
  tencentcloud_clb_attachment: {
    required: ['clb_id', 'listener_id'],
    optional: ['rule_id'],
    blocks: { targets: { required: ['port'], optional: ['instance_id', 'eni_ip', 'weight'], blocks: {} } },
    importId: /^loc-[^#]+#lbl-[^#]+#lb-[^#]+$/,
  },
  tencentcloud_clb_function_targets_attachment: {
    required: ['load_balancer_id', 'listener_id'],
    optional: ['location_id'],
    blocks: {
      function_targets: {
        required: [],
        optional: ['weight'],
        blocks: {
          function: {
            ...plain,
            required: ['function_name', 'function_namespace', 'function_qualifier'],
            optional: ['function_qualifier_type'],
          },
        },
      },
    },
    importId: /^lb-[^#]+#lbl-[^#]+#loc-[^#]+$/,
  },
  tencentcloud_clb_instance: {
    required: ['clb_name', 'network_type'],
    optional: [
      ...['dynamic_vip', 'internet_bandwidth_max_out', 'internet_charge_type', 'master_zone_id', 'sla_type'],
      ...['subnet_id', 'vpc_id'],
    ],
    blocks: {},
    importId: /^lb-[^#]+$/,
  },
  tencentcloud_clb_listener: {
    required: ['clb_id', 'listener_name', 'protocol'],
    optional: ['certificate_id', 'certificate_ssl_mode', 'port'],
    blocks: {},
    importId: /^lb-[^#]+#lbl-[^#]+$/,
  },
  // It supports no import.
  tencentcloud_scf_provisioned_concurrency_config: {
    required: ['function_name', 'qualifier', 'version_provisioned_concurrency_num'],
    optional: ['namespace'],
    blocks: {},
  },
  tencentcloud_dnspod_record: {
    required: ['domain', 'record_line', 'record_type', 'value'],
    optional: ['status', 'sub_domain', 'ttl', 'weight'],
    blocks: {},
    importId: /^[^#]+#\d+$/,
  },
};
