import { useEffect, useRef } from "preact/hooks";
import { number } from "../i18n/format.ts";

/** A figure that lights up for a moment when it has grown while somebody looks. */
export function LiveNumber({ value }: { value: number }) {
  const shown = useRef<HTMLSpanElement>(null);
  const before = useRef(value);
  useEffect(() => {
    if (value > before.current) {
      shown.current?.animate?.([{ color: "var(--accent)", transform: "translateY(-2px)" }, {}], {
        duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 700,
        easing: "ease-out",
      });
    }
    before.current = value;
  }, [value]);
  return (
    <span class="live-number" ref={shown}>
      {number(value)}
    </span>
  );
}
