/**
 * The first function of a new Split: it answers any request with a page, in the integrated response format
 * that a load balancer needs (https://www.tencentcloud.com/document/product/583/39849).
 */
export const helloClb = `import json


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

/** Text of that answer which shows that it came from the function. */
export const helloClbBody = 'Hello CLB';
