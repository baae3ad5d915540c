import type { StoredCode } from "../core/code/qr-code.ts";
import { ServiceError } from "../core/errors.ts";

/** Somebody was faster: the code has another version than the caller expects. */
export class ChangedMeanwhile extends ServiceError {
  /** As it is. */
  readonly code: StoredCode;
  /** Scans that are persisted. */
  readonly scans: number;
  /** ISO 8601, milliseconds; `null` unless it is a tombstone. */
  readonly deletedAt: string | null;

  constructor(code: StoredCode, scans: number, deletedAt: string | null) {
    super(
      "precondition-failed",
      `the code ${code.qrId} was changed meanwhile: its version is ${code.version}`,
    );
    this.code = code;
    this.scans = scans;
    this.deletedAt = deletedAt;
  }
}
