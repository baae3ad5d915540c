import { request } from "node:http";

interface RepeatableRequest {
  method: string;
  /** A list is sent as several headers of that name, which `fetch` would join. */
  headers: Record<string, string | string[]>;
  body: string | undefined;
}

/** Sends a request over a connection of its own, without following a redirect. @throws Error if there is no reply */
export function sendRepeatable(url: string, { method, headers, body }: RepeatableRequest): Promise<Response> {
  return new Promise((resolve, reject) => {
    const lines = Object.entries({ host: new URL(url).host, ...headers }).flatMap(([name, value]) =>
      [value].flat().flatMap((single) => [name, single]),
    );
    const sized = body === undefined ? [] : ["content-length", String(Buffer.byteLength(body))];
    const sent = request(url, { method, headers: [...lines, ...sized], agent: false }, async (reply) => {
      const chunks: Buffer[] = [];
      for await (const chunk of reply) chunks.push(chunk);
      const received = new Headers();
      for (const [name, values] of Object.entries(reply.headersDistinct)) {
        for (const value of values ?? []) received.append(name, value);
      }
      const { statusCode: status = 0 } = reply;
      const content = [204, 304].includes(status) ? null : Buffer.concat(chunks);
      resolve(new Response(content, { status, headers: received }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
