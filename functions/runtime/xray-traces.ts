import { createSocket } from "node:dgram";
import { type Span, TRACEPARENT, type Traces } from "../../core/telemetry/traces.ts";
import { processEnv } from "./env.ts";

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-daemon */
const HEADER = '{"format":"json","version":1}\n';

/**
 * Sends spans to the X-Ray daemon that Lambda runs beside each traced function, as segments of their scan's own trace.
 * Without a daemon they go nowhere.
 *
 * @param daemon `host:port`
 */
export function xrayTraces(
  daemon = processEnv.AWS_XRAY_DAEMON_ADDRESS,
  name = processEnv.AWS_LAMBDA_FUNCTION_NAME ?? "qr-service",
): Traces {
  const [host, port] = daemon?.split(":") ?? [];
  let segments: string[] = [];
  return {
    record(span) {
      if (host) segments.push(segmentOf(name, span));
    },
    async flush() {
      if (segments.length === 0) return;
      const socket = createSocket("udp4");
      const send = (segment: string) =>
        new Promise<void>((sent) => socket.send(HEADER + segment, Number(port), host, () => sent()));
      const waiting = segments;
      segments = [];
      await Promise.all(waiting.map(send));
      socket.close();
    },
  };
}

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html */
function segmentOf(name: string, { parent, id, eventId, startMs, endMs }: Span): string {
  const [, traceId = "", parentId] = TRACEPARENT.exec(parent) ?? [];
  return JSON.stringify({
    name,
    id,
    trace_id: `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`,
    parent_id: parentId,
    start_time: startMs / 1_000,
    end_time: endMs / 1_000,
    // Finds the trace of a row, and the row of a trace.
    annotations: { event_id: eventId },
  });
}
