import { createHash, createHmac } from "node:crypto";

/** Of a role, as Lambda gives them to its function. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

/**
 * Signs a request to S3 without a query, by Signature Version 4: one object a few times an hour does not need an SDK.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 *
 * @param now of the request, Unix ms
 * @returns all headers to send
 */
export function signRequest(
  { method, url, headers, body }: { method: string; url: URL; headers: Record<string, string>; body: string },
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
  region: string,
  now: number,
): Record<string, string> {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const signed: Record<string, string> = {
    ...headers,
    host: url.host,
    "x-amz-content-sha256": sha256(body),
    "x-amz-date": time,
    ...(sessionToken ? { "x-amz-security-token": sessionToken } : {}),
  };
  const names = Object.keys(signed).sort();
  const lines = names.map((name) => `${name}:${signed[name]?.trim()}\n`).join("");
  const request = [method, url.pathname, "", lines, names.join(";"), sha256(body)].join("\n");
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256(request)].join("\n");
  const key = scope
    .split("/")
    .reduce<string | Buffer>((secret, part) => hmac(secret, part).digest(), `AWS4${secretAccessKey}`);
  const credential = `Credential=${accessKeyId}/${scope}`;
  const signature = `Signature=${hmac(key, text).digest("hex")}`;
  return {
    ...signed,
    authorization: `AWS4-HMAC-SHA256 ${credential},SignedHeaders=${names.join(";")},${signature}`,
  };
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text);
