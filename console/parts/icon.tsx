/** Drawn on 24 by 24, in strokes of the text's colour. */
const PATHS = {
  codes: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2M20 14v2M14 20h2M18 18h2v2",
  plus: "M12 5v14M5 12h14",
  pulse: "M3 12h4l3-8 4 16 3-8h4",
  key: "M8 11.5a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4zM11 12.5L20 4M15.5 8.2l3 3",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  chart: "M4 20V10M10 20V4M16 20v-7M21 20H3",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM20 20l-5-5",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  download: "M12 4v11M7 11l5 5 5-5M4 20h16",
  pause: "M8 5v14M16 5v14",
  play: "M7 4l12 8-12 8z",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M4 7h16M4 12h16M4 17h16",
  back: "M15 5l-7 7 7 7",
  open: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  undo: "M4 9h10a6 6 0 0 1 0 12h-3M4 9l5-5M4 9l5 5",
  check: "M4 12l6 6L20 6",
  warn: "M12 4l9 16H3zM12 10v4M12 17v.5",
  out: "M10 4H4v16h6M9 12h11M16 8l4 4-4 4",
  brush: "M4 20c0-3 1-4.5 3-4.5s3 1.5 3 3-2 1.5-6 1.5zM9 15L19 4l1.5 1.5L11 17",
  upload: "M12 20V9M7 13l5-5 5 5M4 4h16",
  labels: "M4 3h16v18H4zM8 7h3v3H8zM13 7h3v3h-3zM8 14h3v3H8zM13 14h3v3h-3z",
  sheet: "M5 3h14v18H5zM5 9h14M5 15h14M12 3v18",
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration: what it means stands beside it, or in its button's label. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
