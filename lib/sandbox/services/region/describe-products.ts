import type {
  DescribeProductsRequest,
  DescribeProductsResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/region/v20220627/region_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import served from '@/lib/sandbox/world/served-actions.json';
import { action } from '../action';
import { page } from '../paging';

/** The sandbox's products, as the region service names them. */
const products = Object.keys(served).sort();

/** Checks that a product exists. @throws ApiError InvalidParameter for a product that doesn't exist. */
export function requireProduct(name: string): void {
  if (products.includes(name)) return;
  throw new ApiError(
    'InvalidParameter',
    `The parameter \`Product\` must be one of ${products.join(', ')}, not \`${name}\`.`,
  );
}

/** DescribeProducts of github.com/TencentCloud/tencentcloud-cli, tccli/services/region/v20220627/api.json */
export const describeProducts = action<DescribeProductsRequest, DescribeProductsResponse>((request) => ({
  TotalCount: products.length,
  Products: page(products, request, { fallback: 20, max: 100 }).map((Name) => ({ Name })),
}));
