import type {
  DescribeDomainRequest,
  DescribeDomainResponse,
  DomainInfo,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models';
import { action, type WithFields, type WithNull } from '../action';
import { requireZone } from './find-objects';
import { defaultGroupId, defaultTtlS, zoneFacts } from './zone-facts';

type ZoneInfo = WithNull<DomainInfo, 'VipStartAt' | 'VipEndAt' | 'VipAutoRenew' | 'VipResourceId'>;
type Answer = WithFields<DescribeDomainResponse, { DomainInfo: ZoneInfo }>;

/**
 * Returns a zone: https://cloud.tencent.com/document/api/1427/56173. Its values are in lower case, unlike the list's.
 */
export const describeDomain = action<DescribeDomainRequest, Answer>((request, context) => {
  const zone = requireZone(context, request);
  const facts = zoneFacts(zone);
  const { account } = context;
  const yesOrNo = (value: boolean) => (value ? 'yes' : 'no');
  const dnsStatus = zone.dnsStatus.toLowerCase();
  return {
    DomainInfo: {
      DomainId: zone.id,
      Domain: zone.name,
      Punycode: zone.name,
      Status: zone.enabled ? 'enable' : 'pause',
      DnsStatus: dnsStatus,
      DNSStatus: dnsStatus,
      DnspodNsList: [...facts.servers],
      ActualNsList: zone.dnsStatus === '' ? [...facts.servers] : [],
      Grade: zone.grade,
      GradeLevel: facts.plan.level,
      GradeTitle: facts.plan.title,
      IsVip: yesOrNo(facts.isPaid),
      VipStartAt: facts.paidFrom,
      VipEndAt: facts.paidUntil,
      VipAutoRenew: facts.isPaid ? 'yes' : null,
      VipResourceId: null,
      VipBuffered: 'no',
      IsGracePeriod: 'no',
      IsMark: yesOrNo(zone.starred),
      IsSubDomain: false,
      TTL: defaultTtlS,
      RecordCount: zone.records.length,
      GroupId: defaultGroupId,
      CnameSpeedup: 'disable',
      CNAMESpeedup: 'disable',
      SearchEnginePush: 'no',
      SlaveDNS: 'no',
      Remark: zone.remark,
      Owner: `qcloud_uin_${account.uin}@qcloud.com`,
      OwnerNick: account.name,
      UserId: account.appId,
      Uin: account.uin,
      CreatedOn: facts.createdOn,
      UpdatedOn: facts.updatedOn,
      TagList: facts.tags,
    },
  };
});
