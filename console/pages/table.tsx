import type { ComponentType } from "preact";
import type { Texts } from "../i18n/en.ts";
import type { IconName } from "../parts/icon.tsx";
import { CodesPage } from "./codes/codes-page.tsx";
import type { PageProps } from "./page-props.ts";

export interface PageEntry {
  /** The first part of its address, behind `#/`. */
  name: string;
  icon: IconName;
  label(texts: Texts): string;
  /** Loaded when it is opened, unless everybody opens it first. */
  load: () => Promise<ComponentType<PageProps>> | ComponentType<PageProps>;
  /** Whether it stands in the list of pages. */
  isListed?: boolean;
  /** The scope without which it makes no sense. */
  needs?: "qr:write" | "qr:admin";
}

/** Every page, in the order of the list. A new one is a line here and a folder beside this file. */
export const PAGES: readonly PageEntry[] = [
  { name: "codes", icon: "codes", label: ({ nav }) => nav.codes, load: () => CodesPage, isListed: true },
  {
    name: "new",
    icon: "plus",
    label: ({ nav }) => nav.newCode,
    load: async () => (await import("./new-code/new-code-page.tsx")).NewCodePage,
    needs: "qr:write",
  },
  {
    name: "code",
    icon: "codes",
    label: ({ nav }) => nav.codes,
    load: async () => (await import("./code/code-page.tsx")).CodePage,
  },
  {
    name: "design",
    icon: "brush",
    label: ({ design }) => design.title,
    load: async () => (await import("./design/design-page.tsx")).DesignPage,
  },
  {
    name: "sheets",
    icon: "labels",
    label: ({ sheets }) => sheets.title,
    load: async () => (await import("./sheets/sheets-page.tsx")).SheetsPage,
  },
  {
    name: "overview",
    icon: "chart",
    label: ({ nav }) => nav.overview,
    load: async () => (await import("./overview/overview-page.tsx")).OverviewPage,
    isListed: true,
  },
  {
    name: "import",
    icon: "upload",
    label: ({ nav }) => nav.import,
    load: async () => (await import("./import/import-page.tsx")).ImportPage,
    needs: "qr:write",
  },
  {
    name: "keys",
    icon: "key",
    label: ({ nav }) => nav.keys,
    load: async () => (await import("./keys/keys-page.tsx")).KeysPage,
    isListed: true,
    needs: "qr:admin",
  },
  {
    name: "trash",
    icon: "trash",
    label: ({ nav }) => nav.trash,
    load: async () => (await import("./trash/trash-page.tsx")).TrashPage,
    isListed: true,
  },
  {
    name: "service",
    icon: "pulse",
    label: ({ nav }) => nav.service,
    load: async () => (await import("./service/service-page.tsx")).ServicePage,
    isListed: true,
  },
];
