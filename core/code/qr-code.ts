export type CodeStatus = "active" | "paused";

/** A code as stored. Timestamps are ISO 8601 UTC with milliseconds; an absent option is `null`. */
export interface StoredCode {
  qrId: string;
  tenantId: string;
  targetUrl: string;
  name: string | null;
  tags: string[];
  status: CodeStatus;
  startsAt: string | null;
  expiresAt: string | null;
  maxScans: number | null;
  fallbackUrl: string | null;
  createdAt: string;
  updatedAt: string;
}

/** How often a code was scanned. */
export interface CodeCounts {
  scans: number;
  /** Scans on the UTC day that was asked for. */
  today: number;
}

/** A code as its tenant sees it: with the URL that is printed and the live number of scans. */
export interface QrCode extends StoredCode {
  scanUrl: string;
  scans: number;
}

/** What a code's picture encodes. Short, since every character makes the picture denser. */
export function scanUrl(publicBaseUrl: string, qrId: string): string {
  return `${publicBaseUrl.replace(/\/$/, "")}/scan/${qrId}`;
}

/** @param scans the live counter; a stored copy of it would be stale at the next scan */
export function presentCode(code: StoredCode, scans: number, publicBaseUrl: string): QrCode {
  const { qrId, tenantId, targetUrl, createdAt, updatedAt, ...options } = code;
  return {
    qrId,
    tenantId,
    targetUrl,
    scanUrl: scanUrl(publicBaseUrl, qrId),
    ...options,
    createdAt,
    updatedAt,
    scans,
  };
}
