/**
 * The example function of a new diversion. It responds to any request with a page, in the integrated response format
 * that a load balancer needs (https://www.tencentcloud.com/document/product/583/39849).
 */
const python = `import json


def main_handler(event, context):
    """Answers every request that the load balancer hands over."""
    print(json.dumps({"path": event.get("path"), "method": event.get("httpMethod")}))
    return {
        "isBase64Encoded": False,
        "statusCode": 200,
        "headers": {"Content-Type": "text/html"},
        "body": "<html><body><h1>Hello CLB</h1></body></html>",
    }
`;

const nodejs = `'use strict';

/** Answers every request that the load balancer hands over. */
exports.main_handler = async (event) => {
  console.log(JSON.stringify({ path: event.path, method: event.httpMethod }));
  return {
    isBase64Encoded: false,
    statusCode: 200,
    headers: { 'Content-Type': 'text/html' },
    body: '<html><body><h1>Hello CLB</h1></body></html>',
  };
};
`;

export type CodeLanguage = 'python' | 'nodejs';

export const helloClb: Readonly<Record<CodeLanguage, string>> = { python, nodejs };

/** Text in that response which shows that it came from the function. */
export const helloClbBody = 'Hello CLB';

/** Returns whether code is one of the examples, unchanged. */
export function isHelloClb(code: string): boolean {
  return Object.values(helloClb).some((example) => example.trim() === code.trim());
}
