import { describe, expect, it } from 'vitest';
import { toRecords, toZones } from './api';

const wire = {
  RecordId: 556507778,
  Name: 'media',
  Type: 'CNAME',
  Value: 'lb-1.clb.example.net.',
  Line: '默认',
  LineId: '0',
  TTL: 600,
  Weight: 0,
  Status: 'ENABLE',
  UpdatedOn: '2021-03-28 11:27:09',
};
const only = (more: object) => {
  const answer = {
    RecordCountInfo: { SubdomainCount: 1, ListCount: 1, TotalCount: 1 },
    RecordList: [{ ...wire, ...more }],
  };
  return toRecords(answer, 'example.co.id').items[0];
};

describe('toRecords', () => {
  it('strips the dot from names, reads weight 0 as no weight and times as Beijing time', () => {
    expect(only({})).toEqual({
      id: 556507778,
      zone: 'example.co.id',
      subdomain: 'media',
      type: 'CNAME',
      value: 'lb-1.clb.example.net',
      line: '默认',
      lineId: '0',
      ttlS: 600,
      weight: null,
      enabled: true,
      monitored: false,
      updatedAt: '2021-03-28T03:27:09.000Z',
    });
  });

  it('reads whether D-monitoring watches a record', () => {
    expect(only({ MonitorStatus: 'Ok' })?.monitored).toBe(true);
    expect(only({ MonitorStatus: '' })?.monitored).toBe(false);
  });

  it('leaves the values of other types unchanged', () => {
    expect(only({ Type: 'TXT', Value: 'ends with a dot.' })?.value).toBe('ends with a dot.');
  });
});

describe('toZones', () => {
  it.each([
    ['', true],
    ['DNSERROR', false],
    [null, null],
  ])('DNSStatus %j: delegated %j', (DNSStatus, delegated) => {
    const answer = {
      DomainCountInfo: { DomainTotal: 1 },
      DomainList: [{ DomainId: 1, Name: 'example.co.id', Status: 'ENABLE', DNSStatus, Grade: 'DP_FREE' }],
    };
    expect(toZones(answer as never).items[0]?.delegated).toBe(delegated);
  });
});
