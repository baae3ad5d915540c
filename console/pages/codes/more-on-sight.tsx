import { useEffect, useRef } from "preact/hooks";
import { texts } from "../../i18n/language.ts";

/** How far below the window the next page is asked for: it is there before somebody scrolls to it. */
const AHEAD = "1200px";

/** Loads more when it comes into sight. */
export function MoreOnSight({ load }: { load(): Promise<void> }) {
  const end = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && load(), {
      rootMargin: AHEAD,
    });
    if (end.current) observer.observe(end.current);
    return () => observer.disconnect();
  });
  return (
    <p class="list-end muted small" role="status" ref={end}>
      {texts.value.codes.loadingMore}
    </p>
  );
}
