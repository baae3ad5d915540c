import type { StoredCode } from "../../../core/code/qr-code.ts";
import { fallbackName, targetName } from "./actions.ts";
import type { SeenCode } from "./history.ts";

/**
 * A run's own IDs, so that runs share one database without meeting each other: the model's code `a` and tenant `t1`
 * are `a-17` and `t1-17` in run 17.
 */
export class Names {
  readonly #suffix: string;

  constructor(run: number) {
    this.#suffix = `-${run}`;
  }

  /** The ID of a tenant or code of the model. */
  id(name: string): string {
    return `${name}${this.#suffix}`;
  }

  seen({ qrId, tenantId, targetUrl, fallbackUrl, status, version }: StoredCode): SeenCode {
    return {
      code: qrId.replace(this.#suffix, ""),
      tenant: tenantId.replace(this.#suffix, ""),
      target: nameOf(targetUrl),
      fallback: fallbackUrl && nameOf(fallbackUrl),
      status,
      version,
    };
  }
}

/** The URLs that an operation writes. */
export function urlsOf(number: number, fallback: boolean) {
  return {
    targetUrl: `https://${targetName(number)}.example/`,
    fallbackUrl: fallback ? `https://${fallbackName(number)}.example/` : null,
  };
}

/** `https://target5.example/` is `target5`. */
export function nameOf(url: string): string {
  return new URL(url).hostname.replace(".example", "");
}
