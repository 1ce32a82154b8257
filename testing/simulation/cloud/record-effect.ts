import { z } from 'zod';
import type { WriteCall } from '@/lib/estate/call';
import type { DnsRecord } from '@/lib/estate/model';
import { unreachable } from '@/lib/invariant';
import type { Refuse } from './refusal';
import type { NewId, Stock } from './stock';
import { newRecord } from './stock-parts';

const Status = z.enum(['ENABLE', 'DISABLE']).transform((status) => status === 'ENABLE');
const Fields = {
  SubDomain: z.string(),
  RecordType: z.string(),
  RecordLine: z.string(),
  RecordLineId: z.string(),
  Value: z.string(),
  TTL: z.number(),
  Status,
  Weight: z.number().optional(),
};
const CreateRecord = z.object({ Domain: z.string(), ...Fields });
const OnRecord = z.object({ Domain: z.string(), RecordId: z.number() });
const ModifyRecord = OnRecord.extend(Fields);
const ModifyRecordStatus = OnRecord.extend({ Status });
const ModifyRecordFields = OnRecord.extend({
  FieldList: z.tuple([z.object({ Key: z.enum(['value', 'weight', 'ttl']), Value: z.string() })]),
});

type RecordAction =
  | 'CreateRecord'
  | 'DeleteRecord'
  | 'ModifyRecord'
  | 'ModifyRecordFields'
  | 'ModifyRecordStatus';

/**
 * Returns the stock after a write of DNSPod has taken effect, as in the sandbox's services.
 * @throws Refusal when the cloud would refuse the call: a duplicate, a CNAME beside others, a record that was deleted
 */
export function recordEffect(stock: Stock, call: WriteCall, newId: NewId, refuse: Refuse): Stock {
  const { params } = call;
  const action = call.action as RecordAction;
  const putRecord = (record: DnsRecord): Stock => {
    const others = stock.records.filter(({ id }) => id !== record.id);
    const beside = others.filter(
      ({ zone, subdomain, lineId }) =>
        zone === record.zone && subdomain === record.subdomain && lineId === record.lineId,
    );
    const double = beside.some(({ type, value }) => type === record.type && value === record.value);
    if (double) throw refuse('InvalidParameter.DomainRecordExist', `${record.value} is there already`);
    const rival = beside.some(
      ({ type, enabled }) =>
        enabled && record.enabled && type !== record.type && [type, record.type].includes('CNAME'),
    );
    if (rival) throw refuse('InvalidParameter.DomainRecordExist', 'a CNAME excludes other records');
    return { ...stock, records: [...others, record] };
  };
  const getRecord = (recordId: number): DnsRecord => {
    const record = stock.records.find(({ id }) => id === recordId);
    if (record === undefined) throw refuse('InvalidParameter.RecordIdInvalid', `no record ${recordId}`);
    return record;
  };
  const recordFrom = (given: z.infer<typeof CreateRecord>, id: number): DnsRecord =>
    newRecord(
      { zone: given.Domain, subdomain: given.SubDomain, line: given.RecordLine, lineId: given.RecordLineId },
      {
        type: given.RecordType,
        value: given.Value,
        ttlS: given.TTL,
        weight: given.Weight ?? null,
        enabled: given.Status,
      },
      id,
    );

  switch (action) {
    case 'CreateRecord':
      return putRecord(recordFrom(CreateRecord.parse(params), newId()));
    case 'DeleteRecord': {
      const record = getRecord(OnRecord.parse(params).RecordId);
      return { ...stock, records: stock.records.filter((other) => other !== record) };
    }
    case 'ModifyRecord': {
      const given = ModifyRecord.parse(params);
      return putRecord({ ...getRecord(given.RecordId), ...recordFrom(given, given.RecordId) });
    }
    case 'ModifyRecordFields': {
      const { RecordId, FieldList } = ModifyRecordFields.parse(params);
      const [{ Key, Value }] = FieldList;
      const changes = {
        value: { value: Value },
        weight: { weight: Number(Value) || null },
        ttl: { ttlS: Number(Value) },
      };
      return putRecord({ ...getRecord(RecordId), ...changes[Key] });
    }
    case 'ModifyRecordStatus': {
      const { RecordId, Status: enabled } = ModifyRecordStatus.parse(params);
      return putRecord({ ...getRecord(RecordId), enabled });
    }
    default:
      return unreachable(action);
  }
}
