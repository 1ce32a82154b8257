import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findEdgeService } from '@/lib/preflight/dns/protected-edge';

it.each([
  ['shop.example.com.eo.dnse3.com.', 'EdgeOne'],
  ['shop.example.com.cdn.dnsv1.com', 'Tencent Cloud CDN'],
  ['shop.example.com.DSA.dnsv1.com.cn', 'Tencent Cloud CDN'],
  ['6a1c46976feeb786.qcloudwzgj.com.', 'Tencent Cloud WAF'],
  ['d111111abcdef8.cloudfront.net', 'Amazon CloudFront'],
])('recognizes the service of %s', (target, name) => {
  expect(findEdgeService(target)?.name).toBe(name);
});

it.each([
  'lb-a1b2c3.clb.sg-tencentclb.com',
  'notcloudfront.net',
  'cloudfront.net.example.com',
  'cdn.dnsv1.com',
  '',
])('recognizes no service in %s', (target) => {
  expect(findEdgeService(target)).toBeNull();
});

it('compares whole labels, in any case, with or without a trailing dot', () => {
  fc.assert(
    fc.property(fc.domain(), fc.boolean(), (host, dot) => {
      const end = dot ? '.' : '';
      expect(findEdgeService(`${host.toUpperCase()}.eo.dnse1.com${end}`)?.name).toBe('EdgeOne');
      expect(findEdgeService(`${host}.example.com${end}`)).toBeNull();
    }),
  );
});
