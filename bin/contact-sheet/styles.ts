import type { PictureStyle } from "../../core/picture/picture-style.ts";

/** What each picture of the sheet says. */
export const SHEET_TEXT = "https://qr.example.com/scan/qr_3fJk29dLmPqR";

/** Logos as a tenant might send them. */
export const SHEET_LOGOS: Record<string, string> = {
  cup: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="12" fill="#7a3b12"/><path d="M6 8h10v5a4 4 0 0 1-4 4h-2a4 4 0 0 1-4-4zM16 9h1.5a2 2 0 0 1 0 5H16" fill="none" stroke="#fff" stroke-width="1.6"/><path d="M9 3.5v2.5M12.5 3.5v2.5" stroke="#fff" stroke-width="1.4"/></svg>`,
  leaf: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M3 21C2 9 9 3 21 3c1 12-5 18-15 15z" fill="#1d7a3d"/><path d="M3 21C8 14 12 11 17 8" fill="none" stroke="#fff" stroke-width="1.5"/></svg>`,
  wide: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 20"><rect width="48" height="20" rx="5" fill="#0b4aa2"/><path d="M8 15l5-11 5 11M10 11h6M34 6a5 5 0 1 0 0 8" fill="none" stroke="#fff" stroke-width="2.4"/><circle cx="25" cy="10" r="4.4" fill="none" stroke="#ffc400" stroke-width="2.4"/></svg>`,
  drop: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><defs><linearGradient id="g" x2="0" y2="1"><stop offset="0" stop-color="#39c0ff"/><stop offset="1" stop-color="#0033aa"/></linearGradient></defs><path d="M12 1c5 7 8 10 8 14a8 8 0 0 1-16 0c0-4 3-7 8-14z" fill="url(#g)"/></svg>`,
};

/** The sheet's pictures, by what they show. */
export const SHEET_STYLES: readonly (readonly [name: string, style: PictureStyle])[] = [
  ["plain", {}],
  ["rounded modules", { modules: "rounded" }],
  ["dots", { modules: "dots" }],
  ["rounded finders", { finders: "rounded" }],
  ["rounded, both", { modules: "rounded", finders: "rounded" }],
  ["dots, rounded finders", { modules: "dots", finders: "rounded" }],
  ["navy on ivory", { color: "#003366", background: "#fff8e7" }],
  ["three colours", { color: "#222222", ring: "#8a1538", eye: "#003d7c", finders: "rounded" }],
  ["at the contrast bound", { modules: "dots", color: "#7f7f7f" }],
  ["transparent", { modules: "rounded", background: "transparent", color: "#1b3a1b" }],
  ["level L", { ecc: "L", modules: "rounded" }],
  ["level H", { ecc: "H", modules: "rounded" }],
  ["line", { frame: "line", finders: "rounded" }],
  ["line and caption", { frame: "line", caption: "Scan me", modules: "rounded", finders: "rounded" }],
  ["banner", { frame: "banner", caption: "Scan me", color: "#5a1a8b", modules: "dots", finders: "rounded" }],
  ["caption alone", { caption: "Table 12", margin: 4 }],
  ["accents", { frame: "banner", caption: "Größe & Façade", color: "#7a3b12" }],
  ["Greek and Cyrillic", { frame: "line", caption: "Σάρωση · Меню" }],
  ["a logo at M", { logo: "cup", modules: "rounded", finders: "rounded", color: "#3a1f0d" }],
  ["a logo at Q", { logo: "leaf", ecc: "Q", color: "#14532d", modules: "dots", finders: "rounded" }],
  ["a logo at H", { logo: "drop", ecc: "H", color: "#00306e" }],
  ["a wide logo", { logo: "wide", ecc: "H", ring: "#0b4aa2", finders: "rounded" }],
  [
    "logo and banner",
    {
      logo: "cup",
      ecc: "H",
      frame: "banner",
      caption: "Order here",
      color: "#7a3b12",
      modules: "rounded",
      finders: "rounded",
    },
  ],
  [
    "everything",
    {
      ...{
        logo: "drop",
        ecc: "H",
        modules: "dots",
        finders: "rounded",
        color: "#00306e",
        ring: "#8a1538",
        eye: "#00306e",
      },
      ...{ background: "#eef6ff", frame: "line", caption: "Free water!" },
    },
  ],
];
